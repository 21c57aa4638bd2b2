"""Places as somebody in the scene sees them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scene import Box, Box3D, Claim, Ruling
from backend.spatial.frames import Viewer
from backend.spatial.relations import Grounds, Thing, judge

metres = st.floats(-20, 20)
spots = st.tuples(metres, metres, metres)
QUARTER = math.pi / 2


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


@pytest.mark.parametrize("yaw", [0.0, 0.3, math.pi, -2.8])
def test_an_objects_left_depends_on_which_of_its_ends_is_the_front(yaw: float) -> None:
    car = Box3D((0, 0, 6), (2, 1.5, 4), 0, yaw, 0, "car")
    assert Viewer.inside(car, facing_away=True).sees((3, 0, 6))[0] > 0
    assert Viewer.inside(car, facing_away=False).sees((3, 0, 6))[0] < 0  # comes towards us: our right is the car's left


@given(spots, st.floats(-4, 4), spots)
def test_a_viewer_keeps_distances(at: tuple[float, float, float], heading: float, spot: tuple[float, float, float]) -> None:
    assert math.hypot(*Viewer(at, heading).sees(spot)) == pytest.approx(math.dist(at, spot), abs=1e-9)


def test_a_claim_in_an_objects_frame_says_what_either_heading_would_mean() -> None:
    car = Thing(Box(100, 100, 200, 200, "car"), Box3D((0, 0, 6), (2, 1.5, 4), 0, 0, 0, "car"))
    bike = Thing(Box(250, 100, 300, 200, "bike"), Box3D((3, 0, 6), (1, 1, 1), 0, 0, 0, "bike"))
    verdict = judge(Claim("bike", "left_of", "car", "object"), Grounds(bike, car), 2.0)
    assert (verdict.ruling, verdict.margin) == (Ruling.UNDETERMINED, None)
    assert "needs the car's own heading" in verdict.reason
    assert "is 50 px right of" in verdict.reason, "in the camera frame"
    assert verdict.reason.endswith(
        "by the model's metres it is 3 m to its right if the car faces away from the camera, and to its left if it faces the "
        "camera"
    )
