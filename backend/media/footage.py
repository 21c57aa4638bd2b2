"""Frames in the order of time, from a film or from a folder of pictures: what is followed needs no more of either."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from backend.errors import UnreadablePicture, UsageError
from backend.language import _
from backend.media.folder import pictures_in
from backend.media.images import load
from backend.sanitise import quoted
from backend.scene import Picture

if TYPE_CHECKING:
    from backend.media.film import Film

FOLDER_FPS = 10.0
"""Frames a second that a folder of pictures is taken for, where nothing tells their times."""
FILM_FPS = 5.0
"""Frames a second that are looked at in a film."""
_STAMPED = re.compile(r"_(?:(\d+)-)?(\d+)-(\d\d\.\d\d)\Z")
"""The end of the names that `sightline frames --out` gives: `_01-12.40`."""


class Footage(Protocol):
    """Frames at known times."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright pictures, pixels."""
        ...

    @property
    def times(self) -> tuple[float, ...]:
        """Of the frames that are to be looked at, seconds, rising."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed or found amiss, for the user."""
        ...

    def frames(self, times: Sequence[float]) -> Iterator[Picture]:
        """The pictures shown at these times, in their order, each with its own time, as they are taken."""
        ...


@contextmanager
def opened(source: Path, fps: float | None, start: float | None, end: float | None) -> Iterator[Footage]:
    """A film, of which `fps` frames a second are looked at, or a folder of frames, of which all are, taken at `fps` a second.

    `start`, `end`: seconds, the whole where None. Raises UnreadableFilm, UnreadablePicture, UsageError and MissingExtra.
    """
    if source.is_dir():
        yield _Folder(source, fps, start, end)
        return
    from backend.media.film import open_film
    from backend.media.film.sampling import at_rate, span

    with open_film(source) as film:
        yield _FilmFootage(film, at_rate(span(film.info, start, end), fps or FILM_FPS))


class _FilmFootage:
    def __init__(self, film: Film, times: tuple[float, ...]) -> None:
        self._film = film
        self.size = film.info.width, film.info.height
        self.times = times
        self.notes = film.info.notes

    def frames(self, times: Sequence[float]) -> Iterator[Picture]:
        return self._film.frames(times)


class _Folder:
    def __init__(self, folder: Path, fps: float | None, start: float | None, end: float | None) -> None:
        paths = pictures_in(folder)
        if not paths:
            raise UsageError(
                _("there is no picture in {folder}").format(folder=quoted(folder)),
                cure=_("give a film, or a folder that holds its frames"),
            )
        stamped = [_time_in(path.stem) for path in paths]
        known = [time for time in stamped if time is not None]
        self.notes: tuple[str, ...] = ()
        if len(known) < len(paths):
            known = [number / (fps or FOLDER_FPS) for number in range(len(paths))]
            if fps is None:
                self.notes = (
                    _("nothing tells the times of these frames: taken for {folder_fps:g} a second (--fps)").format(
                        folder_fps=FOLDER_FPS
                    ),
                )
        elif len(set(known)) < len(known):
            raise UsageError(
                _("two frames in {folder} have the same time in their names").format(folder=quoted(folder)),
                cure=_("give one film's frames"),
            )
        first, last = -1.0 if start is None else start, float("inf") if end is None else end
        self._paths = {time: path for time, path in sorted(zip(known, paths, strict=True)) if first <= time <= last}
        if not self._paths:
            raise UsageError(
                _("no frame in {folder} lies between these times").format(folder=quoted(folder)), cure=_("give other times")
            )
        self.times = tuple(self._paths)
        picture = load(next(iter(self._paths.values())))
        self.size = picture.width, picture.height

    def frames(self, times: Sequence[float]) -> Iterator[Picture]:
        before = None
        for time in sorted(times):
            shown = max((known for known in self.times if known <= time + 1e-6), default=self.times[0])
            if shown == before:
                continue
            before = shown
            picture = load(self._paths[shown])
            if (picture.width, picture.height) != self.size:
                width, height = self.size
                raise UnreadablePicture(
                    self._paths[shown],
                    _("it is {width}×{height} where the first frame is {width_2}×{height_2}").format(
                        width=picture.width, height=picture.height, width_2=width, height_2=height
                    ),
                    cure=_("give the frames of one film in a folder of their own"),
                )
            yield replace(picture, time=shown)


def _time_in(stem: str) -> float | None:
    found = _STAMPED.search(stem)
    return None if found is None else int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3])
