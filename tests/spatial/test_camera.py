"""The pinhole camera against numbers worked out by hand."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scene import Box3D, Calibration, Distortion, LensModel, Window
from backend.spatial.box3d import PIECES, corners, outline, wireframe
from backend.spatial.camera import Camera
from backend.spatial.known_camera import KnownCamera


def test_ninety_degrees_have_a_focal_length_of_half_the_width() -> None:
    camera = Camera.from_hfov(800, 600, 90)
    assert (camera.focal, camera.cx, camera.cy) == pytest.approx((400, 400, 300))


def test_sixty_degrees_unless_told_otherwise() -> None:
    assert Camera.from_hfov(1000, 10).focal == pytest.approx(500 * math.sqrt(3))


def test_a_35_mm_equivalent_of_the_diagonal_sees_as_wide_as_it_is_far() -> None:
    camera = Camera.from_exif35(43.2666, 3000, 4000)
    assert camera.focal == pytest.approx(5000, rel=1e-5)


def test_a_phones_24_mm_is_about_74_degrees_on_a_full_frame() -> None:
    assert Camera.from_exif35(24, 6000, 4000).hfov == pytest.approx(73.74, abs=0.01)


def test_projection() -> None:
    camera = Camera(800, 600, 400, 400, 300)
    assert camera.project((0, 0, 5)) == (400, 300)
    assert camera.project((1, 0, 2)) == (600, 300)  # right is right
    assert camera.project((0, 1, 2)) == (400, 500)  # Y points down
    assert camera.project((-2, 0, 1)) == (-400, 300)  # outside the picture is not an error


@pytest.mark.parametrize("z", [0.0, -1.0])
def test_nothing_behind_the_camera_is_seen(z: float) -> None:
    with pytest.raises(ValueError, match="in front"):
        Camera.from_hfov(800, 600).project((0, 0, z))


@pytest.mark.parametrize("degrees", [0, 180, -60])
def test_impossible_fields_of_view(degrees: float) -> None:
    with pytest.raises(ValueError, match="field of view"):
        Camera.from_hfov(800, 600, degrees)


def test_impossible_focal_lengths() -> None:
    with pytest.raises(ValueError, match="focal length"):
        Camera.from_exif35(0, 800, 600)


@given(st.floats(1, 179), st.integers(1, 20000), st.integers(1, 20000))
def test_field_of_view_there_and_back(degrees: float, width: int, height: int) -> None:
    assert Camera.from_hfov(width, height, degrees).hfov == pytest.approx(degrees)


KNOWN = Camera(800, 600, 500, 420, 280)
SPOTS = [(0.3, -0.2, 2.0), (-1.0, 0.5, 4.0), (0.0, 0.0, 1.0)]


@pytest.mark.parametrize("spot", SPOTS)
def test_a_crop_shifts_what_is_seen(spot: tuple[float, float, float]) -> None:
    x, y = KNOWN.project(spot)
    cropped = KNOWN.cropped(Window(100, 50, 400, 300))
    assert cropped.project(spot) == pytest.approx((x - 100, y - 50))
    assert (cropped.width, cropped.height, cropped.focal) == (400, 300, 500)


@pytest.mark.parametrize("spot", SPOTS)
def test_resizing_scales_what_is_seen(spot: tuple[float, float, float]) -> None:
    x, y = KNOWN.project(spot)
    assert KNOWN.resized(400, 300).project(spot) == pytest.approx((x / 2, y / 2))


def test_a_stretched_picture_has_no_single_focal_length() -> None:
    with pytest.raises(ValueError, match="two focal lengths"):
        KNOWN.resized(800, 300)
    assert KNOWN.resized(801, 600).focal == pytest.approx(500.3125)  # rounded to whole pixels: no matter


@pytest.mark.parametrize("spot", SPOTS)
def test_a_turn_to_the_right_swaps_the_axes(spot: tuple[float, float, float]) -> None:
    x, y = KNOWN.project(spot)
    turned = KNOWN.turned()
    assert (turned.width, turned.height) == (600, 800)
    # What was at the left is on top: (x, y) comes to (H − y, x), and so does the direction it is seen in.
    assert turned.project((-spot[1], spot[0], spot[2])) == pytest.approx((600 - y, x))
    assert KNOWN.turned(4) == KNOWN.turned(0) == KNOWN
    assert turned.turned(3) == KNOWN
    assert KNOWN.turned(-1) == KNOWN.turned(3)


def test_a_mirror_moves_the_principal_point() -> None:
    assert KNOWN.mirrored().project((-0.5, 0.1, 1)) == pytest.approx((800 - KNOWN.project((0.5, 0.1, 1))[0], 330))


def test_the_sides_of_the_view() -> None:
    left, right = Camera.from_hfov(1000, 500, 60).sides
    assert math.degrees(math.atan(right)) == pytest.approx(30)  # ±atan(W / 2f)
    assert left == -right
    assert Camera(800, 600, 500, 100, 300).sides == pytest.approx((-0.2, 1.4))


@pytest.mark.parametrize(("f35", "width", "height"), [(26, 4032, 3024), (26, 3024, 4032), (50, 6000, 4000)])
def test_how_the_camera_is_held_does_not_change_its_focal_length(f35: float, width: int, height: int) -> None:
    one, other = Camera.from_exif35(f35, width, height), Camera.from_exif35(f35, height, width)
    assert one.focal == other.focal
    assert one.turned() == other


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_none(bad: float) -> None:
    with pytest.raises(ValueError):
        Camera.from_hfov(800, 600, bad)
    with pytest.raises(ValueError):
        Camera.from_exif35(bad, 800, 600)


BARREL = Distortion(LensModel.BROWN, (-0.3, 0.1, 0.001, -0.002, 0.02))
CALIBRATION = Calibration(800, 600, 520, 515, 410.5, 290.5, BARREL, "calibration lens.yml")


def test_a_calibrated_camera_shows_points_where_opencv_does_half_a_pixel_further() -> None:
    """OpenCV counts from the middle of the first pixel, the program from its corner."""
    point = (-0.4, 0.3, 1.7)
    seen = cv2.projectPoints(
        np.array([[point]]), np.zeros(3), np.zeros(3), np.array(CALIBRATION.matrix), np.array(BARREL.coefficients)
    )[0].ravel()
    camera = Camera.calibrated(CALIBRATION)
    assert camera.project(point) == pytest.approx((seen[0] + 0.5, seen[1] + 0.5))
    x, y = camera.direction(*camera.project(point))
    assert (x, y) == pytest.approx((-0.4 / 1.7, 0.3 / 1.7))


def test_a_calibrated_camera_is_resized_turned_and_mirrored_with_its_lens() -> None:
    camera, point = Camera.calibrated(CALIBRATION), (-0.4, 0.3, 1.7)
    across, down = camera.project(point)
    assert camera.resized(400, 300).project(point) == pytest.approx((across / 2, down / 2))
    assert Camera.calibrated(CALIBRATION.resized(400, 300)).project(point) == pytest.approx((across / 2, down / 2))
    assert camera.mirrored().project((0.4, 0.3, 1.7)) == pytest.approx((800 - across, down))
    assert camera.turned().project((-0.3, -0.4, 1.7)) == pytest.approx((600 - down, across))
    assert camera.turned(4) == camera
    assert camera.vfov == pytest.approx(camera.turned().hfov)


def test_a_barrel_sees_more_than_its_focal_length_tells() -> None:
    straight, bent = Camera(800, 600, 520, 400, 300), Camera(800, 600, 520, 400, 300, distortion=BARREL)
    assert bent.hfov > straight.hfov + 5
    assert straight.vfov == pytest.approx(2 * math.degrees(math.atan(300 / 520)))


def test_an_edge_is_bent_with_its_lens() -> None:
    camera = Camera(800, 600, 520, 400, 300, distortion=BARREL)
    box = Box3D((0, 0, 2), (2.8, 2, 0.02), 0, 0, 0)
    pieces = wireframe(box, camera)
    assert len(pieces) == 12 * PIECES
    seen = outline(box, camera)
    assert seen is not None
    corner = max(camera.project(corner)[1] for corner in corners(box))
    assert seen.y2 > corner + 5, "the middle of its lower edge hangs below the corners"


def test_what_an_answer_says_of_a_camera_is_that_camera() -> None:
    camera = Camera.calibrated(CALIBRATION)
    assert Camera.of(KnownCamera(camera, "").intrinsics, 800, 600) == camera
