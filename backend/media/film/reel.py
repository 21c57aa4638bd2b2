"""One pass through a film: the frame that is shown at a time, for times that only grow.

It is decoded forward, and wound on by seeking only where a key frame lies between here and there. Where a film cannot be
wound, or says it was and stands elsewhere, it is decoded from its beginning: slower, and right.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from backend.media.film.source import opened
from backend.scene.moments import CLOSE

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_WORTH_WINDING = 5.0
"""Seconds to the wanted time from which seeking is tried where the container does not tell where its key frames are."""
_EARLIER = 10.0
"""Seconds before the wanted time at which seeking is tried once more."""
_GUESSED_FPS = 25.0

Timed: TypeAlias = "tuple[float, VideoFrame]"
"""Seconds from the film's first frame, and the frame that is shown from then on."""


def packets(container: InputContainer, track: VideoStream) -> Iterator[Packet[VideoStream]]:
    """What is left of a track; it ends where the container cannot be read any further."""
    import av

    left = container.demux(track)
    while True:
        try:
            yield next(left)
        except (StopIteration, av.FFmpegError):
            return
        except IndexError:  # PyAV 18 flushes, behind our track, tracks that it did not know when it began (damaged MPEG-TS)
            return


class Reel:
    """A film being played. `close` it; not thread-safe."""

    container: InputContainer
    track: VideoStream
    _shown: Timed | None
    _next: Timed | None

    def __init__(self, path: Path, zero: float | None = None, *, key_frames_only: bool = False) -> None:
        """`zero`: what the container calls the time of the first frame, seconds; found out where None."""
        self.path = path
        self._key_frames_only = key_frames_only
        self._stack = ExitStack()
        self._zero = zero
        self._winds = True
        self.damaged = 0
        """Frames that could not be decoded so far."""
        self._rewind()

    @property
    def zero(self) -> float:
        """What the container calls the time of the film's first frame, seconds."""
        return self._zero or 0.0

    @property
    def fps(self) -> float:
        """On average, as the container says or FFmpeg guesses."""
        rate = self.track.average_rate or self.track.guessed_rate or self.track.base_rate
        return float(rate) if rate and 0 < rate <= 10_000 else _GUESSED_FPS

    def at(self, time: float) -> Timed | None:
        """The frame that is shown at `time`: the first one before it, the last one after it; None where there is none."""
        if self._next is not None and self._key_frame_between(time):
            self._wind(time)
        while self._next is not None and (self._shown is None or self._next[0] <= time + CLOSE):
            if self._shown is not None and self._next[0] <= self._shown[0]:
                self._next = self._taken()  # out of order: shown never
                continue
            self._shown, self._next = self._next, self._taken()
        return self._shown

    def __iter__(self) -> Iterator[Timed]:
        """Every frame from here on, in the order they are shown."""
        while self._next is not None:
            self._shown, self._next = self._next, self._taken()
            yield self._shown

    def close(self) -> None:
        self._stack.close()

    def _rewind(self) -> None:
        self._stack.close()
        self.container, self.track = self._stack.enter_context(opened(self.path))
        if self._key_frames_only:
            self.track.codec_context.skip_frame = "NONKEY"
        self._start()

    def _start(self) -> None:
        """From where the container now stands."""
        self._frames = self._decoded()
        self._shown = None
        self._next = self._taken()

    def _taken(self) -> Timed | None:
        return next(self._frames, None)

    def _decoded(self) -> Iterator[Timed]:
        import av

        untimed = 0
        for packet in packets(self.container, self.track):
            if packet.is_corrupt:  # the last one of a file that was cut off
                self.damaged += 1
                continue
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self.damaged += 1
                continue
            for frame in frames:
                if frame.is_corrupt:
                    self.damaged += 1
                    continue
                if frame.pts is None or frame.time_base is None:  # a bare stream has no times, only an order
                    self._winds = False
                    yield untimed / self.fps, frame
                    untimed += 1
                    continue
                time = float(frame.pts * frame.time_base)
                if self._zero is None:
                    self._zero = time
                yield time - self._zero, frame

    def _key_frame_between(self, time: float) -> bool:
        """Whether winding on saves anything."""
        assert self._next is not None
        here = self._next[0]
        if not self._winds or time <= here + 1 / self.fps:
            return False
        if self.track.time_base is None:
            return False
        index = self.track.index_entries
        if not len(index):
            return time > here + _WORTH_WINDING
        number = index.search_timestamp(self._ticks(time), backward=True)
        if number < 0:
            return False
        if number == len(index) - 1:  # of an index that is filled while reading: nobody knows what follows
            return time > here + _WORTH_WINDING
        return index[number].timestamp > self._ticks(here)

    def _ticks(self, time: float) -> int:
        assert self.track.time_base is not None
        return round((time + self.zero) / self.track.time_base)

    def _wind(self, time: float) -> None:
        """Stand at a frame at or before `time`."""
        import av

        for target in (time, time - _EARLIER):
            try:
                self.container.seek(self._ticks(max(0.0, target)), stream=self.track, backward=True)
            except av.FFmpegError:
                break
            self._start()
            if self._next is not None and self._next[0] <= time + CLOSE:
                return
        self._winds = False
        self._rewind()
