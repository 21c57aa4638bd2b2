"""Solid boxes seen through a camera: corners, edges, and the part of the picture they cover.

Edges are clipped at a plane just before the camera rather than dropped: a table that reaches under the viewer is still
drawn as far as it can be seen.
"""

from __future__ import annotations

import math
from itertools import pairwise

from backend.scene import Box, Box3D
from backend.spatial.camera import Camera, Vector

NEAR = 0.05
"""Distance of the clipping plane, metres: nearer than anything a picture is taken of."""

EDGES = tuple((low, low | 1 << axis) for axis in range(3) for low in range(8) if not low >> axis & 1)
"""The twelve edges as pairs of corner indices: four along x, four along y, four along z."""

PIECES = 8
"""Of an edge that a lens bends, each drawn as a straight line."""

Segment = tuple[tuple[float, float], tuple[float, float]]
"""A line in pixels of the upright original."""


def corners(box: Box3D) -> tuple[Vector, ...]:
    """The eight corners in the camera frame. Bit 0, 1, 2 of an index tells which end of the x, y, z extent it is."""
    rows = rotation(box.pitch, box.yaw, box.roll)
    halves = [tuple((1 if index >> axis & 1 else -1) * box.size[axis] / 2 for axis in range(3)) for index in range(8)]
    return tuple(_moved(rows, half, box.centre) for half in halves)


def rotation(pitch: float, yaw: float, roll: float) -> tuple[Vector, Vector, Vector]:
    """The rows of Rz(roll) · Ry(yaw) · Rx(pitch); radians."""
    sin_x, cos_x = math.sin(pitch), math.cos(pitch)
    sin_y, cos_y = math.sin(yaw), math.cos(yaw)
    sin_z, cos_z = math.sin(roll), math.cos(roll)
    return (
        (cos_z * cos_y, cos_z * sin_y * sin_x - sin_z * cos_x, cos_z * sin_y * cos_x + sin_z * sin_x),
        (sin_z * cos_y, sin_z * sin_y * sin_x + cos_z * cos_x, sin_z * sin_y * cos_x - cos_z * sin_x),
        (-sin_y, cos_y * sin_x, cos_y * cos_x),
    )


def edges_ahead(box: Box3D, near: float = NEAR) -> list[tuple[Vector, Vector]]:
    """The edges as far as they lie beyond the plane Z = `near`, in the camera frame; none of a box wholly behind it."""
    points = corners(box)
    ahead = (_in_front(points[start], points[end], near) for start, end in EDGES)
    return [line for line in ahead if line is not None]


def wireframe(box: Box3D, camera: Camera, near: float = NEAR) -> list[Segment]:
    """The visible edges, projected; fewer than twelve, or none, where the box reaches behind the camera.

    Where the camera's lens bends straight lines, an edge is several pieces.
    """
    if not camera.distortion:
        return [(camera.project(start), camera.project(end)) for start, end in edges_ahead(box, near)]
    seen: list[Segment] = []
    for start, end in edges_ahead(box, near):
        spots = [camera.project(_between(start, end, piece / PIECES)) for piece in range(PIECES + 1)]
        seen += pairwise(spots)
    return seen


def outline(box: Box3D, camera: Camera, near: float = NEAR) -> Box | None:
    """The rectangle around what is in front of the camera, not cut at the picture's edge; None if nothing is."""
    ends = [end for segment in wireframe(box, camera, near) for end in segment]
    if not ends:
        return None
    across, down = [x for x, _ in ends], [y for _, y in ends]
    return Box(min(across), min(down), max(across), max(down), box.label, box.picture, box.confidence, box.id)


def _moved(rows: tuple[Vector, Vector, Vector], point: tuple[float, ...], shift: Vector) -> Vector:
    x, y, z = (sum(a * b for a, b in zip(row, point, strict=True)) + by for row, by in zip(rows, shift, strict=True))
    return x, y, z


def _between(start: Vector, end: Vector, share: float) -> Vector:
    x, y, z = (a + share * (b - a) for a, b in zip(start, end, strict=True))
    return x, y, z


def _in_front(start: Vector, end: Vector, near: float) -> tuple[Vector, Vector] | None:
    """The part of an edge beyond the near plane."""
    if start[2] < near and end[2] < near:
        return None
    if start[2] < near:
        return _at_plane(start, end, near), end
    if end[2] < near:
        return start, _at_plane(end, start, near)
    return start, end


def _at_plane(behind: Vector, ahead: Vector, near: float) -> Vector:
    """Where the edge between two points passes the plane Z = `near`."""
    share = (near - behind[2]) / (ahead[2] - behind[2])
    return behind[0] + share * (ahead[0] - behind[0]), behind[1] + share * (ahead[1] - behind[1]), near
