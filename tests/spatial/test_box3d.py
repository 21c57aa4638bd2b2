"""Solid boxes against truths worked out by hand, and the convention of the angles."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scene import Box3D
from backend.spatial import box3d
from backend.spatial.camera import Camera

CAMERA = Camera(800, 600, 400, 400, 300)
UNIT = Box3D((0, 0, 4), (2, 2, 2), 0, 0, 0, "crate", id="s1")
QUARTER = math.pi / 2


def rounded(points: tuple[tuple[float, float, float], ...]) -> set[tuple[float, float, float]]:
    return {(round(x, 9) + 0.0, round(y, 9) + 0.0, round(z, 9) + 0.0) for x, y, z in points}


def test_corners_of_an_unturned_box() -> None:
    points = box3d.corners(UNIT)
    assert points[0] == (-1, -1, 3)
    assert points[7] == (1, 1, 5)
    assert points[1] == (1, -1, 3)
    assert points[2] == (-1, 1, 3)
    assert points[4] == (-1, -1, 5)


def test_the_twelve_edges_join_corners_that_differ_along_one_axis() -> None:
    assert len(set(box3d.EDGES)) == 12
    assert all((low ^ high).bit_count() == 1 for low, high in box3d.EDGES)


@pytest.mark.parametrize(
    ("angles", "wanted"),
    [
        ((QUARTER, 0, 0), ((1, 0, 0), (0, 0, -1), (0, 1, 0))),  # pitch: Y (down) turns to Z (forward)
        ((0, QUARTER, 0), ((0, 0, 1), (0, 1, 0), (-1, 0, 0))),  # yaw: Z (forward) turns to X (right)
        ((0, 0, QUARTER), ((0, -1, 0), (1, 0, 0), (0, 0, 1))),  # roll: X (right) turns to Y (down)
        ((QUARTER, QUARTER, 0), ((0, 1, 0), (0, 0, -1), (-1, 0, 0))),  # Ry · Rx, not Rx · Ry
    ],
)
def test_rotations(angles: tuple[float, float, float], wanted: tuple[tuple[float, ...], ...]) -> None:
    for row, truth in zip(box3d.rotation(*angles), wanted, strict=True):
        assert row == pytest.approx(truth, abs=1e-12)


def test_a_quarter_turn_exchanges_extents() -> None:
    turned = Box3D((0, 0, 10), (2, 4, 6), 0, QUARTER, 0)
    straight = Box3D((0, 0, 10), (6, 4, 2), 0, 0, 0)
    assert rounded(box3d.corners(turned)) == rounded(box3d.corners(straight))


@given(st.tuples(*[st.floats(-7, 7)] * 3))
def test_a_rotation_keeps_lengths_and_handedness(angles: tuple[float, float, float]) -> None:
    (a, b, c), (d, e, f), (g, h, i) = box3d.rotation(*angles)
    for row in ((a, b, c), (d, e, f), (g, h, i)):
        assert math.hypot(*row) == pytest.approx(1)
    assert a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g) == pytest.approx(1)


def test_outline_of_an_unturned_box() -> None:
    seen = box3d.outline(UNIT, CAMERA)  # the near face, 2 m wide at 3 m: 400 · 1 / 3 either side
    assert seen is not None
    assert (seen.x1, seen.y1, seen.x2, seen.y2) == pytest.approx((400 - 400 / 3, 300 - 400 / 3, 400 + 400 / 3, 300 + 400 / 3))
    assert (seen.label, seen.id) == ("crate", "s1")


def test_a_box_around_the_camera_is_clipped_not_dropped() -> None:
    around = Box3D((0, 0, 0), (2, 2, 2), 0, 0, 0)
    segments = box3d.wireframe(around, CAMERA, near=0.5)
    assert len(segments) == 8  # the far face, and four edges cut at the near plane
    seen = box3d.outline(around, CAMERA, near=0.5)
    assert seen is not None
    assert (seen.x1, seen.y1, seen.x2, seen.y2) == pytest.approx((400 - 800, 300 - 800, 400 + 800, 300 + 800))


def test_a_box_behind_the_camera_is_not_seen() -> None:
    behind = Box3D((0, 0, -4), (2, 2, 2), 0, 0, 0)
    assert box3d.wireframe(behind, CAMERA) == []
    assert box3d.outline(behind, CAMERA) is None


@given(
    st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 10)),
    st.tuples(*[st.floats(0.01, 4)] * 3),
    st.tuples(*[st.floats(-4, 4)] * 3),
)
def test_every_projected_end_lies_within_the_outline(
    centre: tuple[float, float, float], size: tuple[float, float, float], angles: tuple[float, float, float]
) -> None:
    box = Box3D(centre, size, *angles)
    seen = box3d.outline(box, CAMERA)
    segments = box3d.wireframe(box, CAMERA)
    assert (seen is None) == (not segments)
    if seen is not None:
        for x, y in (end for segment in segments for end in segment):
            assert seen.x1 <= x <= seen.x2
            assert seen.y1 <= y <= seen.y2
        if all(z > box3d.NEAR for _, _, z in box3d.corners(box)):
            assert len(segments) == 12


boxes = st.builds(
    Box3D,
    st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(-6, 10)),
    st.tuples(*[st.floats(0.01, 4)] * 3),
    *[st.floats(-4, 4)] * 3,
)
nears = st.floats(0.01, 3)


@given(boxes, nears)
def test_no_end_that_is_left_lies_before_the_near_plane(box: Box3D, near: float) -> None:
    for line in box3d.edges_ahead(box, near):
        for _, _, z in line:
            assert z >= near


@given(boxes, nears)
def test_clipping_never_lengthens_nor_leaves_the_edge(box: Box3D, near: float) -> None:
    points = box3d.corners(box)
    whole = [(points[a], points[b]) for a, b in box3d.EDGES if points[a][2] >= near or points[b][2] >= near]
    left = box3d.edges_ahead(box, near)
    assert len(left) == len(whole)
    for (start, end), (first, last) in zip(left, whole, strict=True):
        assert math.dist(start, end) <= math.dist(first, last) + 1e-9
        for spot in (start, end):
            assert math.dist(first, spot) + math.dist(spot, last) == pytest.approx(math.dist(first, last), abs=1e-6)


@given(boxes, nears)
def test_a_box_wholly_in_front_is_unchanged_and_one_wholly_behind_is_gone(box: Box3D, near: float) -> None:
    points = box3d.corners(box)
    if all(z >= near for _, _, z in points):
        assert box3d.edges_ahead(box, near) == [(points[a], points[b]) for a, b in box3d.EDGES]
    if all(z < near for _, _, z in points):
        assert box3d.edges_ahead(box, near) == []
        assert box3d.outline(box, CAMERA, near) is None


def test_an_edge_is_cut_where_it_passes_the_plane() -> None:
    # From Z = −1 to Z = 3 along X = Y = ±1: a quarter of the way is Z = 0, three eighths Z = ½.
    cut = box3d.edges_ahead(Box3D((0, 0, 1), (2, 2, 4), 0, 0, 0), near=0.5)
    along = [line for line in cut if line[0][2] != line[1][2]]
    assert len(cut) == 8
    assert sorted(along) == [((x, y, 0.5), (x, y, 3)) for x in (-1, 1) for y in (-1, 1)]
