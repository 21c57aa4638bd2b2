"""The exact depth of perspective scenes, against what is computed another way: rays, one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.depth_truth import true_inverse
from backend.synthetic.perspective import CAMERA_HEIGHT, HALF_VIEW, SolidScene, draw_solids


def _ray(scene: SolidScene, u: float, v: float) -> float:
    """1/Z of the first thing that the ray through a place meets: slabs of each box in its own frame, then the ground."""
    focal = scene.width / (2 * scene.half_view)
    direction = np.array([(u - scene.width / 2) / focal, (v - scene.height / 2) / focal, 1.0])
    nearest = CAMERA_HEIGHT / direction[1] if direction[1] > 0 else math.inf
    for item in scene.objects:
        turn = item.yaw * math.pi
        inward = np.array([[math.cos(turn), 0, -math.sin(turn)], [0, 1, 0], [math.sin(turn), 0, math.cos(turn)]])
        start, along = -inward @ np.array(item.centre3d), inward @ direction
        half = np.array(item.size) / 2
        with np.errstate(divide="ignore"):
            a, b = (-half - start) / along, (half - start) / along
        enter, leave = float(np.minimum(a, b).max()), float(np.maximum(a, b).min())
        if 0 < enter < leave:
            nearest = min(nearest, enter)
    return 1 / nearest


@pytest.mark.parametrize("seed", range(6))
def test_it_is_what_rays_meet(seed: int) -> None:
    scene = draw_solids(EVALUATION_SEEDS + 700 + seed)
    inverse = true_inverse(scene, scene.width, scene.height)
    rows, columns = np.arange(3, scene.height, 9), np.arange(3, scene.width, 9)
    traced = np.array([[_ray(scene, x + 0.5, y + 0.5) for x in columns] for y in rows])
    off = np.abs(inverse[np.ix_(rows, columns)] - traced)
    assert np.mean(off < 1e-5) > 0.97  # the rest lies on outlines, which are cut at whole pixels
    assert np.median(off) < 1e-6


def test_the_sky_is_infinitely_far_and_the_ground_follows_the_camera() -> None:
    scene = SolidScene(200, 100, (1, 1, 1), (2, 2, 2), ())
    inverse = true_inverse(scene, 200, 100)
    assert not inverse[:50].any()
    focal = 100 / HALF_VIEW
    np.testing.assert_allclose(inverse[99], 49.5 / focal / CAMERA_HEIGHT, rtol=1e-6)
