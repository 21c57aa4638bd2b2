"""Arithmetic on repetitions: what is said of one series, and of two that were measured in turn.

A ratio is taken repetition by repetition, each side's value against the other's of the same turn, so that what slows the whole
machine down for a while slows both and cancels out. Its spread is that of these ratios.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Self


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed (nearest rank)."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]


@dataclass(frozen=True, slots=True)
class Figure:
    """A middle and how far the repetitions lie around it."""

    least: float
    median: float
    most: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        if not values:
            raise ValueError("no values")
        return cls(min(values), median(values), max(values), len(values))

    @property
    def spread(self) -> float:
        """From least to most, as a share of the median; 0 where the median is 0."""
        return (self.most - self.least) / abs(self.median) if self.median else 0.0


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Turn by turn; where one side has fewer turns, the rest of the other's has nothing to be compared with."""
    return [mine / other for mine, other in zip(ours, theirs, strict=False) if other]


def number(value: float) -> str:
    """Three digits that count: 0.0312, 1.74, 28.1, 1,204."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    for digits in (0, 1, 2):
        if abs(value) >= 10 ** (2 - digits):
            return f"{value:.{digits}f}"
    return f"{value:.3g}"
