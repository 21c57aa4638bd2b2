"""The page from above: footprints, wedge, ticks."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.scene import Box, Box3D, Finding
from backend.spatial.camera import Camera
from backend.spatial.topdown import FARTHEST, footprint, hull, plan
from backend.synthetic import EVALUATION_SEEDS, footprints
from backend.synthetic.perspective import draw_solids
from tests.spatial.solids import true_solids

spots = st.tuples(st.floats(-50, 50), st.floats(-50, 50))
CAMERA = Camera.from_hfov(640, 480)


@pytest.mark.parametrize("degrees", [20, 60, 90, 120])
def test_the_wedge_opens_by_half_the_field_of_view_to_each_side(degrees: float) -> None:
    page = plan([Box3D((0, 0, 5), (1, 1, 1), 0, 0, 0)], Camera.from_hfov(1000, 700, degrees))
    for (start, end), sign in zip(page.wedge, (-1, 1), strict=True):
        assert start == (0, 0)
        assert math.degrees(math.atan2(end[0], end[1])) == pytest.approx(sign * degrees / 2)


def test_a_footprint_of_an_upright_box() -> None:
    assert set(footprint(Box3D((1, 0, 5), (2, 9, 4), 0, 0, 0))) == {(0, 3), (2, 3), (2, 7), (0, 7)}


def test_a_box_that_leans_covers_more_ground() -> None:
    lying = footprint(Box3D((0, 0, 5), (1, 3, 1), math.pi / 2, 0, 0))
    assert sorted({round(z, 6) for _, z in lying}) == [3.5, 6.5]
    leaning = footprint(Box3D((0, 0, 5), (1, 3, 1), 0.4, 0.3, 0.2))
    assert 4 < len(leaning) <= 8


@given(st.integers(0, 2 * EVALUATION_SEEDS))
@settings(max_examples=40, deadline=None)
def test_footprints_are_those_of_the_generator(seed: int) -> None:
    scene = draw_solids(seed)
    for item, solid in zip(scene.objects, true_solids(scene), strict=True):
        wanted = sorted((round(x, 6), round(z, 6)) for x, z in item.footprint)
        assert sorted({(round(x, 6), round(z, 6)) for x, z in footprint(solid)}) == wanted


@given(st.lists(spots, min_size=3, max_size=30))
def test_a_hull_holds_every_point_and_only_given_ones(points: list[tuple[float, float]]) -> None:
    around = hull(points)
    assert set(around) <= set(points)
    if len(around) > 2:
        for a, b in zip(around, (*around[1:], *around[:1]), strict=True):
            for point in points:
                assert (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) >= -1e-6
        assert footprints.area(around) == pytest.approx(footprints.area(footprints.hull(points)))


def test_hulls_without_area() -> None:
    assert hull([]) == ()
    assert hull([(1, 2), (1, 2)]) == ((1, 2),)
    assert hull([(0, 0), (1, 1), (2, 2)]) == ((0, 0), (2, 2))


def test_numbers_follow_from_the_whole_list() -> None:
    findings: list[Finding] = [
        Box(0, 0, 9, 9, "a"),
        Box3D((0, 0, 5), (1, 1, 1), 0, 0, 0, "b"),
        Box3D((2, 0, 7), (1, 1, 1), 0, 0, 0, "c"),
    ]
    assert [(one.index, one.label) for one in plan(findings, CAMERA).footprints] == [(1, "b"), (2, "c")]


def test_what_is_too_far_is_left_out_and_counted() -> None:
    page = plan([Box3D((0, 0, 5), (1, 1, 1), 0, 0, 0), Box3D((0, 0, 2 * FARTHEST), (1, 1, 1), 0, 0, 0)], CAMERA)
    assert (len(page.footprints), page.left_out) == (1, 1)
    assert page.far[1] < 10


@given(
    st.lists(
        st.builds(
            Box3D,
            st.tuples(*[st.floats(-1e5, 1e5)] * 3),
            st.tuples(*[st.floats(1e-6, 1e5)] * 3),
            *[st.floats(-9, 9)] * 3,
        ),
        max_size=5,
    )
)
@settings(max_examples=60)
def test_the_page_holds_the_camera_and_every_footprint(boxes: list[Box3D]) -> None:
    page = plan(boxes, CAMERA)
    assert len(page.footprints) + page.left_out == len(boxes)
    for x, z in ((0.0, 0.0), *(spot for one in page.footprints for spot in one.hull)):
        assert page.near[0] < x < page.far[0]
        assert page.near[1] < z < page.far[1]
    assert 1 <= len(page.distances) <= 12
    assert all(0 < z <= page.far[1] for z in page.distances)
    assert round(page.step / 10 ** math.floor(math.log10(page.step) + 1e-9)) in (1, 2, 5)
    left, top = page.at((page.near[0], page.far[1]), 10)
    assert (left, top) == (0, 0)
