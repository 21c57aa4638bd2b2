"""Calibration files as OpenCV itself, its tutorials and ROS write them, and what is wrong with others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import CalibrationError
from backend.media.calibration import read_calibration, read_stereo
from backend.scene import Distortion, LensModel

K = np.array([[701.5, 0, 640.25], [0, 702.5, 361.75], [0, 0, 1]])
D = np.array([[-0.31, 0.12, 0.001, -0.0005, 1e-05]])
CAMERA_INFO = """image_width: 640
image_height: 480
camera_name: head
camera_matrix: {{rows: 3, cols: 3, data: [500.5, 0.0, 320.0, 0.0, 501.5, 240.0, 0.0, 0.0, 1.0]}}
distortion_model: {model}
distortion_coefficients:
  rows: 1
  cols: {n}
  data: {data}
rectification_matrix: {{rows: 3, cols: 3, data: [1, 0, 0, 0, 1, 0, 0, 0, 1]}}
projection_matrix: {{rows: 3, cols: 4, data: [500.5, 0, 320, {shift}, 0, 501.5, 240, 0, 0, 0, 1, 0]}}
"""


def stored(path: Path, **named: Any) -> Path:
    """Written by OpenCV."""
    file = cv2.FileStorage(str(path), cv2.FILE_STORAGE_WRITE)
    for name, value in named.items():
        file.write(name, value)
    file.release()
    return path


def written(folder: Path, text: str, name: str = "c.yaml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder / name


def camera_info(model: str = "plumb_bob", data: str = "[-0.3, 0.1, 0.0, 0.0, 0.0]", n: int = 5, shift: float = 0) -> str:
    return CAMERA_INFO.format(model=model, data=data, n=n, shift=shift)


@pytest.mark.parametrize("ending", ["yml", "yaml", "xml", "json"])
def test_what_opencv_writes(tmp_path: Path, ending: str) -> None:
    path = stored(
        tmp_path / f"camera.{ending}",
        calibration_time="Thu 26 Nov 2026",
        image_width=1280,
        image_height=720,
        camera_matrix=K,
        distortion_coefficients=D,
        per_view=np.zeros((4, 1), np.float32),
    )
    made = read_calibration(path)
    assert (made.width, made.height) == (1280, 720)
    assert np.array(made.matrix) == pytest.approx(K)
    assert made.distortion.model is LensModel.BROWN
    assert made.distortion.coefficients == pytest.approx(tuple(D.ravel()))
    assert made.source == f"calibration camera.{ending}"


@pytest.mark.parametrize("ending", ["yml", "xml", "json"])
@pytest.mark.parametrize("names", [("M1", "D1", "M2", "D2"), ("cameraMatrix1", "distCoeffs1", "cameraMatrix2", "distCoeffs2")])
def test_a_stereo_pair_in_one_file_and_in_opencv_s_two(tmp_path: Path, ending: str, names: tuple[str, ...]) -> None:
    turn = cv2.Rodrigues(np.array([0.01, -0.02, 0.005]))[0]
    inside = dict(zip(names, (K, D, K + np.diag([5, 5, 0]), D / 2), strict=True))
    outside = {"R": turn, "T": np.array([[-0.12], [0.001], [0.002]])}
    for files in (
        (stored(tmp_path / f"both.{ending}", **inside, **outside), None),
        (stored(tmp_path / f"in.{ending}", **inside), stored(tmp_path / f"ex.{ending}", **outside)),
    ):
        made = read_stereo(files[0], files[1], (1280, 720))
        assert made.left.fx == pytest.approx(701.5)
        assert made.right.fx == pytest.approx(706.5)
        assert made.right.distortion.coefficients[0] == pytest.approx(-0.155)
        assert np.array(made.rotation) == pytest.approx(turn)
        assert made.baseline == pytest.approx(np.linalg.norm(outside["T"]))


def test_the_size_is_asked_for_where_the_file_does_not_say(tmp_path: Path) -> None:
    path = stored(tmp_path / "k.yml", K=K, D=D)
    assert read_calibration(path, (1280, 720)).width == 1280
    with pytest.raises(CalibrationError, match="which size of pictures"):
        read_calibration(path)


@pytest.mark.parametrize(
    ("model", "data", "n", "lens"),
    [
        ("plumb_bob", "[-0.3, 0.1, 0.0, 0.0, 0.0]", 5, LensModel.BROWN),
        ("plumb_bob", "[0, 0, 0, 0, 0]", 5, LensModel.PINHOLE),
        ("rational_polynomial", "[0.1, 0.2, 0, 0, 0.3, 0.1, 0.1, 0.1]", 8, LensModel.RATIONAL),
        ("equidistant", "[0.1, 0.2, 0, 0]", 4, LensModel.FISHEYE),
        ("fisheye", "[0, 0, 0, 0]", 4, LensModel.FISHEYE),
        ('""', "[]", 0, LensModel.PINHOLE),
    ],
)
def test_camera_info(tmp_path: Path, model: str, data: str, n: int, lens: LensModel) -> None:
    made = read_calibration(written(tmp_path, camera_info(model, data, n)))
    assert (made.width, made.height, made.fx, made.fy, made.cx, made.cy) == (640, 480, 500.5, 501.5, 320, 240)
    assert made.distortion.model is lens


def test_camera_info_as_a_message(tmp_path: Path) -> None:
    text = "height: 480\nwidth: 640\ndistortion_model: plumb_bob\nd: [0.1, 0.0, 0.0, 0.0, 0.0]\n"
    text += "k: [500, 0, 320, 0, 500, 240, 0, 0, 1]\n"
    made = read_calibration(written(tmp_path, text))
    assert (made.fx, made.distortion.coefficients[0]) == (500, 0.1)


def test_two_camera_infos_are_a_pair(tmp_path: Path) -> None:
    left = written(tmp_path, camera_info(), "left.yaml")
    made = read_stereo(left, written(tmp_path, camera_info(shift=-60.06), "right.yaml"))
    assert made.translation == pytest.approx((-0.12, 0, 0))
    assert made.right.source == "calibration right.yaml"


def test_two_camera_infos_that_are_rectified_by_rotations(tmp_path: Path) -> None:
    """ROS gives each camera's way into common axes; OpenCV made them from how the cameras stand."""
    turn, shift = cv2.Rodrigues(np.array([0.02, 0.05, -0.01]))[0], np.array([-0.2, 0.01, 0.02])
    one, none = np.array([[500.5, 0, 320], [0, 501.5, 240], [0, 0, 1.0]]), np.zeros(5)
    to_left, to_right, p1, p2, *_ = cv2.stereoRectify(one, none, one, none, (640, 480), turn, shift[:, None])
    paths = []
    for name, rows, projection in (("left.yaml", to_left, p1), ("right.yaml", to_right, p2)):
        found = {
            "image_width": 640,
            "image_height": 480,
            "camera_matrix": {"rows": 3, "cols": 3, "data": one.ravel().tolist()},
            "rectification_matrix": {"rows": 3, "cols": 3, "data": rows.ravel().tolist()},
            "projection_matrix": {"rows": 3, "cols": 4, "data": projection.ravel().tolist()},
        }
        paths.append(written(tmp_path, json.dumps(found), name))
    made = read_stereo(paths[0], paths[1])
    assert np.array(made.rotation) == pytest.approx(turn)
    assert made.translation == pytest.approx(tuple(shift))


