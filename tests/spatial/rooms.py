"""Textured rooms as pictures, each view rendered once for all tests."""

from __future__ import annotations

import functools
import hashlib

import numpy as np
from PIL import Image

from backend.scene import Calibration, Picture
from backend.spatial.camera import Camera
from backend.synthetic.stereo import Shot, Viewpoint, draw_room, pinhole

LENS = pinhole(320, 240)
CAMERA = Camera.calibrated(LENS)


def as_picture(image: Image.Image, name: str = "view.png") -> Picture:
    rgb = image.convert("RGB")
    return Picture(name, rgb.width, rgb.height, rgb.tobytes(), hashlib.sha256(rgb.tobytes()).hexdigest())


@functools.cache
def shot(seed: int, viewpoint: Viewpoint = Viewpoint(), lens: Calibration = LENS) -> Shot:  # noqa: B008
    return draw_room(seed).seen(viewpoint, lens)


def view(seed: int, viewpoint: Viewpoint = Viewpoint(), lens: Calibration = LENS) -> Picture:  # noqa: B008
    return as_picture(shot(seed, viewpoint, lens).picture)


def degrees_between(a: np.ndarray, b: np.ndarray) -> float:
    cosine = float(np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def degrees_apart(rotation: object, truth: np.ndarray) -> float:
    """Of two rotation matrices."""
    trace = float(np.trace(np.array(rotation) @ truth.T))
    return float(np.degrees(np.arccos(np.clip((trace - 1) / 2, -1, 1))))
