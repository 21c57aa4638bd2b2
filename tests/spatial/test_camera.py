"""The pinhole camera against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.spatial.camera import Camera


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
