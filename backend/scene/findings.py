"""What was found in a picture: boxes, points and solid boxes, in pixels of the upright original or metres of its camera."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from backend.scene.pictures import View, Window

Attribute = tuple[str, str | float | bool | None]
"""Something a model said of a finding beside its name and its place: what it called it, and the value."""


Corners = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels of the upright original."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A finding was asked for again on an enlarged part of the picture: what each look gave, and how far they agree."""

    window: Window
    """What was enlarged."""
    first: Corners
    second: Corners | None
    """None where nothing was found at the second look; the first then stands."""
    iou: float
    """Of the two, 0…1; 0 where there is no second."""

    def as_dict(self) -> dict[str, Any]:
        window = self.window
        return {
            "window": [round(v, 2) for v in (window.left, window.top, window.width, window.height)],
            "first": [round(v, 2) for v in self.first],
            "second": None if self.second is None else [round(v, 2) for v in self.second],
            "iou": round(self.iou, 4),
        }


@dataclass(frozen=True, slots=True)
class Box:
    """A labelled rectangle in pixels of the upright original, x1 ≤ x2 and y1 ≤ y2."""

    x1: float
    y1: float
    x2: float
    y2: float
    label: str = ""
    picture: int = 0
    """Which of the question's pictures it lies in, counted from 0."""
    confidence: float | None = None
    """Geometric mean of the four coordinates' probabilities to a hundredth of the picture, as they were sampled (0…1); None
    where the runtime gave none. How sure the model was, not how often it is right."""
    id: str = ""
    """Stable within one answer: `b1`, `b2`, … in the order in which they were said."""
    attributes: tuple[Attribute, ...] = ()
    found_by: str = "model"
    """Who says that it is there: `model`, or `ocr` for words that were read by a network of their own."""
    second_look: SecondLook | None = None

    @classmethod
    def placed(cls, corners: Sequence[float], view: View, label: str = "", picture: int = 0) -> Self:
        """A box from the model's four numbers (x1, y1, x2, y2 in the view's units); swapped corners are put right.

        Values outside the picture are kept: whoever parses decides whether to clamp, and says so.
        """
        xa, ya = view.to_original(corners[0], corners[1])
        xb, yb = view.to_original(corners[2], corners[3])
        return cls(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb), label, picture)

    @property
    def corners(self) -> Corners:
        return self.x1, self.y1, self.x2, self.y2

    @property
    def width(self) -> float:
        return self.x2 - self.x1

    @property
    def height(self) -> float:
        return self.y2 - self.y1

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x1 + self.x2) / 2, (self.y1 + self.y2) / 2

    def clamped(self, width: float, height: float) -> Self:
        """The part of the box inside a picture of that size."""
        x1, x2 = (min(max(x, 0.0), width) for x in (self.x1, self.x2))
        y1, y2 = (min(max(y, 0.0), height) for y in (self.y1, self.y2))
        return replace(self, x1=x1, y1=y1, x2=x2, y2=y2)

    def iou(self, other: Box) -> float:
        """Intersection over union, 0…1; two empty boxes overlap by 0."""
        across = max(0.0, min(self.x2, other.x2) - max(self.x1, other.x1))
        down = max(0.0, min(self.y2, other.y2) - max(self.y1, other.y1))
        union = self.area + other.area - across * down
        return across * down / union if union > 0 else 0.0

    def as_dict(self) -> dict[str, Any]:
        second = None if self.second_look is None else self.second_look.as_dict()
        found = _published(self, bbox=[round(v, 2) for v in self.corners])
        return {**found, "found_by": self.found_by, "second_look": second}


@dataclass(frozen=True, slots=True)
class Point:
    """A labelled spot in pixels of the upright original."""

    x: float
    y: float
    label: str = ""
    picture: int = 0
    confidence: float | None = None
    id: str = ""
    attributes: tuple[Attribute, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return _published(self, point=[round(self.x, 2), round(self.y, 2)])


@dataclass(frozen=True, slots=True)
class Box3D:
    """A labelled solid box in the camera frame: X right, Y down, Z forward, in metres *as the model estimates them*.

    The model is never told the camera, so these metres are its guess; every place that shows them says so.
    """

    centre: tuple[float, float, float]
    size: tuple[float, float, float]
    """Extents along the box's own axes before rotation, metres."""
    pitch: float
    yaw: float
    roll: float
    """Radians, applied as R = Rz(roll) · Ry(yaw) · Rx(pitch) (the official cookbook's code; its prose differs)."""
    label: str = ""
    picture: int = 0
    confidence: float | None = None
    id: str = ""
    attributes: tuple[Attribute, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return _published(
            self,
            centre=list(self.centre),
            size=list(self.size),
            rotation=[self.pitch, self.yaw, self.roll],
            unit="metres, estimated by the model",
        )


Finding = Box | Point | Box3D


def _published(finding: Finding, **place: Any) -> dict[str, Any]:
    """What every finding's JSON holds, around its own `place`."""
    return {
        "id": finding.id,
        "label": finding.label,
        **place,
        "picture": finding.picture,
        "confidence": None if finding.confidence is None else round(finding.confidence, 4),
        "attributes": dict(finding.attributes),
    }
