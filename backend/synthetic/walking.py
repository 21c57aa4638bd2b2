"""A camera carried round a bend through a textured room: frames whose true places are known."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from PIL import Image

from backend.scene import Calibration
from backend.synthetic.stereo import Viewpoint, draw_room, pinhole


@dataclass(frozen=True, slots=True)
class Walk:
    """The frames of one way, and where they were taken. Pinhole camera, 60° across, level."""

    calibration: Calibration
    viewpoints: tuple[Viewpoint, ...]
    """In metres of the world's frame, which is the first one's."""
    pictures: tuple[Image.Image, ...]


def draw_walk(seed: int, size: tuple[int, int] = (480, 360), steps: int = 6) -> Walk:
    """The walk of this seed: `steps` steps of unequal length, to the right and then forwards, the camera turning left."""
    room, camera, rng = draw_room(seed), pinhole(*size), random.Random(seed)
    bend, pace = rng.uniform(0.5, 1.5), rng.uniform(0.2, 0.4)
    x = z = heading = 0.0
    viewpoints = []
    for step in range(steps + 1):
        viewpoints.append(Viewpoint((x, 0.0, z), (0.0, heading, 0.0)))
        length = pace * rng.uniform(0.7, 1.4)
        x, z = x + length * math.cos(0.3 * step * bend), z + length * math.sin(0.3 * step * bend)
        heading -= 2.0 * bend
    pictures = tuple(room.seen(viewpoint, camera).picture for viewpoint in viewpoints)
    return Walk(camera, tuple(viewpoints), pictures)
