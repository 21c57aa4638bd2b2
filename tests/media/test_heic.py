"""HEIC files with a depth image and a camera, made by hand as no library writes them, read by libheif."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from backend.errors import UnreadablePicture
from backend.media.heic import calibration_of
from backend.media.images import load
from backend.scene import DepthUnit
from backend.spatial.known_camera import GivenCamera, camera_of
from backend.synthetic.heic import Lens, write_heic
from tests.media.samples import encoded, quarters

LENS = Lens(0.9, 0.5, 0.48)
RAMP = Image.linear_gradient("L").resize((160, 120))
"""Dark above, light below."""


def heic(folder: Path, depth: Image.Image = RAMP, kind: int = 0, metres: tuple[float, float] = (1.5, 9.75)) -> Path:
    path = folder / "phone.heic"
    write_heic(path, Image.new("RGB", (320, 240), (200, 30, 30)), depth, metres, LENS, kind)
    return path


def test_the_camera_of_the_file_is_the_picture_s(tmp_path: Path) -> None:
    picture = load(heic(tmp_path))
    known = camera_of(picture)
    assert known.source == "the camera that the HEIC file names"
    assert not known.assumed
    assert (known.camera.focal, known.camera.cx, known.camera.cy) == pytest.approx((288, 160, 115.2), abs=0.01)
    assert camera_of(picture, GivenCamera(hfov=60)).camera.hfov == pytest.approx(60), "the user's word goes first"


def test_depth_in_metres(tmp_path: Path) -> None:
    found = load(heic(tmp_path)).depth
    assert found is not None
    assert found.unit is DepthUnit.METRES
    assert (found.values.shape, found.width, found.height) == ((120, 160), 320, 240)
    assert "from 1.5 to 9.75 m" in found.source
    shares = np.asarray(RAMP, float)[:, 80] / 255
    inverse = 1 / found.values[:, 80]
    assert inverse == pytest.approx(1 / 9.75 + shares * (1 / 1.5 - 1 / 9.75), abs=0.03), "HEVC keeps it to some parts of 255"


def test_distances_that_are_uniform_themselves_grow_with_the_number(tmp_path: Path) -> None:
    found = load(heic(tmp_path, kind=2)).depth
    assert found is not None
    assert found.unit is DepthUnit.METRES
    assert found.values[2, 80] == pytest.approx(1.5, abs=0.5)
    assert found.values[-3, 80] == pytest.approx(9.75, abs=0.5)


def test_a_depth_that_is_larger_than_the_picture_is_not_even_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = heic(tmp_path, RAMP.resize((640, 480)))
    monkeypatch.setattr(pillow_heif.HeifDepthImage, "to_pillow", lambda _: pytest.fail("it was decoded"))
    picture = load(path)
    assert (picture.width, picture.height, picture.depth) == (320, 240, None)
    assert "640×480 px" in picture.depth_note


@pytest.mark.parametrize("error", [TypeError("?"), KeyError("?"), ZeroDivisionError(), OSError("?")])
def test_whatever_is_wrong_with_the_depth_the_picture_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(_image: pillow_heif.HeifDepthImage) -> Image.Image:
        raise error

    monkeypatch.setattr(pillow_heif.HeifDepthImage, "to_pillow", fails)
    picture = load(heic(tmp_path))
    assert (picture.width, picture.depth) == (320, None)
    assert "damaged" in picture.depth_note


def test_disparity_only_orders(tmp_path: Path) -> None:
    found = load(heic(tmp_path, kind=1, metres=(0.25, 2.0))).depth
    assert found is not None
    assert found.unit is DepthUnit.INVERSE
    assert found.values[2, 80] < found.values[-3, 80]
    assert "orders and does not measure" in found.source


def test_a_depth_of_another_shape_is_left_alone_and_that_is_said(tmp_path: Path) -> None:
    picture = load(heic(tmp_path, RAMP.resize((120, 160))))
    assert picture.depth is None
    assert "another shape" in picture.depth_note


@pytest.mark.parametrize("metres", [(9.0, 2.0), (3.0, 3.0)])
def test_distances_that_make_no_sense_measure_nothing(tmp_path: Path, metres: tuple[float, float]) -> None:
    order = load(heic(tmp_path, metres=metres)).depth
    assert order is not None
    assert order.unit is DepthUnit.INVERSE, "1 / distance still orders"
    picture = load(heic(tmp_path, kind=2, metres=metres))
    assert picture.depth is None
    assert "does not say what the numbers" in picture.depth_note


def test_other_files_have_nothing_beside_them(tmp_path: Path) -> None:
    for kind in ("HEIF", "JPEG", "PNG"):
        path = tmp_path / f"plain.{kind.lower()}"
        path.write_bytes(encoded(quarters(), kind))
        picture = load(path)
        assert (picture.depth, picture.depth_note, picture.calibration) == (None, "", None)


@pytest.mark.parametrize(
    "said",
    [
        None,
        {},
        {"focal_length_x": 0, "focal_length_y": 0, "principal_point_x": 1, "principal_point_y": 1},
        {"focal_length_x": float("nan"), "focal_length_y": 1, "principal_point_x": 1, "principal_point_y": 1},
        {"focal_length_x": 300, "focal_length_y": 300, "principal_point_x": -9, "principal_point_y": 1},
        {"focal_length_x": 300, "focal_length_y": 3, "principal_point_x": 9, "principal_point_y": 1},
        {"focal_length_x": "wide", "focal_length_y": 3, "principal_point_x": 9, "principal_point_y": 1},
    ],
)
def test_cameras_that_cannot_be_are_none(said: object) -> None:
    assert calibration_of({"heif": {"camera_intrinsic_matrix": said}}, 320, 240) is None


def test_a_file_that_is_cut_off_loses_its_depth_first_and_then_everything(tmp_path: Path) -> None:
    path = heic(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-60])
    assert "damaged" in load(path).depth_note
    path.write_bytes(whole[:-800])
    with pytest.raises(UnreadablePicture):
        load(path)
