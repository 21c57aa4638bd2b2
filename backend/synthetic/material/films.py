"""Films of moving shapes and boxes, with the box of everything in every frame and the times of their cuts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from backend.synthetic.filming import film_scene, told, write_film
from backend.synthetic.moving import Frame, MovingScene, draw_moving, draw_moving_solids

SHOTS = 5
"""Scenes of `cuts.mp4`."""
_SHOT = 1.6
"""Seconds of each."""
_SIZE = (384, 288)


def write(folder: Path) -> list[Path]:
    """`shapes.mp4`, `boxes.mp4`; `cuts.mp4`, of several scenes; `portrait.mp4`, which lies on its side and says so; and
    `varying.mp4`, whose frames are shown for unequal times."""
    folder.mkdir(parents=True, exist_ok=True)
    truth: dict[str, Any] = {}
    for name, scene in (("shapes.mp4", draw_moving(11, _SIZE)), ("boxes.mp4", draw_moving_solids(4, (384, 216)))):
        truth[name] = _truth(scene, film_scene(folder / name, scene))
    first = draw_moving(21, _SIZE, _SHOT)
    shots = cut_together(range(21, 21 + SHOTS), _SIZE, _SHOT)
    write_film(folder / "cuts.mp4", _shown(shots), fps=first.fps)
    truth["cuts.mp4"] = {**_truth(first, shots), "cuts": [round(n * _SHOT, 3) for n in range(1, SHOTS)]}
    tall = draw_moving(31, (240, 320), 3.0)
    upright = list(tall.frames)
    lying = ((frame.time, frame.picture.transpose(Image.Transpose.ROTATE_90)) for frame in upright)
    write_film(folder / "portrait.mp4", lying, fps=tall.fps, turned=90)
    truth["portrait.mp4"] = _truth(tall, upright)
    uneven = draw_moving(41, _SIZE, 4.0)
    kept = [frame for n, frame in enumerate(uneven.frames) if n % 7 in (0, 1, 4)]
    write_film(folder / "varying.mp4", _shown(kept), fps=uneven.fps)
    truth["varying.mp4"] = _truth(uneven, kept)
    table = folder / "truth.json"
    table.write_text(json.dumps(truth, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    return [*(folder / name for name in truth), table]


def cut_together(seeds: Sequence[int], size: tuple[int, int], shot: float, fps: float = 10.0) -> list[Frame]:
    """The frames of several flat scenes, `shot` seconds of each, one after the other, at the times of the whole."""
    frames = []
    for number, seed in enumerate(seeds):
        for frame in draw_moving(seed, size, shot, fps).frames:
            frames.append(Frame(frame.time + number * shot, frame.picture, frame.truth))
    return frames


def _shown(frames: Sequence[Frame]) -> list[tuple[float, Image.Image]]:
    return [(frame.time, frame.picture) for frame in frames]


def _truth(scene: MovingScene, frames: Sequence[Frame]) -> dict[str, Any]:
    return {"width": scene.width, "height": scene.height, "cuts": [], "frames": [told(frame) for frame in frames]}
