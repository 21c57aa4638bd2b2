"""Things whose distance is known beside their place in a depth map: from the user, or from the model's solid boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.errors import UsageError
from backend.language import _
from backend.sanitise import one_line
from backend.scene import Box, Box3D
from backend.spatial.box3d import NEAR, rotation
from backend.spatial.camera import Camera
from backend.spatial.depth.sampling import FindingDepth

GIVEN, ESTIMATED = "given", "the model's estimate"
FARTHEST = 10_000.0
"""Metres that a known distance may have."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One thing with both numbers."""

    name: str
    value: float
    """In the depth map's numbers."""
    metres: float
    """Along the camera's axis."""
    source: str
    """`given` by the user, or `the model's estimate`."""


def known_distances(texts: Sequence[str]) -> dict[str, float]:
    """NAME=METRES, as the user gives them. Raises UsageError for what cannot be meant."""
    known: dict[str, float] = {}
    for text in texts:
        name, equals, number = text.rpartition("=")
        name = name.strip()
        try:
            metres = float(number.strip().removesuffix("m").strip())
        except ValueError:
            metres = -1.0
        if not (equals and name and NEAR < metres <= FARTHEST):
            raise UsageError(
                _("“{text}” is no known distance").format(text=one_line(text, 60)),
                cure=_('write NAME=METRES, such as --known "fridge=2.4"'),
            )
        if name in known:
            raise UsageError(
                _("the distance of “{name}” was given twice").format(name=one_line(name, 40)), cure=_("give it once")
            )
        known[name] = metres
    return known


def solid_anchors(pairs: Sequence[tuple[Box, Box3D]], found: Mapping[str, FindingDepth], camera: Camera) -> list[Anchor]:
    """Of rectangles with their solid boxes: the distance at which the ray through a rectangle's middle meets the box.

    Rectangles that the map knows nothing of, or that others lie over, and boxes that the ray misses, give none.
    """
    made = []
    for box, solid in pairs:
        depth = found.get(box.id)
        metres = met(solid, camera, box.centre)
        if depth is not None and not depth.shared and metres is not None:
            made.append(Anchor(box.label or box.id, depth.value, metres, ESTIMATED))
    return made


def met(solid: Box3D, camera: Camera, pixel: tuple[float, float]) -> float | None:
    """Z at which the ray through a pixel enters a solid box (slabs, Kay and Kajiya 1986); None where it passes by."""
    across, down = camera.direction(*pixel)
    along = (across, down, 1.0)
    axes = tuple(zip(*rotation(solid.pitch, solid.yaw, solid.roll), strict=True))
    enter, leave = NEAR, float("inf")
    for axis, size in zip(axes, solid.size, strict=True):
        middle = sum(a * c for a, c in zip(axis, solid.centre, strict=True))
        rate = sum(a * b for a, b in zip(axis, along, strict=True))
        if abs(rate) < 1e-12:
            if abs(middle) > size / 2:
                return None
            continue
        near, far = sorted(((middle - size / 2) / rate, (middle + size / 2) / rate))
        enter, leave = max(enter, near), min(leave, far)
    return enter if enter < leave else None
