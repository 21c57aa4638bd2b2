"""Calibrated cameras and what lenses do, held against OpenCV."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scene import Calibration, Distortion, LensModel, StereoCalibration

LENSES = {
    "barrel": Distortion(LensModel.BROWN, (-0.3, 0.1, 0.001, -0.002, 0.02)),
    "four coefficients": Distortion(LensModel.BROWN, (0.1, -0.05, 0.002, 0.001)),
    "rational, thin prism": Distortion(
        LensModel.RATIONAL, (0.5, 0.2, 0.001, -0.002, 0.01, 0.8, 0.3, 0.02, 0.01, -0.01, 0.02, 0.005)
    ),
    "fisheye": Distortion(LensModel.FISHEYE, (-0.02, 0.01, -0.003, 0.001)),
}
WITHIN = st.floats(-0.7, 0.7)
lenses = pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES.keys())


def opencv(lens: Distortion, x: float, y: float) -> Any:
    point, none = np.array([[[x, y, 1.0]]]), np.zeros(3)
    project = cv2.fisheye.projectPoints if lens.model is LensModel.FISHEYE else cv2.projectPoints
    return project(point, none, none, np.eye(3), np.array(lens.coefficients))[0].ravel()


@lenses
@given(x=WITHIN, y=WITHIN)
def test_a_lens_bends_as_opencv_says(lens: Distortion, x: float, y: float) -> None:
    assert lens.distort(x, y) == pytest.approx(opencv(lens, x, y), abs=1e-9)


@lenses
@given(x=WITHIN, y=WITHIN)
def test_what_is_bent_is_made_straight_again(lens: Distortion, x: float, y: float) -> None:
    assert lens.undistort(*lens.distort(x, y)) == pytest.approx((x, y), abs=1e-7)


def test_what_is_far_outside_is_not_folded_back_into_the_picture() -> None:
    lens = Distortion(LensModel.BROWN, (-0.3, 0.0, 0.0, 0.0))
    shown = [lens.distort(x / 10, 0.0)[0] for x in range(100)]
    assert opencv(lens, 5.0, 0.0)[0] < 0, "the polynomial by itself turns back"
    assert all(one < other for one, other in pairwise(shown))
    assert lens.undistort(*lens.distort(4.0, 1.0)) == pytest.approx((4.0, 1.0))


@lenses
@given(x=WITHIN, y=WITHIN)
def test_mirrored_and_turned_pictures_have_such_lenses_too(lens: Distortion, x: float, y: float) -> None:
    seen = lens.distort(x, y)
    assert lens.mirrored().distort(-x, y) == pytest.approx((-seen[0], seen[1]))
    assert lens.turned().distort(-y, x) == pytest.approx((-seen[1], seen[0]))


def test_no_distortion_is_none() -> None:
    assert not Distortion()
    assert not Distortion(LensModel.BROWN, (0.0,) * 5)
    assert Distortion(LensModel.FISHEYE, (0.0,) * 4), "an equidistant fisheye bends without any coefficient"
    assert Distortion().distort(3.0, 4.0) == (3.0, 4.0)


def test_a_calibration_is_scaled_about_the_corner_of_the_picture() -> None:
    made = Calibration(640, 480, 500, 510, 319.5, 229.5)
    twice = made.resized(1280, 960)
    assert (twice.fx, twice.fy) == (1000, 1020)
    assert (twice.cx, twice.cy) == (639.5, 459.5), "the middle stays the middle: (W − 1) / 2 where pixels are counted from 0"
    assert twice.resized(640, 480) == made
    assert made.matrix == ((500, 0, 319.5), (0, 510, 229.5), (0, 0, 1))


@pytest.mark.parametrize("size", [(480, 640), (640, 360), (1280, 720)])
def test_another_shape_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="another shape"):
        Calibration(640, 480, 500, 500, 320, 240).resized(*size)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"fx": 0.0}, "positive"),
        ({"fy": -500.0}, "positive"),
        ({"cx": math.nan}, "not finite"),
        ({"distortion": Distortion(LensModel.BROWN, (math.inf, 0, 0, 0))}, "not finite"),
        ({"width": 0}, "no camera"),
    ],
)
def test_numbers_that_no_camera_has(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Calibration(**{"width": 640, "height": 480, "fx": 500.0, "fy": 500.0, "cx": 320.0, "cy": 240.0, **changed})


def pair(rotation: Any = ((1, 0, 0), (0, 1, 0), (0, 0, 1)), translation: Any = (-0.12, 0.0, 0.05)) -> StereoCalibration:
    one = Calibration(640, 480, 500, 500, 320, 240)
    return StereoCalibration(one, one, rotation, translation)


def test_a_pair_knows_its_baseline() -> None:
    assert pair().baseline == pytest.approx(0.13)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"translation": (0, 0, 0)}, "baseline is zero"),
        ({"translation": (math.nan, 0, 0)}, "not finite"),
        ({"rotation": ((2, 0, 0), (0, 1, 0), (0, 0, 1))}, "not a rotation"),
        ({"rotation": ((1, 0, 0), (1, 0, 0), (0, 0, 1))}, "not a rotation"),
        ({"rotation": ((-1, 0, 0), (0, 1, 0), (0, 0, 1))}, "mirrors"),
    ],
)
def test_cameras_that_are_no_pair(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        pair(**wrong)
