"""Pictures through lenses: things are painted where their rectangles are, and the material holds together."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import ImageChops

from backend.cli import main
from backend.media.calibration import read_calibration
from backend.media.images import load
from backend.scene import Box3D, Calibration
from backend.spatial.box3d import outline
from backend.spatial.camera import Camera
from backend.spatial.known_camera import camera_of
from backend.synthetic.lenses import Bent
from backend.synthetic.material import camera as material
from tests.cli.test_main import never

CAMERAS = {"cropped": material.CROPPED, "barrel": material.BARREL, "fisheye": material.FISHEYE}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("camera")
    material.write(made)
    return made


@pytest.mark.parametrize("name", CAMERAS)
def test_a_thing_is_painted_where_its_rectangle_is_and_where_a_calibrated_camera_sees_it(name: str) -> None:
    bent = material._seen_by(CAMERAS[name], 4)
    empty = Bent(replace(bent.scene, objects=()), bent.camera).render()
    for item in bent.scene.objects:
        alone = Bent(replace(bent.scene, objects=(item,)), bent.camera).render()
        painted = ImageChops.difference(alone, empty).convert("L").point(lambda value: 255 * (value > 24)).getbbox()
        assert painted is not None
        assert bent.box(item) == pytest.approx(painted, abs=2.0)
        solid = Box3D(item.centre3d, item.size, 0.0, item.yaw * np.pi, 0.0)
        seen = outline(solid, Camera.calibrated(bent.camera))
        assert seen is not None
        assert seen.corners == pytest.approx(bent.box(item), abs=0.5), "of an edge 8 pieces are as good as 16"


def test_every_calibration_file_tells_the_same_camera_and_opencv_reads_its_own(folder: Path) -> None:
    made = [read_calibration(folder / f"cropped.{end}") for end in ("yml", "xml", "json", "camera_info.yaml")]
    assert all(replace(one, source="") == material.CROPPED for one in made)
    assert replace(read_calibration(folder / "barrel.yml"), source="") == material.BARREL
    half: Calibration = read_calibration(folder / "barrel.half-size.yml").resized(640, 480)
    assert (half.cx, half.cy) == pytest.approx((material.BARREL.cx, material.BARREL.cy))
    assert replace(read_calibration(folder / "fisheye.camera_info.yaml"), source="") == material.FISHEYE
    for name in ("cropped.yml", "cropped.xml", "cropped.json"):
        file = cv2.FileStorage(str(folder / name), cv2.FILE_STORAGE_READ)
        assert file.getNode("camera_matrix").mat() == pytest.approx(np.array(material.CROPPED.matrix))
        assert int(file.getNode("image_width").real()) == 640


@pytest.mark.parametrize("name", ["exif.jpg", "sensor.jpg", "phone.heic"])
def test_files_tell_the_camera_they_were_drawn_with(folder: Path, name: str) -> None:
    truth = json.loads((folder / "truth.json").read_text("utf-8"))[name]["camera"]
    known = camera_of(load(folder / name))
    assert not known.assumed
    assert (known.camera.focal, known.camera.cx, known.camera.cy) == pytest.approx(
        (truth["focal"], truth["cx"], truth["cy"]), rel=2e-3
    )


def test_one_file_tells_a_wrong_camera_and_one_none(folder: Path) -> None:
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    assert camera_of(load(folder / "wrong-exif.jpg")).camera.focal > 1.5 * truth["wrong-exif.jpg"]["camera"]["focal"]
    assert camera_of(load(folder / "unknown.png")).assumed


def test_the_phone_s_depth_is_that_of_its_things(folder: Path) -> None:
    things = json.loads((folder / "truth.json").read_text("utf-8"))["phone.heic"]["objects"]
    depth = load(folder / "phone.heic").depth
    assert depth is not None
    nearest = min(things, key=lambda thing: thing["centre"][2])
    x1, y1, x2, y2 = nearest["bbox"]
    seen = float(depth.values[int((y1 + y2) / 4), int((x1 + x2) / 4)])
    reach = max(nearest["size"]) * 0.75
    assert nearest["centre"][2] - reach < seen < nearest["centre"][2] + reach


def test_what_is_broken_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = sorted((folder / "broken").iterdir())
    assert len(broken) == 6
    for file in broken:
        assert main(never, ["camera", str(folder / "cropped.png"), "--calibration", str(file)]) == 2, file.name
        said = capsys.readouterr().err
        assert file.name in said
        assert "→" in said
