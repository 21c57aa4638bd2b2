"""A film, at its own pace, as a camera would have given it; or frame by frame."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from backend.media.film import Film, open_film
from backend.scene import Picture
from backend.watch.mailbox import now
from backend.watch.shot import Shot

if TYPE_CHECKING:
    from av.video.frame import VideoFrame


class FilmSource:
    """Ends with the film."""

    comes_back = False

    def __init__(self, path: Path, *, every: bool) -> None:
        self.name = str(path)
        self._path, self._every = path, every

    def shots(self, stop: Event) -> Iterator[Shot]:
        with open_film(self._path) as film:
            began = now()
            for number, (time, frame) in enumerate(film.every(), 1):
                if stop.is_set() or (not self._every and stop.wait(max(0.0, began + time - now()))):
                    return
                yield _shot(film, frame, number, time)


def _shot(film: Film, frame: VideoFrame, number: int, time: float) -> Shot:
    def picture() -> Picture:
        return film.picture(frame, time)

    return Shot(number, time, now(), picture)
