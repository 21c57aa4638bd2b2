"""Which of these belongs to which of those, at the least total cost: the Hungarian method, SciPy's."""

from __future__ import annotations

import math
from collections.abc import Sequence

from backend.extras import need
from backend.language import _
from backend.scene import Corners

_NEVER = 1e9


def assigned(costs: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs (row, column) of least total cost, no row and no column twice; what costs infinity is never paired.

    Raises MissingExtra where SciPy is not installed.
    """
    if not costs or not costs[0] or all(math.isinf(cost) for row in costs for cost in row):
        return []
    need("scipy", extra="video", to=_("follow things over time"))
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    table = np.minimum(np.array(costs, dtype=float), _NEVER)
    rows, columns = linear_sum_assignment(table)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(row, column) for row, column in pairs if costs[row][column] < _NEVER]


def iou(first: Corners, second: Corners) -> float:
    """Intersection over union of two rectangles, 0…1."""
    shared = intersection(first, second)
    union = area(first) + area(second) - shared
    return shared / union if union > 0 else 0.0


def intersection(first: Corners, second: Corners) -> float:
    """Pixels² that two rectangles share."""
    across = min(first[2], second[2]) - max(first[0], second[0])
    down = min(first[3], second[3]) - max(first[1], second[1])
    return max(0.0, across) * max(0.0, down)


def area(box: Corners) -> float:
    """Pixels²."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
