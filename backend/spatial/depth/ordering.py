"""Which of two findings a depth map puts nearer, and by how much in units of their own spread: it need not measure to order."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from backend.language import N_, _
from backend.scene import DepthMap, DepthUnit
from backend.spatial.depth.sampling import LEAST_STEP, FindingDepth, span

NEEDED = 2.0
"""Spreads (MAD) by which two findings must be apart for one to count as the nearer (SPATIAL conventions)."""


@dataclass(frozen=True, slots=True)
class Order:
    """How much nearer the first of two findings is; positive: nearer."""

    margin: float
    """In MADs of the two together."""
    first: FindingDepth
    second: FindingDepth

    @property
    def nearer(self) -> bool | None:
        """Whether the first is the nearer; None where they are not apart enough to tell."""
        return self.margin > 0 if abs(self.margin) > NEEDED else None

    @property
    def numbers(self) -> str:
        """Both depths with their spreads, as they stand in a sentence."""
        unit = _(_UNITS[self.first.unit])
        one, two = (f"{found.value:.3g} ± {found.spread:.2g}" for found in (self.first, self.second))
        return _("{one} against {two}{unit}").format(one=one, two=two, unit=unit)


_UNITS = {
    DepthUnit.INVERSE: N_(" (relative, larger is nearer)"),
    DepthUnit.UP_TO_SCALE: N_(" (distance up to scale)"),
    DepthUnit.METRES: " m",
}


def order(depth: DepthMap, first: FindingDepth, second: FindingDepth) -> Order:
    """Compare two findings of one map, by inverse depth whatever its unit: among distances a far horizon would make all that is
    near seem the same. What differs by less than a hundredth of the map's span counts as equally far."""
    (one, spread), (two, other) = _inverse(first), _inverse(second)
    apart, together = one - two, max(math.hypot(spread, other), LEAST_STEP * _inverse_span(depth))
    return Order(apart / together if together > 0 else 0.0, first, second)


def _inverse(found: FindingDepth) -> tuple[float, float]:
    """Inverse depth and its spread: δ(1/Z) = δZ / Z²."""
    if found.unit is DepthUnit.INVERSE:
        return found.value, found.spread
    return 1 / found.value, found.spread / found.value**2


def _inverse_span(depth: DepthMap) -> float:
    import numpy as np

    if depth.unit is DepthUnit.INVERSE:
        return span(depth)
    known = np.isfinite(depth.values) & (depth.values > 0)
    inverse = np.divide(1, depth.values, out=np.full_like(depth.values, np.nan), where=known)
    return span(replace(depth, values=inverse))


def nearest_first(found: Mapping[str, FindingDepth]) -> list[str]:
    """The ids from the nearest to the farthest by their medians alone; of one map."""
    inverse = any(one.unit is DepthUnit.INVERSE for one in found.values())
    return sorted(found, key=lambda id_: -found[id_].value if inverse else found[id_].value)
