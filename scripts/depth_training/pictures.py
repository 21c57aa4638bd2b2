"""What it learns from: perspective scenes with their exact inverse depth, and flat scenes, which have none.

Targets are 1/Z in units of the ground at the picture's lower edge (1 there, 0 in the sky), which depends on the picture's
aspect and not on its metres: up to a scale that nobody knows, as every network of this family answers. A flat scene is a
quarter everywhere: nothing in it is nearer than anything else.
"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from PIL import Image

from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.depth_truth import true_inverse
from backend.synthetic.perspective import CAMERA_HEIGHT, compose_solids
from backend.synthetic.scenes import compose
from scripts.depth_training.network import MEAN, SIDE, STD

FLAT_SHARE = 0.12
FLAT = 0.25
OBJECTS_COUNT = 3.0
"""How much more a place on a box counts than one of the ground or the sky, which are soon learned."""


def example(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The picture (3, SIDE, SIDE), normalised, its target (SIDE, SIDE) and how much each place of it counts, of a seed below
    EVALUATION_SEEDS."""
    if not 0 <= seed < EVALUATION_SEEDS:
        raise ValueError("scenes from EVALUATION_SEEDS on are kept for measuring")
    rng = random.Random(seed)
    counts = np.ones((SIDE, SIDE), np.float32)
    if rng.random() < FLAT_SHARE:
        picture, target = compose(rng).render(), np.full((SIDE, SIDE), FLAT, np.float32)
    else:
        scene = compose_solids(rng, most=5)
        picture = scene.render()
        bottom = scene.height / scene.width * scene.half_view / CAMERA_HEIGHT
        target = true_inverse(scene, SIDE, SIDE) / np.float32(bottom)
        ground = true_inverse(replace(scene, objects=()), SIDE, SIDE) / np.float32(bottom)
        counts += OBJECTS_COUNT * (np.abs(target - ground) > 1e-4)
    shrunk = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    pixels = (np.asarray(shrunk, dtype=np.float32) / 255 - np.float32(MEAN)) / np.float32(STD)
    return pixels.transpose(2, 0, 1), target, counts
