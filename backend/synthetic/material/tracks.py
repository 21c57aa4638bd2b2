"""A film and a folder of numbered frames to follow things in, with the truth, and boxes that are a little wrong."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from backend.synthetic.disturbed import Disturbance
from backend.synthetic.filming import film_scene, told
from backend.synthetic.moving import draw_moving, draw_moving_solids

_FPS = 10.0


def write(folder: Path) -> list[Path]:
    """`shapes.mp4` and the frames `boxes/0001.png` …, ten a second; `found.json`: what a fallible finder says of the film."""
    folder.mkdir(parents=True, exist_ok=True)
    flat = draw_moving(56, (384, 288), 6.0, _FPS, 4)
    filmed = film_scene(folder / "shapes.mp4", flat)
    numbered = folder / "boxes"
    numbered.mkdir(exist_ok=True)
    written = [folder / "shapes.mp4"]
    deep = draw_moving_solids(7, (320, 180), 4.0, _FPS, 3)
    framed = list(deep.frames)
    for number, frame in enumerate(framed, 1):
        written.append(numbered / f"{number:04}.png")
        frame.picture.save(written[-1])
    truth = {
        "shapes.mp4": {"width": flat.width, "height": flat.height, "frames": [told(frame) for frame in filmed]},
        "boxes": {"width": deep.width, "height": deep.height, "frames": [told(frame) for frame in framed]},
    }
    finder, rng = Disturbance(), random.Random(56)
    found = [
        {
            "time": round(frame.time, 3),
            "boxes": [
                {"label": box.label, "bbox": [round(side, 2) for side in box.corners]}
                for box in finder.boxes((flat.width, flat.height), frame.truth, rng)
            ],
        }
        for frame in filmed
    ]
    tables: dict[str, Any] = {
        "truth.json": truth,
        "found.json": {"width": flat.width, "height": flat.height, "frames": found},
    }
    for name, table in tables.items():
        (folder / name).write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
        written.append(folder / name)
    return written
