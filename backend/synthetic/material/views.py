"""Pairs of pictures of one place, before and after something happened, with what became of everything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.views import ViewPair, boxes_before_and_after, draw_pair

_DRAWN = {"still": 23, "pan": 19, "zoom": 13}
"""What the camera does, and which seed after the first of those that are kept for measuring: pairs that the demo model reads
rightly. How often it does is measured elsewhere, on pairs that nobody chose."""


def write(folder: Path) -> list[Path]:
    """Each pair as NAME-before.png and NAME-after.png."""
    folder.mkdir(parents=True, exist_ok=True)
    pairs = {camera: draw_pair(8 * EVALUATION_SEEDS + seed, camera) for camera, seed in _DRAWN.items()}
    pairs["boxes"] = boxes_before_and_after()
    written, truth = [], {}
    for name, pair in pairs.items():
        for when, scene in (("before", pair.before), ("after", pair.after)):
            written.append(folder / f"{name}-{when}.png")
            scene.render().save(written[-1])
        truth[name] = _told(pair)
    table = folder / "truth.json"
    table.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return [*written, table]


def _told(pair: ViewPair) -> dict[str, Any]:
    scale, right, down = pair.camera
    return {
        "size": [pair.before.width, pair.before.height],
        "camera": {"scale": round(scale, 4), "shift": [round(right, 2), round(down, 2)]},
        "things": [
            {
                "name": fate.name,
                "chinese": fate.chinese,
                "kinds": list(fate.kinds),
                "before": None if fate.before is None else list(fate.before),
                "after": None if fate.after is None else list(fate.after),
            }
            for fate in pair.fates
        ],
    }
