"""The scene from above: the camera's X–Z plane in metres, the camera at the origin, Z upwards on the page.

A footprint is the convex hull of the eight corners seen from above, whatever way the box is turned. The hull is written anew
rather than shared with the generator of drawn scenes: what tests this geometry must not be made of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backend.scene import Box3D, Finding
from backend.spatial.box3d import corners
from backend.spatial.camera import Camera

Spot = tuple[float, float]
"""X (right) and Z (forward), metres in the camera frame."""

FARTHEST = 1000.0
"""Metres; what reaches farther is left out, or everything else would shrink to a dot."""
SMALLEST = 2.0
"""Metres that the page shows at least."""
_ROOM = 0.06
_TICKS = 5


@dataclass(frozen=True, slots=True)
class Footprint:
    """Where one solid box stands."""

    index: int
    """Its place in the list of findings: number and colour follow from it."""
    label: str
    hull: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a page from above shows."""

    footprints: tuple[Footprint, ...]
    left_out: int
    """Solid boxes that are too far away to be drawn with the others."""
    near: Spot
    """Least X and Z on the page."""
    far: Spot
    """Greatest X and Z on the page."""
    step: float
    """Metres between two ticks: 1, 2 or 5 times a power of ten."""
    sides: Spot
    """X at Z = 1 of the left and right edge of what the camera sees."""

    @property
    def width(self) -> float:
        return self.far[0] - self.near[0]

    @property
    def depth(self) -> float:
        return self.far[1] - self.near[1]

    @property
    def wedge(self) -> tuple[tuple[Spot, Spot], tuple[Spot, Spot]]:
        """The edges of the field of view, from the camera to the end of the page: ±atan(W / 2f) of a centred camera."""
        reach = self.far[1]
        return ((0.0, 0.0), (self.sides[0] * reach, reach)), ((0.0, 0.0), (self.sides[1] * reach, reach))

    @property
    def distances(self) -> tuple[float, ...]:
        """Ticks along Z, in front of the camera."""
        return _ticks(max(0.0, self.near[1]), self.far[1], self.step)[1:]

    @property
    def offsets(self) -> tuple[float, ...]:
        """Ticks along X."""
        return _ticks(self.near[0], self.far[0], self.step)

    def at(self, spot: Spot, pixels_per_metre: float) -> tuple[float, float]:
        """Where a spot lies on the page: pixels from its top left corner."""
        return (spot[0] - self.near[0]) * pixels_per_metre, (self.far[1] - spot[1]) * pixels_per_metre


def footprint(box: Box3D) -> tuple[Spot, ...]:
    """The convex hull of a box's corners from above, counterclockwise on the page."""
    return hull([(x, z) for x, _, z in corners(box)])


def plan(findings: Sequence[Finding], camera: Camera) -> Plan:
    """The page for the solid boxes among these findings; the others keep their numbers and are not drawn."""
    solids = [(index, finding) for index, finding in enumerate(findings) if isinstance(finding, Box3D)]
    prints = [Footprint(index, box.label, footprint(box)) for index, box in solids]
    shown = tuple(one for one in prints if all(abs(value) <= FARTHEST for spot in one.hull for value in spot))
    across = [x for one in shown for x, _ in one.hull]
    along = [z for one in shown for _, z in one.hull]
    near, far = min([0.0, *along]), max([0.0, *along])
    left, right = camera.sides
    # The wedge is shown as wide as it is at the nearer half of the page; beyond that it may run off it.
    reach = max(far, SMALLEST)
    least, most = min([left * reach / 2, *across, 0.0]), max([right * reach / 2, *across, 0.0])
    room = _ROOM * max(reach - near, most - least)
    step = round_step(max(reach - near, most - least) / _TICKS)
    return Plan(shown, len(prints) - len(shown), (least - room, near - room), (most + room, reach + room), step, camera.sides)


def hull(points: Sequence[Spot]) -> tuple[Spot, ...]:
    """The corners of the convex hull, counterclockwise from the leftmost (Andrew's monotone chain); points on a side are
    left out. Of points on one line its two ends, of one point itself."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return tuple(ordered)
    lower, upper = _chain(ordered), _chain(ordered[::-1])
    return (*lower[:-1], *upper[:-1])


def round_step(wanted: float) -> float:
    """The least of 1, 2 and 5 times a power of ten that is not below `wanted`."""
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted * 0.999)


def _chain(ordered: Sequence[Spot]) -> list[Spot]:
    """The part of the hull to the right of the way through sorted points."""
    kept: list[Spot] = []
    for spot in ordered:
        while len(kept) >= 2 and _turn(kept[-2], kept[-1], spot) <= 0:
            del kept[-1]
        kept.append(spot)
    return kept


def _turn(a: Spot, b: Spot, c: Spot) -> float:
    """Positive where the way from a over b to c turns left."""
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


def _ticks(start: float, end: float, step: float) -> tuple[float, ...]:
    return tuple(n * step for n in range(math.ceil(start / step), math.floor(end / step) + 1))
