"""Depth of rendered pairs whose every pixel's depth is known: rectified, calibrated, and free."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PIL import Image

from backend.scene import Calibration, Distortion, LensModel, StereoCalibration
from backend.scene.depth import DepthUnit
from backend.spatial.camera import Camera
from backend.spatial.stereo import Stereo, calibrated_pair, matching, measure, measure_free, rectified_pair
from backend.spatial.stereo.matching import disparity, steps_for
from backend.synthetic.stereo import Viewpoint, pinhole
from tests.spatial.rooms import CAMERA, LENS, as_picture, shot, view

RIGHT = Viewpoint((0.12, 0.0, 0.0))
BROWN = pinhole(320, 240, 62.0, Distortion(LensModel.BROWN, (-0.2, 0.06, 0.001, -0.0005, 0.0)))
FISHEYE = dataclasses.replace(pinhole(320, 240, 62.0), distortion=Distortion(LensModel.FISHEYE, (0.02, -0.01, 0.0, 0.0)))
BESIDE = Viewpoint((0.12, 0.004, -0.003), (0.5, -1.5, 0.8))
BELOW = Viewpoint((0.003, 0.12, 0.0), (1.0, 0.3, 0.5))


def errors(stereo: Stereo, truth: np.ndarray, scale: float = 1.0) -> np.ndarray:
    """Relative, of all pixels whose depth is known."""
    values = stereo.depth.values * scale
    known = np.isfinite(values)
    return np.asarray(np.abs(values[known] / truth[known] - 1))


def calibration(lens: Calibration, place: Viewpoint) -> StereoCalibration:
    rotation = place.rotation
    shift = -rotation @ np.array(place.position)
    rows = tuple(tuple(float(value) for value in row) for row in rotation)
    return StereoCalibration(lens, lens, rows, tuple(float(value) for value in shift))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def plain() -> Stereo:
    return measure(rectified_pair(view(3), view(3, RIGHT), CAMERA, 0.12, "test"))


def test_a_rectified_pair_tells_metres(plain: Stereo) -> None:
    off = errors(plain, shot(3).depth)
    assert plain.depth.unit is DepthUnit.METRES
    assert plain.valid > 0.9
    assert np.median(off) < 0.03
    assert (off < 0.15).mean() > 0.97
    assert plain.notes == ()
    assert plain.rows.off is not None
    assert plain.rows.off < 0.2


def test_what_the_right_camera_does_not_see_has_no_depth(plain: Stereo) -> None:
    left, right = shot(3).depth, shot(3, RIGHT).depth
    rows, columns = np.indices(left.shape)
    there = np.rint(columns - LENS.fx * 0.12 / left).astype(int)
    seen = right[rows, np.clip(there, 0, None)]
    hidden = (there < -1) | (seen < left - 1.0)
    assert hidden.sum() > 300
    known = np.isfinite(plain.depth.values)
    assert known[hidden].mean() < 0.35
    assert known[~hidden].mean() > 0.93


def test_points_are_where_the_pixels_rays_end(plain: Stereo) -> None:
    known = np.isfinite(plain.depth.values)
    assert len(plain.points) == known.sum() == len(plain.colours)
    rows, columns = np.nonzero(known)
    across = plain.points[:, 0] / plain.points[:, 2] * CAMERA.focal + CAMERA.cx
    down = plain.points[:, 1] / plain.points[:, 2] * CAMERA.focal + CAMERA.cy
    assert np.allclose(across, columns + 0.5, atol=0.01)
    assert np.allclose(down, rows + 0.5, atol=0.01)
    assert np.allclose(plain.points[:, 2], plain.depth.values[known])
    assert np.array_equal(plain.colours, np.asarray(shot(3).picture)[known])


def test_without_a_baseline_depth_is_in_baselines(plain: Stereo) -> None:
    scaled = measure(rectified_pair(view(3), view(3, RIGHT), CAMERA, None))
    assert scaled.depth.unit is DepthUnit.UP_TO_SCALE
    assert np.allclose(scaled.depth.values * 0.12, plain.depth.values, equal_nan=True)


def test_a_quarter_pixel_is_worth_more_the_farther_it_is(plain: Stereo) -> None:
    shift = CAMERA.focal * 0.12 / 4.0
    assert plain.error(4.0) == pytest.approx(CAMERA.focal * 0.12 / (shift - 0.25) - 4.0, rel=0.05)
    assert plain.error(8.0) == pytest.approx(4 * plain.error(4.0))


@pytest.mark.parametrize(
    ("lens", "place"), [(BROWN, BESIDE), (FISHEYE, BESIDE), (BROWN, BELOW)], ids=["brown", "fisheye", "below"]
)
def test_a_calibrated_pair_is_rectified_and_depth_lies_over_the_picture_as_it_was(lens: Calibration, place: Viewpoint) -> None:
    pair = calibrated_pair(view(3, lens=lens), view(3, place, lens), calibration(lens, place))
    stereo = measure(pair, calibrated=True)
    off = errors(stereo, shot(3, lens=lens).depth)
    assert stereo.rows.off is not None
    assert stereo.rows.off < 0.3
    assert stereo.valid > 0.85
    assert np.median(off) < 0.04
    assert (off < 0.15).mean() > 0.95
    assert stereo.depth.values.shape == (240, 320)


def test_the_baseline_given_overrules_the_calibrations_unit() -> None:
    metres = calibration(BROWN, BESIDE)
    x, y, z = metres.translation
    millimetres = dataclasses.replace(metres, translation=(1000 * x, 1000 * y, 1000 * z))
    pair = calibrated_pair(view(3, lens=BROWN), view(3, BESIDE, BROWN), millimetres, 0.1201)
    assert np.median(errors(measure(pair, calibrated=True), shot(3, lens=BROWN).depth)) < 0.04


def test_pictures_of_another_size_than_the_calibration_are_measured_as_well() -> None:
    made = calibration(BROWN, BESIDE)
    larger = dataclasses.replace(made, left=made.left.resized(1280, 960), right=made.right.resized(1280, 960))
    pair = calibrated_pair(view(3, lens=BROWN), view(3, BESIDE, BROWN), larger)
    assert np.median(errors(measure(pair, calibrated=True), shot(3, lens=BROWN).depth)) < 0.04


@pytest.mark.parametrize(
    "second",
    [Viewpoint((-0.5, -0.1, 0.1), (1.0, 4.0, 2.0)), Viewpoint((0.5, 0.0, 0.1), (0.0, -4.0, 0.0))],
    ids=["left", "right"],
)
def test_free_views_tell_depth_up_to_scale(second: Viewpoint) -> None:
    views = measure_free(view(3), view(3, second), CAMERA)
    assert views.dense
    assert views.stereo.depth.unit is DepthUnit.UP_TO_SCALE
    off = errors(views.stereo, shot(3).depth, float(np.linalg.norm(second.position)))
    assert views.stereo.valid > 0.7
    assert np.median(off) < 0.03
    assert (off < 0.15).mean() > 0.95
    assert "nobody knows" in views.stereo.depth.source


def test_a_known_way_makes_metres_of_free_views() -> None:
    second = Viewpoint((0.5, 0.0, 0.1), (0.0, -4.0, 0.0))
    views = measure_free(view(3), view(3, second), CAMERA, length=float(np.linalg.norm(second.position)))
    assert views.stereo.depth.unit is DepthUnit.METRES
    assert np.median(errors(views.stereo, shot(3).depth)) < 0.03


def test_a_camera_that_went_ahead_tells_the_depth_of_marks_alone() -> None:
    views = measure_free(view(3), view(3, Viewpoint((0.05, 0.0, 0.9))), CAMERA)
    assert not views.dense
    assert 0 < views.stereo.valid < 0.05
    assert "before the other" in views.stereo.notes[0]
    assert np.median(errors(views.stereo, shot(3).depth, float(np.hypot(0.05, 0.9)))) < 0.04
    assert len(views.stereo.points) == views.pose.inliers


def test_large_pictures_are_matched_smaller_and_lie_over_the_same_pixels() -> None:
    left, right = (
        as_picture(shot(3, place).picture.resize((2400, 1800), Image.Resampling.BICUBIC)) for place in (Viewpoint(), RIGHT)
    )
    stereo = measure(rectified_pair(left, right, Camera.from_hfov(2400, 1800, 60.0), 0.12))
    assert (stereo.depth.width, stereo.depth.height) == (2400, 1800)
    assert stereo.depth.values.shape == (1200, 1600)
    truth = np.asarray(Image.fromarray(shot(3).depth).resize((1600, 1200), Image.Resampling.NEAREST))
    assert np.median(errors(stereo, truth)) < 0.03


def test_a_picture_without_texture_has_no_depth() -> None:
    blank = as_picture(Image.new("RGB", (320, 240), "grey"))
    stereo = measure(rectified_pair(blank, blank, CAMERA, 0.1))
    assert stereo.valid == 0
    assert "could not be checked" in stereo.notes[0]
    assert stereo.points.shape == (0, 3)


@pytest.mark.parametrize("reverse", [False, True])
def test_disparity_of_a_shifted_picture_is_the_shift(reverse: bool) -> None:
    draw = np.random.default_rng(4)
    wide = np.asarray(
        Image.fromarray(draw.integers(0, 255, (60, 120), dtype=np.uint8)).resize((480, 240), Image.Resampling.BICUBIC)
    )
    left, right = wide[:, 40:360], wide[:, 52:372]
    found = disparity(right, left, 32, reverse=True) if reverse else disparity(left, right, 32)
    known = np.isfinite(found)
    assert known.mean() > 0.9
    assert np.percentile(np.abs(found[known] - 12), 99) < 0.5


def test_a_large_volume_is_searched_along_fewer_paths_and_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = rectified_pair(view(3), view(3, RIGHT), CAMERA, 0.12)
    whole = measure(pair)
    monkeypatch.setattr(matching, "_ALL_WAYS", 1)
    fewer = measure(pair)
    both = np.isfinite(whole.depth.values) & np.isfinite(fewer.depth.values)
    assert both.mean() > 0.85
    assert np.median(errors(fewer, shot(3).depth)) < 0.03
    assert not np.array_equal(whole.depth.values, fewer.depth.values, equal_nan=True)


def test_so_many_disparities_are_tried_as_marks_were_shifted() -> None:
    assert steps_for(640, 60.0) == 96
    assert steps_for(640, 1.0) == 16
    assert steps_for(640, None) == 112
    assert steps_for(100, 500.0) <= 64
