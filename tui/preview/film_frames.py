"""Frames of films among pictures: `film.mp4@00:12.40` is a name like a file's, and whoever shows pictures need not know more.

The film itself stands for its first frame.
"""

from __future__ import annotations

import re
from pathlib import Path

from backend.errors import UnreadableFilm
from backend.extras import MissingExtra
from backend.media.film import open_film
from backend.media.folder import is_film
from backend.scene import Picture
from backend.scene.moments import seconds, stamp

_FRAME = re.compile(r"(?P<film>.+)@(?P<time>(?:\d+:)?\d\d:\d\d\.\d\d)")


def frame_path(film: Path, time: float) -> Path:
    """The name of the frame that is shown at a time, seconds."""
    return film.with_name(f"{film.name}@{stamp(time)}")


def film_of(path: Path) -> Path | None:
    """The film that a path names, or names a frame of; None for a picture."""
    parted = _parted(path)
    return parted[0] if parted else None


def load_frame(path: Path) -> tuple[Picture, float]:
    """The frame that a path names, and when the film's last frame is shown, seconds. Raises UnreadableFilm."""
    parted = _parted(path)
    assert parted is not None
    film, time = parted
    try:
        with open_film(film) as opened:
            return next(opened.frames([time])), opened.info.last
    except MissingExtra as error:
        raise UnreadableFilm(film, error.message, cure=error.cure) from error


def _parted(path: Path) -> tuple[Path, float] | None:
    if is_film(path):
        return path, 0.0
    named = _FRAME.fullmatch(path.name)
    if named is None or not is_film(named["film"]):
        return None
    return path.with_name(named["film"]), seconds(named["time"]) or 0.0
