"""The vocabulary: what is seen, what is claimed about it, and the only code that moves coordinates between frames.

A model answers in 0…1000 of the window it was shown (or in pixels of the raster it was given); people and files want
pixels of the *upright original*: the picture after EXIF rotation, the only frame anything outside the engine sees.
Every conversion passes through that original, so a wrong box can only have been made wrong here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture: upright, RGB, eight bits a channel."""

    name: str
    """What messages call it: the path as the user gave it, or `-` for standard input."""
    width: int
    height: int
    """Of the upright original: the frame of every coordinate."""
    rgb: bytes = field(repr=False)
    """Rows from the top, three bytes a pixel, of `stored_size`: the pixels of the original, or fewer where it is very large."""
    sha256: str
    """Of the file's bytes as they were read."""
    path: Path | None = None
    notes: tuple[str, ...] = ()
    """What decoding had to decide (first frame of an animation, 16 bits reduced to 8, scaled down …), for the user."""
    stored_width: int = 0
    stored_height: int = 0
    """Size of `rgb` where it was reduced while decoding; 0 means that of the original. Coordinates never use it."""

    @property
    def stored_size(self) -> tuple[int, int]:
        """Width and height of `rgb`, for whoever looks at pixels."""
        return self.stored_width or self.width, self.stored_height or self.height

    def whole(self) -> Window:
        """The window that shows everything."""
        return Window(0.0, 0.0, float(self.width), float(self.height))


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the original that the model saw: the whole picture, or a crop of it (pixels of the upright original)."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Raster:
    """The pixels a model is given: a window stretched to sides that are exact multiples of 32 (one image token each 32×32).

    Stretched rather than letterboxed, so that 0…1000 of the raster is 0…1000 of the window, linearly and per axis.
    """

    width: int
    height: int
    rgb: bytes = field(repr=False)

    @property
    def tokens(self) -> int:
        """Image tokens this raster costs: one per 32×32 pixels."""
        return self.width * self.height // 1024


class Units(StrEnum):
    """How a model writes coordinates."""

    REL1000 = "rel1000"
    """0…1000 of the window (Qwen2-VL, Qwen3-VL)."""
    PIXELS = "pixels"
    """Pixels of the raster it was given (Qwen2.5-VL)."""


@dataclass(frozen=True, slots=True)
class View:
    """How one picture was shown to the model: which window of it, on a raster of which size, answered in which units."""

    picture: Picture
    window: Window
    raster_width: int
    raster_height: int
    units: Units = Units.REL1000

    def to_original(self, x: float, y: float) -> tuple[float, float]:
        """A point in the model's units → pixels of the upright original."""
        across, down = (
            (1000.0, 1000.0) if self.units is Units.REL1000 else (float(self.raster_width), float(self.raster_height))
        )
        return self.window.left + x / across * self.window.width, self.window.top + y / down * self.window.height

    def from_original(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of the upright original → a point in the model's units; the inverse of `to_original`."""
        across, down = (
            (1000.0, 1000.0) if self.units is Units.REL1000 else (float(self.raster_width), float(self.raster_height))
        )
        return (x - self.window.left) / self.window.width * across, (y - self.window.top) / self.window.height * down


Attribute = tuple[str, str | float | bool | None]
"""Something a model said of a finding beside its name and its place: what it called it, and the value."""


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

    @classmethod
    def placed(cls, corners: Sequence[float], view: View, label: str = "", picture: int = 0) -> Self:
        """A box from the model's four numbers (x1, y1, x2, y2 in the view's units); swapped corners are put right.

        Values outside the picture are kept: whoever parses decides whether to clamp, and says so.
        """
        xa, ya = view.to_original(corners[0], corners[1])
        xb, yb = view.to_original(corners[2], corners[3])
        return cls(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb), label, picture)

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
        return _published(self, bbox=[round(v, 2) for v in (self.x1, self.y1, self.x2, self.y2)])


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


def _rounded(value: float | None, digits: int) -> float | None:
    """For the published JSON: no more digits than mean something."""
    return None if value is None else round(value, digits)


def _listed(span: Span | None) -> list[int] | None:
    return None if span is None else list(span)


def _published(finding: Finding, **place: Any) -> dict[str, Any]:
    """What every finding's JSON holds, around its own `place`."""
    return {
        "id": finding.id,
        "label": finding.label,
        **place,
        "picture": finding.picture,
        "confidence": _rounded(finding.confidence, 4),
        "attributes": dict(finding.attributes),
    }


Span = tuple[int, int]
"""Where words stand in an answer's text: offsets of their first character and of the one after their last."""


class Ruling(StrEnum):
    """What geometry says about a claim."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Geometry's ruling on one claim, and why."""

    ruling: Ruling
    margin: float | None
    """Signed distance to the decision, in units of σ (the model's localisation error): positive supports the claim."""
    reason: str
    """One sentence with the numbers behind it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A relation that the answer states: subject, relation, object, in a named frame; `verdict` once geometry has looked."""

    subject: str
    relation: str
    """One of left_of, right_of, above, below."""
    object: str
    frame: str = "camera"
    subject_id: str = ""
    object_id: str = ""
    """Findings that ground the two names; empty where nothing was found."""
    verdict: Verdict | None = None
    text_span: Span | None = None
    """The words of the answer's text that state it; None where it is only the question's."""

    def as_dict(self) -> dict[str, Any]:
        verdict = self.verdict
        return {
            "subject": self.subject,
            "relation": self.relation,
            "object": self.object,
            "frame": self.frame,
            "subject_id": self.subject_id,
            "object_id": self.object_id,
            "text_span": _listed(self.text_span),
            "verdict": None
            if verdict is None
            else {
                "ruling": verdict.ruling.value,
                "margin_sigma": _rounded(verdict.margin, 2),
                "reason": verdict.reason,
            },
        }


@dataclass(frozen=True, slots=True)
class Tag:
    """A spatial word of an answer's text."""

    word: str
    """left, right, above, below, front, behind, between, near, inside or on, whatever the language."""
    text: str
    """As it stands there."""
    span: Span

    def as_dict(self) -> dict[str, Any]:
        return {"word": self.word, "text": self.text, "text_span": _listed(self.span)}
