"""A film that can be asked for its frames; what is found out about it when it is opened."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from backend.errors import UnreadableFilm
from backend.language import _, ngettext
from backend.media.film import frames
from backend.media.film.inspection import inspected
from backend.media.film.reel import Reel
from backend.scene import Picture

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

KEPT_PIXELS = 8_300_000
"""Of one frame, unless the caller wants fewer: 4K, four times what 2048 image tokens show. 25 MB each."""


def open_film(path: str | Path) -> Film:
    """The film in a file. Raises UnreadableFilm, which names the file, the reason and the cure, and MissingExtra (PyAV)."""
    return Film(Path(path), str(path))


class Film:
    """A film file. Use it in a `with` block: leaving it ends every iteration over its frames. Not thread-safe."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self._reels: list[Reel] = []
        reel = self._reel()
        try:
            first = reel.at(0.0)
            if first is None:
                raise UnreadableFilm(
                    name,
                    _("no frame of it can be decoded: it is damaged, or it holds no key frame to begin at"),
                    cure=_("copy it again, or convert it to MP4 with H.264"),
                )
            self._zero = reel.zero
            self._turn = frames.turn(first[1])
            self.info = inspected(name, reel, first[1], self._turn)
        except BaseException:
            reel.close()
            raise
        self._done(reel)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. Idempotent."""
        while self._reels:
            self._reels.pop().close()

    def frames(self, times: Iterable[float], most_pixels: int = KEPT_PIXELS) -> Iterator[Picture]:
        """The frames that are shown at these times (seconds), in the order of time, each once, decoded as they are taken.

        `Picture.time` is when a frame is first shown, at or before the time that was asked for; before the first frame and
        after the last one, these are given. Pixels beyond `most_pixels` are reduced; coordinates stay the film's. Frames that
        could not be decoded on the way are in a picture's notes.
        Raises ValueError for a time that is no number, UnreadableFilm where the file cannot be read any more.
        """
        wanted = sorted(set(times))
        if not all(map(math.isfinite, wanted)):
            raise ValueError("a film has no frame at a time that is no number")
        return self._frames(wanted, most_pixels)

    def every(self, *, key_frames_only: bool = False) -> Iterator[tuple[float, VideoFrame]]:
        """Each decoded frame with its time, as FFmpeg holds it: neither turned nor converted."""
        reel = self._reel(self._zero, key_frames_only=key_frames_only)
        try:
            yield from reel
        finally:
            self._done(reel)

    def picture(self, frame: VideoFrame, time: float, most_pixels: int = KEPT_PIXELS) -> Picture:
        """One of the frames of `every` as a Picture. May be called after the film was closed, and from another thread."""
        return frames.picture(frame, time, self.info, self.path, self._turn, most_pixels)

    def _frames(self, wanted: list[float], most_pixels: int) -> Iterator[Picture]:
        reel = self._reel(self._zero)
        given, damaged = -1.0, 0
        try:
            for time in wanted:
                shown = reel.at(max(0.0, time))
                if shown is not None and shown[0] > given:
                    given = shown[0]
                    picture = frames.picture(shown[1], given, self.info, self.path, self._turn, most_pixels)
                    if reel.damaged > damaged:
                        lost = reel.damaged - damaged
                        damaged = reel.damaged
                        said = ngettext(
                            "{count} frame of the film before it could not be decoded",
                            "{count} frames of the film before it could not be decoded",
                            lost,
                        ).format(count=lost)
                        picture = replace(picture, notes=(*picture.notes, said))
                    yield picture
        finally:
            self._done(reel)

    def _reel(self, zero: float | None = None, *, key_frames_only: bool = False) -> Reel:
        reel = Reel(self.path, zero, key_frames_only=key_frames_only)
        self._reels.append(reel)
        return reel

    def _done(self, reel: Reel) -> None:
        reel.close()
        if reel in self._reels:
            self._reels.remove(reel)
