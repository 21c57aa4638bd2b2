"""Pictures whose camera is known: by EXIF (once wrongly), by calibration files in every format, by a HEIC file, by nothing.

All are perspective scenes. Beside NAME.png lies NAME.boxes.json, its true 3D boxes and rectangles as `sightline ask --json`
would publish them, so that `sightline camera NAME.png --boxes NAME.boxes.json` needs no model. `broken/` has files that must
be refused.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image

from backend.scene import Calibration, Distortion, LensModel
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.depth_truth import true_inverse
from backend.synthetic.heic import Lens, write_heic
from backend.synthetic.lenses import Bent
from backend.synthetic.perspective import Solid, SolidScene, draw_solids
from backend.synthetic.scenes import Corners

SIZE = (640, 480)
FILM_DIAGONAL = math.hypot(36, 24)
MILLIMETRES, WRONG_MILLIMETRES = 30, 50
"""35 mm equivalents: 30 is 59.96° across at 4:3, which the demo model knows; the wrong one says 38.2°."""
NEAREST, FARTHEST = 0.8, 40.0
"""Metres, of the HEIC file's depth."""

BARREL = Calibration(640, 480, 420.0, 420.0, 326.5, 236.5, Distortion(LensModel.BROWN, (-0.22, 0.06, 0.0004, -0.0006, -0.007)))
FISHEYE = Calibration(640, 480, 330.0, 330.0, 319.5, 239.5, Distortion(LensModel.FISHEYE, (0.02, -0.004, 0.0005, 0.0)))
CROPPED = Calibration(640, 480, 620.0, 620.0, 239.5, 279.5)
"""A part of a larger picture: its principal point is 80 pixels left of the middle and 40 below it."""

_FOCAL, _FOCAL_35MM, _PIXELS = 0x920A, 0xA405, (0xA002, 0xA003)
_RESOLUTION, _RESOLUTION_UNIT = (0xA20E, 0xA20F), 0xA210
_EXIF_IFD = 0x8769


def write(folder: Path) -> list[Path]:
    """The pictures, what is true of them, and the calibration files."""
    (folder / "broken").mkdir(parents=True, exist_ok=True)
    written, truth = [], {}
    for name, scene, save in _photographs():
        path = folder / name
        save(path, scene)
        focal = SIZE[0] / (2 * scene.half_view)
        told = {"focal": focal, "cx": SIZE[0] / 2, "cy": SIZE[1] / 2, "distortion": None}
        truth[name] = _true(told, [(item, item.box) for item in scene.objects])
        written += [path, _boxes(folder, name, truth[name])]
    for name, camera, seed in (("cropped", CROPPED, 11), ("barrel", BARREL, 22), ("fisheye", FISHEYE, 33)):
        bent = _seen_by(camera, seed)
        path = folder / f"{name}.png"
        bent.render().save(path)
        lens = camera.distortion
        distortion = {"model": lens.model.value, "coefficients": list(lens.coefficients)} if lens else None
        seen: dict[str, Any] = {"focal": camera.fx, "cx": camera.cx + 0.5, "cy": camera.cy + 0.5, "distortion": distortion}
        truth[path.name] = _true(seen, [(item, bent.box(item)) for item in bent.scene.objects])
        written += [path, _boxes(folder, path.name, truth[path.name])]
    for name, text in _calibrations():
        (folder / name).write_text(text, "utf-8")
        written.append(folder / name)
    table = folder / "truth.json"
    table.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return [*written, table]


def _photographs() -> Iterator[tuple[str, SolidScene, Callable[[Path, SolidScene], None]]]:
    """Name, scene, and what writes it."""
    half = SIZE[0] * FILM_DIAGONAL / (2 * MILLIMETRES * math.hypot(*SIZE))
    across, down = 4000, 3000
    sensor = {  # 4.25 mm in front of a sensor of 5.6 mm across: 66.8°
        _FOCAL: 4.25,
        _PIXELS[0]: across,
        _PIXELS[1]: down,
        _RESOLUTION[0]: across / 5.6,
        _RESOLUTION[1]: down / 4.2,
        _RESOLUTION_UNIT: 4,
    }
    yield "exif.jpg", _scene(5, half), _jpeg({_FOCAL_35MM: MILLIMETRES})
    yield "wrong-exif.jpg", _scene(6, half), _jpeg({_FOCAL_35MM: WRONG_MILLIMETRES})
    yield "sensor.jpg", _scene(7, 5.6 / 2 / 4.25), _jpeg(sensor)
    yield "unknown.png", _scene(8, math.tan(math.radians(80) / 2)), _png
    yield "phone.heic", _scene(9, math.tan(math.radians(68) / 2)), _heic


