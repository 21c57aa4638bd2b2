"""Perspective scenes with the true depth of every pixel, and a flat one, which has none: for depth networks."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from PIL import Image

from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.depth_truth import true_inverse
from backend.synthetic.perspective import HALF_VIEW, SolidScene, draw_solids
from backend.synthetic.scenes import draw_scene

SCENES = (
    ("street", 31_029, (640, 400), 4),
    ("standing", 31_041, (360, 640), 3),
    ("square", 31_082, (480, 480), 4),
    ("wide", 31_121, (768, 432), 4),
    ("hidden", 31_162, (640, 480), 4),
)
"""Name, seed above EVALUATION_SEEDS, size in pixels, number of boxes."""
FLAT = ("flat", 31_200, (480, 360), 4)
_MOST_MM = 65_535


def write(folder: Path) -> list[Path]:
    """Each scene as NAME.png and its depth as NAME.depth.png: 16 bits, millimetres along the camera's axis, 0 where it is
    farther than 65.5 m or infinitely far."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    truth: dict[str, Any] = {}
    for name, seed, size, count in SCENES:
        scene = draw_solids(EVALUATION_SEEDS + seed, size, count, count)
        picture, map_ = folder / f"{name}.png", folder / f"{name}.depth.png"
        scene.render().save(picture)
        _millimetres(scene).save(map_)
        written += [picture, map_]
        truth[picture.name] = {
            "depth": map_.name,
            "unit": "millimetres along the camera's axis; 0: farther than 65.5 m",
            "fov_degrees": round(2 * math.degrees(math.atan(HALF_VIEW)), 4),
            "boxes": [
                {
                    "name": item.name,
                    "chinese": item.chinese,
                    "bbox": list(item.box),
                    "centre": list(item.centre3d),
                    "size": list(item.size),
                    "yaw_in_pi": item.yaw,
                    "distance": round(item.distance, 4),
                }
                for item in sorted(scene.objects, key=lambda item: item.distance)
            ],
        }
    name, seed, size, count = FLAT
    flat = draw_scene(EVALUATION_SEEDS + seed, size, count, count)
    flat.render().save(folder / f"{name}.png")
    written.append(folder / f"{name}.png")
    truth[f"{name}.png"] = {"depth": None, "boxes": [{"name": item.name, "bbox": list(item.box)} for item in flat.objects]}
    table = folder / "truth.json"
    table.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return [*written, table]


def _millimetres(scene: SolidScene) -> Image.Image:
    import numpy as np

    inverse = true_inverse(scene, scene.width, scene.height)
    far = inverse <= 1000 / _MOST_MM
    return Image.fromarray(np.where(far, 0, np.rint(1000 / np.where(far, 1, inverse))).astype(np.uint16))
