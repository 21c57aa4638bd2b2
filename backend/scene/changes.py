"""What became of things between two pictures, and what the camera did meanwhile.

Pure values; `backend.spatial.changes` makes them of findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ChangeKind(StrEnum):
    """What became of a thing from the earlier picture to the later one."""

    MOVED = "moved"
    NEARER = "nearer"
    FARTHER = "farther"
    APPEARED = "appeared"
    DISAPPEARED = "disappeared"
    ENTERED_VIEW = "entered_view"
    """It is only in the later picture, in a place that the earlier one did not show."""
    LEFT_VIEW = "left_view"
    """It is only in the earlier picture, and its place lies outside the later one."""
    UNCHANGED = "unchanged"
    """Whatever changed of it is within what the boxes' error explains."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed in one respect, or in none; a thing that moved and came nearer has two of them."""

    kind: ChangeKind
    label: str
    before: int
    """The earlier picture, counted from 0, as in a finding's `picture`."""
    after: int
    """The later one."""
    before_id: str
    """The finding in the earlier picture; empty where there is none."""
    after_id: str
    """The finding in the later picture; empty where there is none."""
    displacement: tuple[float, float] | None
    """How far it went right and down, in pixels of the later picture, the camera's motion taken off; None where it was found in
    one picture only, or where what is seen of it does not tell."""
    displacement_sigma: float | None
    """The length of that in standard deviations of the error that the boxes' σ leaves in it."""
    scale: float | None
    """How many times as large it looks in the later picture, the camera's motion taken off; None where that is not known."""
    scale_sigma: float | None
    """How far the logarithm of `scale` is from 0, in standard deviations of its error; negative: it looks smaller."""
    reason: str
    """One sentence with the numbers."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "label": self.label,
            "pictures": [self.before, self.after],
            "before_id": self.before_id,
            "after_id": self.after_id,
            "displacement": None if self.displacement is None else [round(part, 2) for part in self.displacement],
            "displacement_sigma": _rounded(self.displacement_sigma),
            "scale": None if self.scale is None else round(self.scale, 4),
            "scale_sigma": _rounded(self.scale_sigma),
            "reason": self.reason,
        }


class MotionKind(StrEnum):
    """What is known of the camera between two pictures, of the things alone that were found in both."""

    STILL = "still"
    """Most of what both pictures show is where it was."""
    MOVED = "moved"
    """Most of it went the same way and grew or shrank alike."""
    UNKNOWN = "unknown"
    """Too few things are in both pictures, or they do not agree; the camera is then taken to have stood still."""


@dataclass(frozen=True, slots=True)
class CameraMotion:
    """Where a place of the earlier picture is in the later one: x′ = scale · x + shift, in pixels of the upright originals."""

    kind: MotionKind
    before: int
    """The earlier picture, counted from 0."""
    after: int
    scale: float
    """Of pictures of different size their ratio is in it."""
    shift: tuple[float, float]
    agreeing: int
    """Things in both pictures that this explains."""
    shared: int
    """Things in both pictures."""
    reason: str
    """One sentence with the numbers."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "pictures": [self.before, self.after],
            "scale": round(self.scale, 4),
            "shift": [round(part, 2) for part in self.shift],
            "agreeing": self.agreeing,
            "shared": self.shared,
            "reason": self.reason,
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
