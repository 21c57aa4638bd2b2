"""Where a film cuts from one scene to the next: seen in how much each frame differs from the one before it.

A cut differs from movement in that it is over with one frame. So a difference counts where it is large and stands out from
its neighbours, which is the idea of PySceneDetect's adaptive detector. That compares with the neighbours' mean; here it is
the largest of them, so that a flash, which is two large differences, is no scene. Fades and dissolves last, and are not found.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.media.film.sampling import Span

if TYPE_CHECKING:
    from backend.media.film.film import Film

LEAST_CHANGE = 15.0
"""Mean absolute difference of two frames, in grey levels of 255 over the three channels, below which nothing is a cut."""
STANDS_OUT = 2.0
"""Times that it must be the largest of its neighbours."""
_NEIGHBOURS = 2
"""On each side."""
SHORTEST = 0.3
"""Seconds: of two cuts closer than that only the first counts (a flash)."""
_SIDE = 32
"""Pixels: frames are compared reduced to a square of that side, in which noise and small movement vanish."""
LONG = 1200.0
"""Seconds of film from which on only key frames are compared: encoders place one at most cuts, and all frames would take
minutes."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A part of the film between two cuts, seconds."""

    start: float
    end: float

    @property
    def middle(self) -> float:
        """The time of the frame that stands for it."""
        return (self.start + self.end) / 2


def scenes(film: Film, part: Span) -> tuple[Scene, ...]:
    """The scenes in a part of a film, in order; one where nothing cuts. Decodes all of it up to the part's end."""
    start, end = part
    edges = [start, *(time for time in cuts(film, end) if start < time <= end), max(start, end)]
    return tuple(Scene(a, b) for a, b in itertools.pairwise(edges))


def cuts(film: Film, until: float | None = None, stopped: Callable[[], bool] = lambda: False) -> tuple[float, ...]:
    """When each scene but the first begins, seconds. Of as much as was looked at before `stopped` says that it is enough."""
    times, changes = _changes(film, film.info.duration if until is None else until, stopped)
    return tuple(standing_out(times, changes))


def standing_out(times: Sequence[float], changes: Sequence[float]) -> list[float]:
    """The times whose change is that of a cut."""
    found: list[float] = []
    for at, change in enumerate(changes):
        around = [*changes[max(0, at - _NEIGHBOURS) : at], *changes[at + 1 : at + 1 + _NEIGHBOURS]]
        if change < LEAST_CHANGE or change < STANDS_OUT * max(around, default=0.0):
            continue
        if not found or times[at] - found[-1] >= SHORTEST:
            found.append(times[at])
    return found


def _changes(film: Film, until: float, stopped: Callable[[], bool]) -> tuple[list[float], list[float]]:
    """The time of each frame but the first, and how much it differs from the one before."""
    import av
    import numpy as np

    times, changes, before = [], [], None
    for time, frame in film.every(key_frames_only=film.info.duration > LONG):
        if time > until or stopped():
            break
        try:
            small = frame.reformat(_SIDE, _SIDE, "rgb24", interpolation="AREA").to_ndarray().astype(np.int16)
        except av.FFmpegError:  # a damaged frame, of whose colours nothing is known
            continue
        if before is not None:
            times.append(time)
            changes.append(float(np.abs(small - before).mean()))
        before = small
    return times, changes
