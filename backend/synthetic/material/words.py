"""Pictures of signs in English and Chinese, with what is written on each and where, and what is true of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from backend.synthetic.signs import SignScene, draw_signs


def write(folder: Path) -> list[Path]:
    """`signs-en.png`, `signs-zh.png`, and `small-print.png`: letters of 12 to 16 pixels in a picture of 2400 × 1600."""
    folder.mkdir(parents=True, exist_ok=True)
    scenes = {
        "signs-en.png": draw_signs(4, "en"),
        "signs-zh.png": draw_signs(3, "zh"),
        "small-print.png": draw_signs(9, "en", (2400, 1600), (12, 16), 8, 0),
    }
    for name, scene in scenes.items():
        scene.render().save(folder / name)
    truth = folder / "truth.json"
    told = {name: _truth(scene) for name, scene in scenes.items()}
    truth.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return [*(folder / name for name in scenes), truth]


def _truth(scene: SignScene) -> dict[str, Any]:
    shapes = [{"name": shape.name, "chinese": shape.chinese, "bbox": list(shape.box)} for shape in scene.shapes]
    signs = [{"text": sign.text, "size": sign.size, "board": list(sign.board), "bbox": list(sign.line)} for sign in scene.signs]
    return {"width": scene.width, "height": scene.height, "signs": signs, "shapes": shapes}
