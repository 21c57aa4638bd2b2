"""Convex polygons: which of two footprints hides the other, and how much of one outline another covers.

Footprints lie in the ground plane (X right, Z forward, metres, the camera at the origin), outlines in the picture (pixels).
For upright solids on disjoint convex footprints everything about occlusion is decided here, exactly and without looking at
a picture: a line that separates two footprints is a wall between the solids, and the one on the camera's side of the wall
cannot be hidden by the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]
Polygon = Sequence[Point]


def rectangle(centre: Point, size: Point, turn: float) -> tuple[Point, ...]:
    """The corners of a rectangle of `size` (along its own X and Z) turned by `turn` radians about the downward axis: the
    ground plane's part of Ry."""
    cos, sin = math.cos(turn), math.sin(turn)
    halves = [(a * size[0] / 2, b * size[1] / 2) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    return tuple((centre[0] + cos * dx + sin * dz, centre[1] - sin * dx + cos * dz) for dx, dz in halves)


def wall(a: Polygon, b: Polygon) -> tuple[float, int]:
    """The widest gap between two convex polygons along the normals of their sides, and which of them (−1: `a`, 1: `b`) is on
    the camera's side of the wall in it; a gap below zero means that they meet."""
    widest, nearer = -math.inf, 0
    for polygon in (a, b):
        for (x1, z1), (x2, z2) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
            length = math.hypot(x2 - x1, z2 - z1)
            nx, nz = (z2 - z1) / length, (x1 - x2) / length
            of_a, of_b = [x * nx + z * nz for x, z in a], [x * nx + z * nz for x, z in b]
            gap = max(min(of_a) - max(of_b), min(of_b) - max(of_a))
            if gap > widest:
                middle = (min(of_a) + max(of_b)) / 2 if min(of_a) > max(of_b) else (min(of_b) + max(of_a)) / 2
                # The camera's own place along any normal is 0.
                widest, nearer = gap, -1 if (min(of_a) > max(of_b)) == (middle < 0) else 1
    return widest, nearer


def hull(points: Polygon) -> tuple[Point, ...]:
    """The convex hull, all its corners turning the same way (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    chains: list[list[Point]] = []
    for run in (ordered, ordered[::-1]):
        chain: list[Point] = []
        for x, y in run:
            while len(chain) > 1:
                (x1, y1), (x2, y2) = chain[-2:]
                if (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) > 0:
                    break
                chain.pop()
            chain.append((x, y))
        chains.append(chain[:-1])
    return tuple(chains[0] + chains[1])


def area(polygon: Polygon) -> float:
    """Enclosed area; positive for the order in which `hull` lists corners."""
    pairs = zip(polygon, (*polygon[1:], *polygon[:1]), strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def shared(a: Polygon, b: Polygon) -> float:
    """Area that two hulls have in common (Sutherland and Hodgman: `a` clipped by every side of `b`)."""
    rest = list(a)
    for (x1, y1), (x2, y2) in zip(b, (*b[1:], b[0]), strict=True):
        inside = [(x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) for x, y in rest]
        kept: list[Point] = []
        for n, (x, y) in enumerate(rest):
            before = n - 1
            if (inside[n] >= 0) != (inside[before] >= 0):
                share = inside[before] / (inside[before] - inside[n])
                kept.append((rest[before][0] + share * (x - rest[before][0]), rest[before][1] + share * (y - rest[before][1])))
            if inside[n] >= 0:
                kept.append((x, y))
        if len(kept) < 3:
            return 0.0
        rest = kept
    return area(rest)
