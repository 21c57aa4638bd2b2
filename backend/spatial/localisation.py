"""How far boxes lie from where things are: the robust spread of their edges (σ), and whether the error has a pattern.

Errors are taken about the truth, not about their own mean: a model that is always 2 % too far left is 2 % off. One box
that is nowhere near its thing must not decide, so medians are used throughout: σ = 1.4826 · median |error|, which is the
standard deviation where errors are Gaussian.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, median

from backend.scene import Box

GAUSSIAN = 1.4826
"""Standard deviations in a median absolute deviation."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A thing whose true box is known, and the box that was given for it; both in pixels of the upright original."""

    width: int
    height: int
    """Of the picture, pixels."""
    truth: Box
    said: Box | None
    """None where no box was given, or one around something else."""

    @property
    def errors(self) -> tuple[float, ...]:
        """Of the four edges, pixels, positive to the right and down; empty for a thing that was missed."""
        if self.said is None:
            return ()
        return tuple(said - true for said, true in zip(_edges(self.said), _edges(self.truth), strict=True))

    @property
    def longer(self) -> int:
        """The picture's longer side, pixels."""
        return max(self.width, self.height)


@dataclass(frozen=True, slots=True)
class AxisFit:
    """said = offset + scale · true along one axis, in shares of the picture's side there."""

    offset: float
    scale: float
    error: float
    """Standard error of the line at the ends of the axis, as a share of the side."""

    @property
    def displacement(self) -> float:
        """The most that the line moves anything within the picture, as a share of the side."""
        return max(abs(self.offset), abs(self.offset + self.scale - 1))

    @property
    def squeezed(self) -> bool:
        """Whether the axis shrank towards its middle, as it does when bars are added on both sides of a picture."""
        return self.scale < 1 and abs(self.offset - (1 - self.scale) / 2) < self.displacement / 2


def sigma_px(sightings: Iterable[Sighting]) -> float | None:
    """σ of the edges in pixels; None where nothing was found."""
    return _spread([error for sighting in sightings for error in sighting.errors])


def within_px(sightings: Iterable[Sighting], share: float) -> float | None:
    """The error in pixels that this share of all edges keeps within; None where nothing was found."""
    errors = sorted(abs(error) for sighting in sightings for error in sighting.errors)
    return errors[min(len(errors) - 1, int(share * len(errors)))] if errors else None


def sigma_share(sightings: Iterable[Sighting]) -> float | None:
    """σ of the edges as a share of the picture's longer side; None where nothing was found."""
    return _spread([error / sighting.longer for sighting in sightings for error in sighting.errors])


def fit_across(sightings: Iterable[Sighting]) -> AxisFit | None:
    """The horizontal pattern; None where too few edges were found to tell."""
    return _fitted([(s.truth, s.said, s.width) for s in sightings if s.said is not None], 0)


def fit_down(sightings: Iterable[Sighting]) -> AxisFit | None:
    """The vertical pattern; None where too few edges were found to tell."""
    return _fitted([(s.truth, s.said, s.height) for s in sightings if s.said is not None], 1)


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x1, box.y1, box.x2, box.y2


def _spread(errors: Sequence[float]) -> float | None:
    return GAUSSIAN * median(map(abs, errors)) if errors else None


def _fitted(found: Sequence[tuple[Box, Box, int]], axis: int) -> AxisFit | None:
    """A line by Theil and Sen's medians, which a quarter of wrong boxes does not turn."""
    pairs = [
        (_edges(truth)[edge] / side, _edges(said)[edge] / side) for truth, said, side in found for edge in (axis, axis + 2)
    ]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(pairs, 2) if abs(b[0] - a[0]) > 0.05]
    if len(pairs) < 8 or not slopes:
        return None
    scale = median(slopes)
    offset = median(said - scale * true for true, said in pairs)
    spread = _spread([said - offset - scale * true for true, said in pairs]) or 0.0
    middle = fmean(true for true, _ in pairs)
    reach = sum((true - middle) ** 2 for true, _ in pairs)
    return AxisFit(offset, scale, spread * math.sqrt(1 / len(pairs) + max(middle, 1 - middle) ** 2 / reach))
