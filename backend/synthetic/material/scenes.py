"""The bundled scenes, as picture files with the box, and the solid box, of everything in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from backend.synthetic.perspective import Solid
from backend.synthetic.samples import SAMPLES
from backend.synthetic.scenes import Thing


def write(folder: Path) -> list[Path]:
    """Each scene as a PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    written, truth = [], {}
    for sample in SAMPLES:
        scene = sample.scene()
        scene.render().save(folder / sample.file)
        written.append(folder / sample.file)
        truth[sample.file] = [_told(item) for item in scene.objects]
    table = folder / "truth.json"
    table.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return [*written, table]


def _told(item: Thing) -> dict[str, Any]:
    told: dict[str, Any] = {"name": item.name, "chinese": item.chinese, "bbox": list(item.box)}
    if isinstance(item, Solid):
        told |= {"centre": list(item.centre3d), "size": list(item.size), "yaw_in_pi": item.yaw}
    return told
