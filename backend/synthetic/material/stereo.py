"""Pairs of pictures of textured rooms, with the depth of every pixel of the left one, and views that are no pair.

`left.png` and `right.png` are rectified, and so are `hall-left.png` and `hall-right.png`. `bent-left.png` and `bent-right.png`
are not: their lenses bend and their cameras are turned, as `stereo.yml` says in OpenCV's way. `aside.png` was taken a step
beside `left.png`, freely, and `turned.png` from the same place. Depth is a 16-bit PNG in millimetres.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image

from backend.scene import Calibration, Distortion, LensModel
from backend.synthetic.stereo import Shot, TexturedRoom, Viewpoint, draw_room, pinhole, side_by_side

BASELINE = 0.12
"""Metres: of all pairs."""
SIZE = (400, 300)
LENS = pinhole(*SIZE)
BENT = (
    pinhole(*SIZE, 62.0, Distortion(LensModel.BROWN, (-0.2, 0.06, 0.001, -0.0005, 0.0))),
    pinhole(*SIZE, 61.0, Distortion(LensModel.BROWN, (-0.22, 0.07, -0.001, 0.0005, 0.0))),
)
ASKEW = Viewpoint((BASELINE, 0.004, -0.003), (0.5, -1.5, 0.8))
"""Where the right camera of the pair that is not rectified stands."""
ASIDE = Viewpoint((-0.5, -0.1, 0.1), (1.0, 4.0, 2.0))
TURNED = Viewpoint(angles=(1.0, 6.0, 0.0))
_ROOM, _HALL = 3, 5


def write(folder: Path) -> list[Path]:
    """Pictures, depths, the calibration and `truth.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    room, hall = draw_room(_ROOM), draw_room(_HALL)
    left, right = side_by_side(room, BASELINE, LENS)
    shots = {
        "left": left,
        "right": right,
        "aside": room.seen(ASIDE, LENS),
        "turned": room.seen(TURNED, LENS),
        **dict(zip(("hall-left", "hall-right"), side_by_side(hall, BASELINE, LENS), strict=True)),
        "bent-left": hall.seen(Viewpoint(), BENT[0]),
        "bent-right": hall.seen(ASKEW, BENT[1]),
    }
    truth: dict[str, Any] = {"baseline": BASELINE, "pictures": {}}
    written = []
    for name, shot in shots.items():
        shot.picture.save(folder / f"{name}.png")
        written.append(folder / f"{name}.png")
        truth["pictures"][f"{name}.png"] = _told(shot, hall if name.startswith(("hall", "bent")) else room)
    for name in ("left", "hall-left", "bent-left"):
        depth = folder / f"{name}.depth-mm.png"
        save_depth(depth, shots[name])
        truth["pictures"][f"{name}.png"]["depth"] = depth.name
        written.append(depth)
    calibration = folder / "stereo.yml"
    calibration.write_text(opencv_yaml(*BENT, ASKEW), "utf-8")
    table = folder / "truth.json"
    table.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return [*written, calibration, table]


def save_depth(path: Path, shot: Shot) -> None:
    """As millimetres in 16 bits."""
    import numpy as np

    Image.fromarray(np.rint(shot.depth * 1000).astype(np.uint16)).save(path)


def opencv_yaml(left: Calibration, right: Calibration, place: Viewpoint) -> str:
    """What OpenCV's stereo calibration writes of two cameras, the right one at `place` as the left one sees it."""
    import numpy as np

    rotation = place.rotation
    shift = -rotation @ np.array(place.position)
    parts = ["%YAML:1.0", "---", f"image_width: {left.width}", f"image_height: {left.height}"]
    for number, camera in ((1, left), (2, right)):
        parts.append(_matrix(f"M{number}", (value for row in camera.matrix for value in row), 3, 3))
        parts.append(_matrix(f"D{number}", camera.distortion.coefficients, 1, len(camera.distortion.coefficients)))
    parts += [_matrix("R", rotation.ravel().tolist(), 3, 3), _matrix("T", shift.tolist(), 3, 1)]
    return "\n".join(parts) + "\n"


def _matrix(name: str, values: Iterable[float], rows: int, columns: int) -> str:
    data = ", ".join(f"{value:.12g}" for value in values)
    return f"{name}: !!opencv-matrix\n   rows: {rows}\n   cols: {columns}\n   dt: d\n   data: [ {data} ]"


def _told(shot: Shot, room: TexturedRoom) -> dict[str, Any]:
    """The camera, where it stands, and what is in the room, in the world's frame (that of `left.png`), metres."""
    camera = shot.calibration
    return {
        "focal": round(camera.fx, 4),
        "position": list(shot.viewpoint.position),
        "pitch_yaw_roll": list(shot.viewpoint.angles),
        "distortion": list(camera.distortion.coefficients),
        "things": [
            {"name": item.name, "centre": list(item.centre3d), "size": list(item.size), "yaw_in_pi": item.yaw}
            for item in room.scene.objects
        ],
    }
