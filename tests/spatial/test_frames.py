"""Three frames and the ways between them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scene import Box3D
from backend.spatial.box3d import corners
from backend.spatial.frames import NO_HEADING, Viewer, from_object, to_object

metres = st.floats(-20, 20)
spots = st.tuples(metres, metres, metres)
boxes = st.builds(Box3D, spots, st.tuples(*[st.floats(0.1, 5)] * 3), *[st.floats(-4, 4)] * 3)
QUARTER = math.pi / 2


@given(boxes, spots)
def test_there_and_back(box: Box3D, spot: tuple[float, float, float]) -> None:
    assert from_object(to_object(spot, box), box) == pytest.approx(spot, abs=1e-9)
    assert math.hypot(*to_object(spot, box)) == pytest.approx(math.dist(spot, box.centre))


@given(boxes)
def test_a_boxs_corners_are_half_its_size_away_along_its_own_axes(box: Box3D) -> None:
    for corner in corners(box):
        assert [abs(value) for value in to_object(corner, box)] == pytest.approx([side / 2 for side in box.size])


def test_z_of_the_object_lies_along_its_yaw() -> None:
    turned = Box3D((1, 0, 5), (1, 1, 4), 0, QUARTER, 0)  # its own Z points to the camera's right
    assert to_object((3, 0, 5), turned) == pytest.approx((0, 0, 2))
    assert to_object((1, 0, 4), turned) == pytest.approx((1, 0, 0))


def test_half_a_turn_is_the_same_box_so_there_is_no_front() -> None:
    one, other = (Box3D((0, 0, 5), (1, 1, 4), 0, yaw, 0) for yaw in (0, math.pi))
    assert {tuple(round(v, 9) for v in corner) for corner in corners(one)} == {
        tuple(round(v, 9) for v in corner) for corner in corners(other)
    }
    assert to_object((1, 0, 5), one)[0] == pytest.approx(-to_object((1, 0, 5), other)[0]), "left and right are exchanged"
    assert "no front" in NO_HEADING
    assert "camera frame" in NO_HEADING


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        (0, (1, 0.5, 2)),  # as the camera looks
        (math.pi, (-1, 0.5, -2)),  # towards the camera: left and right are exchanged
        (QUARTER, (-2, 0.5, 1)),  # to the camera's right: what is farther away is at the left
        (-QUARTER, (2, 0.5, -1)),
    ],
)
def test_what_a_viewer_sees(heading: float, wanted: tuple[float, float, float]) -> None:
    assert Viewer((0, 0, 4), heading).sees((1, 0.5, 6)) == pytest.approx(wanted)


def test_somebody_who_faces_the_camera() -> None:
    viewer = Viewer.facing((0, 0, 4), (0, 1.6, 0))
    assert abs(viewer.heading) == pytest.approx(math.pi)
    assert viewer.sees((1, 0, 4))[0] == pytest.approx(-1), "the camera's right is their left"


def test_an_object_whose_heading_is_told_has_a_left() -> None:
    car = Box3D((0, 0, 6), (2, 1.5, 4), 0, 0, 0, "car")
    assert Viewer.inside(car, math.pi).sees((1.5, 0, 6))[0] < 0  # comes towards us: our right is the car's left
    assert Viewer.inside(car, 0).sees((1.5, 0, 6))[0] > 0


@given(spots, spots, spots)
def test_a_viewer_keeps_distances_and_looks_ahead(
    at: tuple[float, float, float], target: tuple[float, float, float], spot: tuple[float, float, float]
) -> None:
    if math.hypot(target[0] - at[0], target[2] - at[2]) < 1e-3:
        return
    viewer = Viewer.facing(at, target)
    assert math.hypot(*viewer.sees(spot)) == pytest.approx(math.dist(at, spot), abs=1e-9)
    x, _, z = viewer.sees(target)
    assert x == pytest.approx(0, abs=1e-6)
    assert z > 0


def test_who_looks_straight_down_has_no_left() -> None:
    with pytest.raises(ValueError, match="left"):
        Viewer.facing((0, 0, 4), (0, 2, 4))
