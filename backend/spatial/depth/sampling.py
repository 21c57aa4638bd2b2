"""How far a finding is in a depth map: the median of what shows of it, and how much its parts differ.

A rectangle holds more than the thing: background in its corners, and whatever stands before it. So only its core is looked
at, without the parts that lie under other findings' rectangles, unless nothing would be left; and of that the median,
which neither a corner of background nor a hole moves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.scene import Box, DepthMap, DepthUnit, Finding, Point

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]
    Counts = npt.NDArray[np.int32]

CORE = 0.5
"""Of each side of a rectangle, the middle part that is looked at."""
LEAST_VISIBLE = 0.15
"""Of the core, or of the rectangle, that must be free of other rectangles to be enough."""
EVEN = 0.15
"""A map whose values span less than this share of their size says nothing: a flat thing, or a network at a loss."""
LEAST_STEP = 0.01
"""Of a map's span: what is not more apart than this is the same, however smooth the map is."""


@dataclass(frozen=True, slots=True)
class FindingDepth:
    """Depth of one finding, in the numbers of its map (`unit`: inverse depth, units or metres)."""

    value: float
    """Median over what was looked at."""
    spread: float
    """Median absolute deviation (MAD) about it: how deep the thing is, how slanted, and how unsure the map."""
    pixels: int
    """Of the map, that were looked at."""
    unit: DepthUnit
    shared: bool = False
    """Others' rectangles lie over all of it, so that what was looked at may be partly theirs."""

    def as_dict(self) -> dict[str, float | int | str | bool]:
        return {
            "value": round(self.value, 5),
            "spread": round(self.spread, 5),
            "pixels": self.pixels,
            "unit": self.unit.value,
            "shared": self.shared,
        }


def depth_of(depth: DepthMap, finding: Finding, others: Iterable[Box] = ()) -> FindingDepth | None:
    """Depth of a box, or at a point, without the parts under the boxes of `others`; all in pixels of the upright original.

    None for a solid box, which has metres of its own, and where the map knows nothing of the place.
    """
    return _looked_at(depth, finding, _layers(depth, [other for other in others if other != finding]))


def _layers(depth: DepthMap, boxes: Iterable[Box]) -> Counts:
    """How many of these rectangles lie over each pixel of the map."""
    import numpy as np

    layers: Counts = np.zeros(depth.values.shape, dtype=np.int32)
    for box in boxes:
        layers += covered(depth, box.corners)
    return layers


def _looked_at(depth: DepthMap, finding: Finding, over: Counts) -> FindingDepth | None:
    """`over`: how many rectangles of others lie over each pixel."""
    if isinstance(finding, Point):
        return _summed(depth, covered(depth, (finding.x, finding.y, finding.x, finding.y)), shared=False)
    if not isinstance(finding, Box) or finding.x2 < 0 or finding.y2 < 0:
        return None
    if finding.x1 > depth.width or finding.y1 > depth.height:
        return None
    whole, core = (covered(depth, _middle(finding, share)) for share in (1.0, CORE))
    free = over == 0
    for candidate in (core, whole):
        if (candidate & free).sum() >= LEAST_VISIBLE * candidate.sum():
            return _summed(depth, candidate & free, shared=False)
    return _summed(depth, core, shared=True)


def measured(depth: DepthMap, findings: Sequence[Finding]) -> dict[str, FindingDepth]:
    """Depth of all findings of one picture that the map knows something of, by their ids."""
    boxes = [finding for finding in findings if isinstance(finding, Box)]
    layers = _layers(depth, boxes)
    found = {}
    for finding in findings:
        own = covered(depth, finding.corners) if isinstance(finding, Box) else False
        found[finding.id] = _looked_at(depth, finding, layers - own)
    return {id_: one for id_, one in found.items() if one is not None}


def span(depth: DepthMap) -> float:
    """How far apart the map's values are, from the 2nd to the 98th percentile; 0 where nothing is known."""
    import numpy as np

    known = depth.values[np.isfinite(depth.values)]
    if not known.size:
        return 0.0
    low, high = np.percentile(known, (2, 98))
    return float(high - low)


def shows_depth(depth: DepthMap) -> bool:
    """Whether anything in it is nearer than anything else: not of a flat scene, nor of a map that is all the same."""
    import numpy as np

    known = depth.values[np.isfinite(depth.values)]
    return bool(known.size) and span(depth) > EVEN * float(np.percentile(np.abs(known), 98))


def _middle(box: Box, share: float) -> tuple[float, float, float, float]:
    (x, y), across, down = box.centre, box.width * share / 2, box.height * share / 2
    return x - across, y - down, x + across, y + down


def covered(depth: DepthMap, corners: tuple[float, float, float, float]) -> Mask:
    """The map's pixels whose middle lies in a rectangle of the original, at least the one at its own middle."""
    import numpy as np

    rows, columns = depth.values.shape
    x1, y1, x2, y2 = corners
    across, down = columns / depth.width, rows / depth.height
    left, right = math.ceil(x1 * across - 0.5), math.floor(x2 * across - 0.5)
    top, bottom = math.ceil(y1 * down - 0.5), math.floor(y2 * down - 0.5)
    if left > right:
        left = right = math.floor((x1 + x2) / 2 * across)
    if top > bottom:
        top = bottom = math.floor((y1 + y2) / 2 * down)
    mask = np.zeros((rows, columns), dtype=bool)
    left, top = max(0, min(left, columns - 1)), max(0, min(top, rows - 1))
    mask[top : max(bottom, top) + 1, left : max(right, left) + 1] = True
    return mask


def _summed(depth: DepthMap, mask: Mask, *, shared: bool) -> FindingDepth | None:
    import numpy as np

    values = depth.values[mask]
    values = values[np.isfinite(values)]
    if depth.unit is not DepthUnit.INVERSE:
        values = values[values > 0]
    if not values.size:
        return None
    middle = float(np.median(values))
    return FindingDepth(middle, float(np.median(np.abs(values - middle))), int(values.size), depth.unit, shared)
