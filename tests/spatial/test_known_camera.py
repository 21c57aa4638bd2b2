"""The user's word before EXIF's, EXIF's before a guess, and what is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from backend.scene import Calibration, Picture
from backend.spatial.known_camera import GivenCamera, camera_of

PLAIN = Picture("p.jpg", 4032, 3024, b"", "")
PHONE = replace(PLAIN, focal_35mm=26.0)


def test_the_order_in_which_a_camera_is_known() -> None:
    given = camera_of(PHONE, GivenCamera(hfov=90))
    assert (given.source, given.assumed) == ("given: 90° across", False)
    assert given.camera.focal == pytest.approx(2016)
    lens = camera_of(PHONE)
    assert (lens.source, lens.assumed) == ("26 mm (35 mm equivalent), from EXIF", False)
    assert lens.camera.focal == pytest.approx(3028.66, abs=0.01)
    guess = camera_of(PLAIN)
    assert (guess.source, guess.assumed) == ("60° across, assumed", True)
    assert guess.camera.hfov == pytest.approx(60)


def test_a_calibration_is_taken_before_what_the_file_says_and_scaled_to_the_picture() -> None:
    made = Calibration(2016, 1512, 1500, 1500, 1000.5, 755.5, source="calibration phone.yml")
    known = camera_of(replace(PHONE, calibration=made), GivenCamera(calibration=made))
    assert known.source == "calibration phone.yml, made for 2016×1512 px"
    assert (known.camera.focal, known.camera.cx, known.camera.cy) == pytest.approx((3000, 2002, 1512))
    own = camera_of(replace(PHONE, calibration=made.resized(4032, 3024)))
    assert (own.source, own.camera) == ("calibration phone.yml", known.camera)
    with pytest.raises(ValueError, match=r"phone\.yml is not of this picture.*another shape"):
        camera_of(replace(PHONE, width=3024, height=4032), GivenCamera(calibration=made))


def test_why_exif_was_not_believed_goes_with_the_guess() -> None:
    assert camera_of(replace(PLAIN, focal_note="it cannot be")).notes == ("it cannot be",)


def test_a_camera_that_is_published() -> None:
    published = camera_of(PLAIN, GivenCamera.parsed("3000,2000,1500")).intrinsics
    assert published.as_dict() == {
        "focal": 3000,
        "focal_down": 3000,
        "cx": 2000,
        "cy": 1500,
        "distortion": None,
        "source": "given: focal length 3000 px, centre 2000,1500 px",
    }


@pytest.mark.parametrize(
    ("text", "focal", "centre"),
    [
        ("800", 800, None),
        ("800,800", 800, None),
        ("800,400,300", 800, (400, 300)),
        ("800, 800, 400, 300", 800, (400, 300)),
        ("800,808,400,300", 804, (400, 300)),
    ],
)
def test_intrinsics(text: str, focal: float, centre: tuple[float, float] | None) -> None:
    given = GivenCamera.parsed(text)
    assert (given.focal, given.centre) == (focal, centre)
    assert bool(given.note) == ("808" in text)


@pytest.mark.parametrize(
    "text", ["", "a", "800,", "0", "-5", "nan", "inf", "800,900", "800,900,1,1", "1,2,3,4,5", "800,nan,3", "1e400"]
)
def test_intrinsics_that_are_none(text: str) -> None:
    with pytest.raises(ValueError):
        GivenCamera.parsed(text)


@pytest.mark.parametrize(
    "given",
    [
        GivenCamera(hfov=0),
        GivenCamera(hfov=180),
        GivenCamera(hfov=math.nan),
        GivenCamera(hfov=179.5),
        GivenCamera(focal=1),
        GivenCamera(focal=1e9),
        GivenCamera(focal=800, centre=(1e6, 0)),
    ],
)
def test_cameras_that_took_no_picture(given: GivenCamera) -> None:
    with pytest.raises(ValueError):
        camera_of(PLAIN, given)