def _scene(seed: int, half_view: float) -> SolidScene:
    """The first from this seed on that has four boxes."""
    drawn = (draw_solids(EVALUATION_SEEDS + 1000 * seed + n, SIZE, 4, 4, half_view) for n in count())
    return next(scene for scene in drawn if len(scene.objects) == 4)


def _seen_by(camera: Calibration, seed: int) -> Bent:
    """The first scene from this seed on of which the camera sees all."""
    across, down = camera.width, camera.height
    edges = [(x * across / 8, y * down / 8) for x in range(9) for y in range(9)]
    rays = [camera.distortion.undistort((x - camera.cx - 0.5) / camera.fx, (y - camera.cy - 0.5) / camera.fy) for x, y in edges]
    half_view = 1.02 * max(max(abs(x), abs(y) * across / down) for x, y in rays)
    for n in count():
        scene = draw_solids(EVALUATION_SEEDS + 1000 * seed + n, (1600, 1200), 3, 4, half_view)
        bent = Bent(scene, camera)
        if len(scene.objects) >= 3 and bent.shows_all():
            return bent
    raise AssertionError("counting ends")


def _jpeg(tags: dict[int, float]) -> Callable[[Path, SolidScene], None]:
    def save(path: Path, scene: SolidScene) -> None:
        exif = Image.Exif()
        exif.get_ifd(_EXIF_IFD).update(tags)
        scene.render().save(path, "JPEG", quality=92, exif=exif.tobytes())

    return save


def _png(path: Path, scene: SolidScene) -> None:
    scene.render().save(path)


