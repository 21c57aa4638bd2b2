"""What a mere turn of the camera explains: a rotation of all lines of sight, found among matches of which many are mistakes.

Two lines of sight fix a rotation (Kabsch, A solution for the best rotation to relate two sets of vectors, 1976); pairs of
matches are drawn, and the one that most others agree with is fitted to all of these (RANSAC).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

_DRAWS = 100
"""Pairs; with half of the matches wrong, all of them miss once in 10¹²."""


def turn_alone(a: Array, b: Array, near: float) -> tuple[Array, Mask]:
    """The rotation (3, 3) that most matches agree with, and which do, within `near` (at a focal length of 1).

    `a`, `b`: X and Y at Z = 1 of the same marks in both pictures, shape (N, 2), at least two. The same every time.
    """
    import numpy as np

    rays, seen = _rays(a), _rays(b)
    draw, best = np.random.default_rng(0), np.zeros(len(a), dtype=bool)
    turned = np.eye(3)
    for _ in range(_DRAWS):
        two = draw.choice(len(a), 2, replace=False)
        proposed = _kabsch(rays[two], seen[two])
        agree = np.linalg.norm(rays @ proposed.T - seen, axis=1) < near
        if agree.sum() > best.sum():
            best, turned = agree, proposed
    for _ in range(3):
        if best.sum() >= 2:
            turned = _kabsch(rays[best], seen[best])
            best = np.linalg.norm(rays @ turned.T - seen, axis=1) < near
    return turned, best


def _rays(points: Array) -> Array:
    """Unit vectors, shape (N, 3)."""
    import numpy as np

    rays = np.column_stack([points, np.ones(len(points))])
    made: Array = rays / np.linalg.norm(rays, axis=1, keepdims=True)
    return made


def _kabsch(rays: Array, seen: Array) -> Array:
    """The rotation that turns `rays` (N, 3) onto `seen` with least squares."""
    import numpy as np

    u, _, v = np.linalg.svd(seen.T @ rays)
    made: Array = u @ np.diag([1.0, 1.0, np.linalg.det(u) * np.linalg.det(v)]) @ v
    return made
