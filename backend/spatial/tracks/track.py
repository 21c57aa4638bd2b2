"""What following yields: sightings of one moment while it goes on, and tracks when it is over."""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from backend.scene import Corners


@dataclass(frozen=True, slots=True)
class Observation:
    """Where a thing was at one time."""

    time: float
    """Seconds from the start."""
    box: Corners
    """Pixels of the upright original."""
    confidence: float | None = None
    interpolated: bool = False
    """Nobody saw it then: its place lies on the straight way between two frames in which it was seen."""

    @property
    def centre(self) -> tuple[float, float]:
        """Pixels."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    def as_dict(self) -> dict[str, Any]:
        return {
            "time": round(self.time, 3),
            "bbox": [round(v, 2) for v in self.box],
            "confidence": None if self.confidence is None else round(self.confidence, 4),
            "interpolated": self.interpolated,
        }


def _time(seen: Observation) -> float:
    return seen.time


@dataclass(frozen=True, slots=True)
class Velocity:
    """How fast and which way something moves in the picture."""

    across: float
    """Widths of the picture per second, to the right."""
    down: float
    """Widths, not heights, of the picture per second, downwards: one unit for both, so that a direction has a meaning."""

    @property
    def speed(self) -> float:
        """Widths of the picture per second."""
        return math.hypot(self.across, self.down)

    @property
    def direction(self) -> float:
        """Degrees, 0 ≤ d < 360, counter-clockwise as one looks at the picture: 0 to the right, 90 upwards."""
        degrees = math.degrees(math.atan2(-self.down, self.across)) % 360
        return 0.0 if degrees == 360 else degrees

    def as_dict(self) -> dict[str, Any]:
        """The direction of what hardly moves is noise, and null."""
        moves = self.speed >= HARDLY
        return {"speed": round(self.speed, 4), "direction": round(self.direction, 1) if moves else None}


HARDLY = 0.01
"""Widths per second below which a direction means nothing."""


def fitted_velocity(observations: list[Observation] | tuple[Observation, ...], width: float) -> Velocity:
    """The slope of the least-squares line through the centres; 0 of fewer than two. `width`: of the picture, pixels."""
    if len(observations) < 2:
        return Velocity(0.0, 0.0)
    mean = sum(seen.time for seen in observations) / len(observations)
    spread = sum((seen.time - mean) ** 2 for seen in observations)
    if spread <= 0:
        return Velocity(0.0, 0.0)
    across, down = (sum((seen.time - mean) * seen.centre[axis] for seen in observations) / spread / width for axis in (0, 1))
    return Velocity(across, down)


@dataclass(frozen=True, slots=True)
class Track:
    """One thing from its first sight to its last."""

    id: str
    """`t1`, `t2`, … in the order in which they were sure; stable for as long as the thing is followed."""
    label: str
    """The name that most of its boxes had."""
    observations: tuple[Observation, ...]
    """In the order of time, gaps filled; never empty."""
    width: int
    """Of the picture, pixels: the unit of speed."""

    @property
    def begin(self) -> float:
        """Seconds."""
        return self.observations[0].time

    @property
    def end(self) -> float:
        """Seconds."""
        return self.observations[-1].time

    @property
    def seen(self) -> tuple[Observation, ...]:
        """Those that are not interpolated."""
        return tuple(one for one in self.observations if not one.interpolated)

    def velocity(self, time: float, window: float = 0.8) -> Velocity:
        """Over the observations at most half a window (seconds) before and after a time."""
        first = bisect.bisect_left(self.observations, time - window / 2 - 1e-9, key=_time)
        last = bisect.bisect_right(self.observations, time + window / 2 + 1e-9, key=_time)
        return fitted_velocity(self.observations[first:last], self.width)

    @property
    def mean_speed(self) -> float:
        """Length of the way by its duration, widths per second, over legs of half a second, so that noise adds little to it."""
        legs = [self.observations[0]]
        for one in self.observations[1:]:
            if one.time - legs[-1].time >= 0.5 or one is self.observations[-1]:
                legs.append(one)
        way = sum(math.dist(a.centre, b.centre) for a, b in pairwise(legs))
        return way / self.width / (self.end - self.begin) if self.end > self.begin else 0.0

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "label": self.label,
            "begin": round(self.begin, 3),
            "end": round(self.end, 3),
            "mean_speed": round(self.mean_speed, 4),
            "observations": [{**one.as_dict(), **self.velocity(one.time).as_dict()} for one in self.observations],
        }


@dataclass(frozen=True, slots=True)
class Sighting:
    """A track that counts, at the time of a step: seen then, or expected from how it moved before."""

    id: str
    label: str
    box: Corners
    """As it was found; where it was not, as it is expected. Pixels."""
    seen: bool
    last: Observation
    """When it was last seen."""
    stretch: Observation
    """Where the current stretch of sight, or the last one, began."""
    velocity: Velocity
    """As the filter knows it."""
    missed: int = 0
    """Frames since it was last seen."""

    @property
    def centre(self) -> tuple[float, float]:
        """Pixels."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True)
class Step:
    """What is known at one time."""

    time: float
    """Seconds from the start."""
    sightings: tuple[Sighting, ...]
    """All tracks that count and are not over."""
    ended: tuple[str, ...] = ()
    """Ids of tracks that are over since the last step: unseen for longer than the gap."""