def test_opencv_s_fisheye_flag(tmp_path: Path) -> None:
    path = stored(tmp_path / "f.xml", image_width=1280, image_height=720, K=K, fisheye_model=1, D=np.array([[0.1, 0, 0, 0]]))
    assert read_calibration(path).distortion == Distortion(LensModel.FISHEYE, (0.1, 0, 0, 0))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("500.5", "-500.5"), "focal length is positive"),
        (("500.5, 0.0, 320", "0, 0.0, 320"), "focal length is positive"),
        (("500.5", ".nan"), "not finite"),
        (("500.5", "1e999"), "not finite"),
        (("501.5", "5015"), "too far apart"),
        ((" 320.0", " 3200.0"), "outside a picture of 640×480"),
        (("501.5, 240.0, 0.0", "501.5, 240.0"), "camera matrix of 3×3 has 8 numbers"),
        (
            ("cols: 3, data: [500.5, 0.0, 320.0, 0.0, 501.5, 240.0, 0.0, 0.0, 1.0]", "cols: 1, data: [1, 2, 3]"),
            "3×3 are wanted",
        ),
        (("0.0, 0.0, 1.0]", "0.0, 0.0, 2.0]"), "not of the form"),
        (("500.5, 0.0", "500.5, 90.0"), "not of the form"),
        (("500.5", "wide"), "“wide”, which is no number"),
        (("plumb_bob", "magic"), "“magic” is not known"),
        (("plumb_bob", "equidistant"), "5 coefficients instead of 4"),
        (("camera_matrix", "nothing"), "holds no camera matrix"),
        (("image_width: 640", "image_width: -640"), "there are none of"),
        (("image_width: 640", "image_width: [3, 4]"), "picture size has 3 numbers"),
    ],
)
def test_what_cannot_be_a_camera(tmp_path: Path, changes: tuple[str, str], said: str) -> None:
    text = camera_info()
    assert changes[0] in text
    path = written(tmp_path, text.replace(*changes), "odd.yaml")
    with pytest.raises(CalibrationError, match=said) as refused:
        read_calibration(path)
    assert "odd.yaml" in refused.value.message
    assert refused.value.cure


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("%YAML:1.0\n---\nK: !!opencv-matrix\n   rows: 3\n   data: [ 1., 2.", "does not parse"),
        ("{", "does not parse"),
        ("<opencv_storage><K>", "does not parse"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
        ("[1, 2]", "no names"),
        ("just words", "no names"),
        ("[" * 20000, "does not parse"),
        ("!!python/object/apply:os.system ['true']", "does not parse"),
        ("K: \x1b[31m", "does not parse"),
    ],
)
def test_what_does_not_parse(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CalibrationError, match=said) as refused:
        read_calibration(written(tmp_path, text))
    assert "\x1b" not in refused.value.message


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match="no such file"):
        read_calibration(tmp_path / "none.yaml")
    with pytest.raises(CalibrationError, match="folder"):
        read_calibration(tmp_path)
    (tmp_path / "binary.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CalibrationError, match="not text"):
        read_calibration(tmp_path / "binary.yml")
    with pytest.raises(CalibrationError, match="larger than"):
        read_calibration(written(tmp_path, "#" * 2**21))


def test_a_pair_where_one_is_wanted_and_one_where_a_pair_is(tmp_path: Path) -> None:
    both = stored(tmp_path / "both.yml", M1=K, M2=K, R=np.eye(3), T=np.zeros(3))
    with pytest.raises(CalibrationError, match="pair of cameras"):
        read_calibration(both, (1280, 720))
    with pytest.raises(CalibrationError, match="baseline is zero"):
        read_stereo(both, size=(1280, 720))
    with pytest.raises(CalibrationError, match="not of a pair"):
        read_stereo(written(tmp_path, camera_info()))
    with pytest.raises(CalibrationError, match="how its two cameras stand"):
        read_stereo(stored(tmp_path / "half.yml", M1=K, M2=K), size=(1280, 720))


@given(st.text(max_size=200) | st.lists(st.sampled_from(camera_info().split()), max_size=40).map(" ".join))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.yaml"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            read_calibration(path, (640, 480))
        except CalibrationError as error:
            refused = error
        else:
            return
    assert refused.cure
