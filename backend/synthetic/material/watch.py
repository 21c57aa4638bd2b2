"""A film to watch: a red circle lies on the table, a zone of the picture, goes past a blue square, rests, and leaves."""

from __future__ import annotations

import json
from pathlib import Path

from backend.synthetic.filming import film_scene, told
from backend.synthetic.moving import Mover, MovingScene
from backend.synthetic.scenes import COLOURS, SHAPES, SceneObject

_SIZE = (384, 288)
TABLE = (20, 50, 150, 150)
"""Corners of the zone, pixels."""
_LEAVES, _ARRIVES, _GOES_ON, _GONE = 2.0, 4.0, 5.5, 7.0
"""Seconds: of the circle's way."""
_START, _REST = 80, 310
"""x of the circle's centre while it lies there, pixels."""
_RADIUS = 30


def scene() -> MovingScene:
    """Eight seconds, ten frames each."""
    colours, shapes = {colour.name: colour for colour in COLOURS}, {shape.name: shape for shape in SHAPES}
    circle = SceneObject(colours["red"], shapes["circle"], _START, 100, _RADIUS)
    square = SceneObject(colours["blue"], shapes["square"], 200, 215, 40)
    outside = _SIZE[0] + _RADIUS + 2
    keys = ((_LEAVES, _START, 100), (_ARRIVES, _REST, 100), (_GOES_ON, _REST, 100), (_GONE, outside, 100))
    movers = (Mover("m1", square, ((0.0, 200, 215),)), Mover("m2", circle, keys))
    return MovingScene(*_SIZE, (150, 160, 170), movers, 8.0, 10.0)


def write(folder: Path) -> list[Path]:
    """`table.mp4`, and in `truth.json` the zone, what happens when, and the boxes of every frame."""
    folder.mkdir(parents=True, exist_ok=True)
    film, table = folder / "table.mp4", folder / "truth.json"
    made = scene()
    frames = film_scene(film, made)
    pace = (_REST - _START) / (_ARRIVES - _LEAVES)
    events = [
        {"kind": "leaves_zone", "label": "red circle", "zone": "table", "time": round(_LEAVES + (TABLE[2] - _START) / pace, 3)},
        {"kind": "relation", "question": "Is the red circle left of the blue square?", "holds": False,
         "time": round(_LEAVES + (200 - _START) / pace, 3)},
        {"kind": "stops", "label": "red circle", "time": _ARRIVES},
        {"kind": "exits", "label": "red circle", "side": "right", "time": _GONE},
    ]  # fmt: skip
    truth = {"film": film.name, "zones": {"table": TABLE}, "events": events, "frames": [told(frame) for frame in frames]}
    table.write_text(json.dumps(truth, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    return [film, table]
