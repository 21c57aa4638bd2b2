"""The numbers of a finding as JSON gave them, made into groups of the size that its kind has."""

from __future__ import annotations

import math
import re

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
"""As models write coordinates."""

FARTHEST = 1e6
"""Metres; a solid box with any number beyond it, in metres or in half turns, is no estimate of anything."""


def number_groups(value: object, size: int) -> list[list[float]] | None:
    """`value` as rows of `size` finite numbers or more: one flat list, or a list of lists. None where it is neither."""
    if not isinstance(value, list) or not value:
        return None
    rows = value if all(isinstance(row, list) for row in value) else [value]
    groups: list[list[float]] = []
    for row in rows:
        if len(row) < size or any(isinstance(number, bool) for number in row[:size]):
            return None
        try:
            numbers = [float(number) for number in row[:size]]
        except (TypeError, ValueError, OverflowError):
            return None
        if not finite(numbers):
            return None
        groups.append(numbers)
    return groups


def surplus(value: object, size: int) -> int:
    """How many rows of such a `value` hold more than `size` entries."""
    if not isinstance(value, list):
        return 0
    rows = value if all(isinstance(row, list) for row in value) else [value]
    return sum(len(row) > size for row in rows)


def finite(numbers: list[float] | tuple[float, ...]) -> bool:
    return all(math.isfinite(number) for number in numbers)
