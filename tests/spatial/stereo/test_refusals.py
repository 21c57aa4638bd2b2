"""Pairs that tell no depth as they are given: each is refused in one sentence that names the pictures, with a cure."""

from __future__ import annotations

import dataclasses

import pytest

from backend.scene import Distortion, LensModel, Picture
from backend.spatial.stereo import PairRefused, calibrated_pair, measure, measure_free, rectified_pair
from backend.synthetic.stereo import Viewpoint, pinhole
from tests.spatial.rooms import CAMERA, as_picture, shot, view
from tests.spatial.stereo.test_measuring import BESIDE, BROWN, RIGHT, calibration

NAMES = ("l.png", "r.png")


def pair_of(left: Picture, right: Picture, baseline: float | None = 0.12) -> None:
    measure(rectified_pair(left, right, CAMERA, baseline), NAMES)


def test_pictures_of_different_size() -> None:
    small = as_picture(shot(3).picture.resize((160, 120)), "small.png")
    with pytest.raises(PairRefused, match=r"different sizes: “view.png” 320×240 px, “small.png” 160×120 px"):
        pair_of(view(3), small)
    with pytest.raises(PairRefused, match="different sizes"):
        calibrated_pair(view(3), small, calibration(BROWN, BESIDE))


@pytest.mark.parametrize("baseline", [0.0, -0.1, float("nan"), float("inf")])
def test_a_baseline_that_is_none(baseline: float) -> None:
    with pytest.raises(PairRefused, match="measures nothing") as refused:
        pair_of(view(3), view(3, RIGHT), baseline)
    assert "--baseline" in refused.value.cure


@pytest.mark.parametrize("length", [0.0, -1.0])
def test_a_way_of_free_views_that_is_none(length: float) -> None:
    with pytest.raises(PairRefused, match="measures nothing"):
        measure_free(view(3), view(3, Viewpoint((0.5, 0.0, 0.1))), CAMERA, length=length)


def test_left_and_right_swapped() -> None:
    with pytest.raises(PairRefused, match=r"swapped: what “l.png” shows lies further right in “r.png”") as refused:
        pair_of(view(3, RIGHT), view(3))
    assert "left picture first" in refused.value.cure


def test_one_picture_twice() -> None:
    with pytest.raises(PairRefused, match="taken from one place"):
        pair_of(view(3), view(3))


@pytest.mark.parametrize(
    "place",
    [Viewpoint((0.12, 0.06, 0.0)), Viewpoint((0.12, 0.0, 0.0), (0.0, 0.0, 2.0)), BESIDE],
    ids=["higher", "rolled", "askew"],
)
def test_a_pair_that_is_not_rectified(place: Viewpoint) -> None:
    with pytest.raises(PairRefused, match=r"“l.png” and “r.png” are not rectified: the same marks lie \d+\.\d px") as refused:
        pair_of(view(3), view(3, place))
    assert "--calibration" in refused.value.cure


def test_rows_that_are_a_little_off_are_said() -> None:
    low = dataclasses.replace(pinhole(320, 240), cy=119.5 + 0.9)
    stereo = measure(rectified_pair(view(3), view(3, RIGHT, low), CAMERA, 0.12))
    assert len(stereo.notes) == 1
    assert "rows are 0.9 px apart" in stereo.notes[0]


def test_cameras_that_look_towards_each_other() -> None:
    with pytest.raises(PairRefused, match=r"not parallel: \d+% of the marks"):
        pair_of(view(3), view(3, Viewpoint((0.12, 0.0, 0.0), (0.0, -0.9, 0.0))))


def test_a_calibration_of_other_cameras() -> None:
    wrong = calibration(BROWN, Viewpoint((0.12, 0.0, 0.0), (-2.0, 1.0, -1.0)))
    with pytest.raises(PairRefused, match="rectified by this calibration, the same marks still lie") as refused:
        measure(calibrated_pair(view(3, lens=BROWN), view(3, BESIDE, BROWN), wrong), NAMES, calibrated=True)
    assert "calibrate again" in refused.value.cure


def test_a_calibration_of_pictures_of_another_shape() -> None:
    wide = calibration(pinhole(640, 360), BESIDE)
    with pytest.raises(PairRefused, match="calibration of the left camera is not of these pictures"):
        calibrated_pair(view(3), view(3, BESIDE), wide)


def test_a_calibration_with_its_cameras_swapped() -> None:
    swapped = calibration(BROWN, Viewpoint((-0.12, 0.0, 0.0)))
    with pytest.raises(PairRefused, match="to the left of the left one"):
        calibrated_pair(view(3), view(3, RIGHT), swapped)


def test_a_calibration_with_one_camera_before_the_other() -> None:
    before = calibration(BROWN, Viewpoint((0.02, 0.0, 0.3)))
    with pytest.raises(PairRefused, match="before the other"):
        calibrated_pair(view(3), view(3, RIGHT), before)


def test_a_bent_lens_is_no_rectified_pair() -> None:
    bent = dataclasses.replace(CAMERA, distortion=Distortion(LensModel.BROWN, (-0.2, 0.0, 0.0, 0.0)))
    with pytest.raises(PairRefused, match="lens bends"):
        rectified_pair(view(3), view(3, RIGHT), bent, 0.12)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (Viewpoint(angles=(0.0, 6.0, 0.0)), "only turned"),
        (Viewpoint(angles=(0.0, 150.0, 0.0)), "marks"),
    ],
    ids=["turned", "elsewhere"],
)
def test_free_views_that_do_not_tell_the_motion(second: Viewpoint, said: str) -> None:
    with pytest.raises(PairRefused, match=said) as refused:
        measure_free(view(3), view(3, second), CAMERA)
    assert "view.png" in str(refused.value)
    assert refused.value.cure


def test_a_flat_wall_is_refused_with_a_cure() -> None:
    one, other = Viewpoint((0.0, 0.1, 8.5)), Viewpoint((0.3, 0.0, 8.4), (0.0, -5.0, 0.0))
    with pytest.raises(PairRefused, match="one plane") as refused:
        measure_free(view(3, one), view(3, other), CAMERA)
    assert "different distances" in refused.value.cure


def test_refusals_are_usage_errors() -> None:
    assert PairRefused("x").exit_code == 2
