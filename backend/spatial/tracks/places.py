"""Places in the picture that a user names: a rectangle that things come into, or a line that they cross."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

Spot = tuple[float, float]
"""x, y in pixels of the upright original."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle with a name, pixels of the upright original, x1 < x2 and y1 < y2."""

    name: str
    x1: float
    y1: float
    x2: float
    y2: float

    @classmethod
    def parsed(cls, text: str) -> Self:
        """From `NAME=x1,y1,x2,y2`, corners in any order. Raises ValueError, which says why."""
        name, (xa, ya, xb, yb) = _four(text)
        if xa == xb or ya == yb:
            raise ValueError("it is empty")
        return cls(name, min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

    def depth(self, spot: Spot) -> float:
        """How far inside a spot lies, pixels to the nearest edge; negative outside."""
        x, y = spot
        inside = min(x - self.x1, self.x2 - x, y - self.y1, self.y2 - y)
        if inside >= 0:
            return inside
        return -math.hypot(max(self.x1 - x, 0.0, x - self.x2), max(self.y1 - y, 0.0, y - self.y2))


@dataclass(frozen=True, slots=True)
class Line:
    """A line with a name, from one spot to another, pixels of the upright original."""

    name: str
    x1: float
    y1: float
    x2: float
    y2: float

    @classmethod
    def parsed(cls, text: str) -> Self:
        """From `NAME=x1,y1,x2,y2`. Raises ValueError, which says why."""
        name, (xa, ya, xb, yb) = _four(text)
        if (xa, ya) == (xb, yb):
            raise ValueError("it has no length")
        return cls(name, xa, ya, xb, yb)

    def side(self, spot: Spot) -> float:
        """Distance from the endless line, pixels; positive to the right of whoever goes from its first spot to its second."""
        along, down = self.x2 - self.x1, self.y2 - self.y1
        return (along * (spot[1] - self.y1) - down * (spot[0] - self.x1)) / math.hypot(along, down)

    def is_met(self, start: Spot, end: Spot) -> bool:
        """Whether the way from one side to the other goes over the line itself, and not past its ends."""
        before, after = self.side(start), self.side(end)
        if before == after:
            return False
        share = before / (before - after)
        x, y = start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
        along, down = self.x2 - self.x1, self.y2 - self.y1
        place = ((x - self.x1) * along + (y - self.y1) * down) / (along**2 + down**2)
        return 0 <= place <= 1


def _four(text: str) -> tuple[str, tuple[float, float, float, float]]:
    name, equals, numbers = text.rpartition("=")
    if not equals or not name.strip():
        raise ValueError("it has no name before a “=”")
    parts = numbers.split(",")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        raise ValueError("after “=” stand four numbers with commas between them") from None
    if len(values) != 4 or not all(math.isfinite(value) for value in values):
        raise ValueError("after “=” stand four numbers with commas between them")
    return name.strip(), (values[0], values[1], values[2], values[3])