def _heic(path: Path, scene: SolidScene) -> None:
    near, far = 1 / NEAREST, 1 / FARTHEST
    inverse = true_inverse(scene, SIZE[0] // 2, SIZE[1] // 2)
    depth = Image.fromarray(((inverse.clip(far, near) - far) / (near - far) * 255).round().astype("uint8"))
    focal = 1 / (2 * scene.half_view)
    write_heic(path, scene.render(), depth, (NEAREST, FARTHEST), Lens(focal, 0.5, 0.5))


def _true(camera: dict[str, Any], things: Sequence[tuple[Solid, Corners]]) -> dict[str, Any]:
    objects = [
        {
            "name": item.name,
            "chinese": item.chinese,
            "bbox": [round(edge, 2) for edge in box],
            "centre": list(item.centre3d),
            "size": list(item.size),
            "yaw_in_pi": item.yaw,
        }
        for item, box in things
    ]
    return {"camera": camera, "objects": objects}


def _boxes(folder: Path, name: str, truth: dict[str, Any]) -> Path:
    """The true boxes, in the keys of a published answer."""
    solids, boxes = [], []
    for number, thing in enumerate(truth["objects"], 1):
        turned = [0.0, thing["yaw_in_pi"] * math.pi, 0.0]
        solids.append(
            {"id": f"s{number}", "label": thing["name"], "centre": thing["centre"], "size": thing["size"], "rotation": turned}
        )
        boxes.append({"id": f"b{number}", "label": thing["name"], "bbox": thing["bbox"]})
    said = {"pictures": [{"path": name, "width": SIZE[0], "height": SIZE[1]}], "boxes3d": solids, "boxes": boxes}
    path = folder / f"{Path(name).stem}.boxes.json"
    path.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def _calibrations() -> Iterator[tuple[str, str]]:
    """Name and text of every calibration file, those that must be refused last."""
    yield "cropped.yml", _opencv_yaml(CROPPED)
    yield "cropped.xml", _opencv_xml(CROPPED)
    yield "cropped.json", _opencv_json(CROPPED)
    yield "cropped.camera_info.yaml", _camera_info(CROPPED, "plumb_bob")
    yield "barrel.yml", _opencv_yaml(BARREL)
    yield "barrel.half-size.yml", _opencv_yaml(BARREL.resized(320, 240))
    yield "fisheye.camera_info.yaml", _camera_info(FISHEYE, "equidistant")
    whole = _opencv_yaml(CROPPED)
    yield "broken/negative.yml", whole.replace("620.", "-620.", 1)
    yield "broken/cut-off.yml", whole[: len(whole) // 2]
    yield "broken/no-number.yml", whole.replace("620.", ".Nan", 1)
    yield "broken/outside.yml", whole.replace(" 239.5", " 2395.", 1)
    yield "broken/other-shape.yml", whole.replace("image_width: 640", "image_width: 854")
    yield "broken/two-by-three.yml", whole.replace("rows: 3", "rows: 2", 1)


def _numbers(camera: Calibration) -> tuple[list[float], list[float]]:
    return [value for row in camera.matrix for value in row], list(camera.distortion.coefficients) or [0.0] * 5


def _listed(numbers: Sequence[float]) -> str:
    """As OpenCV writes them: 620. and 0."""
    return ", ".join(f"{number!r}".removesuffix("0") if number == int(number) else f"{number!r}" for number in numbers)


def _opencv_yaml(camera: Calibration) -> str:
    matrix, lens = _numbers(camera)
    return (
        f"%YAML:1.0\n---\nimage_width: {camera.width}\nimage_height: {camera.height}\n"
        f"camera_matrix: !!opencv-matrix\n   rows: 3\n   cols: 3\n   dt: d\n   data: [ {_listed(matrix)} ]\n"
        f"distortion_coefficients: !!opencv-matrix\n   rows: {len(lens)}\n   cols: 1\n   dt: d\n   data: [ {_listed(lens)} ]\n"
    )


def _opencv_xml(camera: Calibration) -> str:
    def matrix(name: str, rows: int, cols: int, numbers: Sequence[float]) -> str:
        data = _listed(numbers).replace(",", "")
        head = f"<rows>{rows}</rows><cols>{cols}</cols><dt>d</dt>"
        return f'<{name} type_id="opencv-matrix">{head}<data>{data}</data></{name}>\n'

    numbers, lens = _numbers(camera)
    size = f"<image_width>{camera.width}</image_width>\n<image_height>{camera.height}</image_height>\n"
    body = matrix("camera_matrix", 3, 3, numbers) + matrix("distortion_coefficients", len(lens), 1, lens)
    return f'<?xml version="1.0"?>\n<opencv_storage>\n{size}{body}</opencv_storage>\n'


def _opencv_json(camera: Calibration) -> str:
    numbers, lens = _numbers(camera)
    kind = {"type_id": "opencv-matrix", "dt": "d"}
    found = {
        "image_width": camera.width,
        "image_height": camera.height,
        "camera_matrix": {**kind, "rows": 3, "cols": 3, "data": numbers},
        "distortion_coefficients": {**kind, "rows": len(lens), "cols": 1, "data": lens},
    }
    return json.dumps(found, indent=1) + "\n"


def _camera_info(camera: Calibration, model: str) -> str:
    numbers, lens = _numbers(camera)
    (fx, _, cx), (_, fy, cy), _ = camera.matrix
    projection = [fx, 0.0, cx, 0.0, 0.0, fy, cy, 0.0, 0.0, 0.0, 1.0, 0.0]
    return (
        f"image_width: {camera.width}\nimage_height: {camera.height}\ncamera_name: drawn\n"
        f"camera_matrix:\n  rows: 3\n  cols: 3\n  data: {numbers}\n"
        f"distortion_model: {model}\n"
        f"distortion_coefficients:\n  rows: 1\n  cols: {len(lens)}\n  data: {lens}\n"
        "rectification_matrix:\n  rows: 3\n  cols: 3\n  data: [1, 0, 0, 0, 1, 0, 0, 0, 1]\n"
        f"projection_matrix:\n  rows: 3\n  cols: 4\n  data: {projection}\n"
    )
