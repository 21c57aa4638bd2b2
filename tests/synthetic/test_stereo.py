"""Textured rooms: exact depth, the same marks in every view, and what one view hides."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backend.scene import Distortion, LensModel
from backend.spatial.camera import Camera
from backend.synthetic.stereo import CEILING, WALL, Viewpoint, draw_room, pinhole, side_by_side

LENS = pinhole(160, 120)


def test_the_room_of_a_seed_is_always_the_same() -> None:
    one, other = (draw_room(5).seen(Viewpoint(), LENS) for _ in range(2))
    assert one.picture.tobytes() == other.picture.tobytes()
    assert one.picture.tobytes() != draw_room(6).seen(Viewpoint(), LENS).picture.tobytes()


def test_depth_of_the_empty_parts_is_that_of_the_walls() -> None:
    shot = draw_room(5).seen(Viewpoint(), LENS)
    up = (0.5 - 60) / LENS.fy
    assert shot.depth[0, 80] == pytest.approx(min(WALL, -CEILING / up), rel=1e-5)
    assert shot.depth.max() == pytest.approx(WALL)
    assert np.isfinite(shot.depth).all()


def test_boxes_are_where_the_flat_renderer_puts_them() -> None:
    room = draw_room(5)
    scene = room.scene
    depth = room.seen(Viewpoint(), pinhole(scene.width, scene.height)).depth
    numbers = np.asarray(scene.shown(scene.width, scene.height))
    assert len(scene.objects) >= 2
    for n, item in enumerate(scene.objects, 1):
        seen = depth[numbers == n]
        reach = math.hypot(item.size[0], item.size[2]) / 2 + 0.05
        inside = np.abs(seen - item.centre3d[2]) < reach
        assert inside.mean() > 0.93, "all but the outline, which is rounded differently"
        assert seen[inside].min() > item.distance - 0.02


def test_a_place_has_the_same_colour_in_both_pictures_of_a_pair() -> None:
    left, right = side_by_side(draw_room(5), 0.12, LENS)
    columns = np.arange(LENS.width)[None, :].repeat(LENS.height, 0)
    rows = np.arange(LENS.height)[:, None].repeat(LENS.width, 1)
    there = columns - LENS.fx * 0.12 / left.depth
    nearest = np.rint(there).astype(int)
    inside = (nearest >= 0) & (np.abs(there - nearest) < 0.05)
    inside &= np.abs(right.depth[rows, np.clip(nearest, 0, None)] - left.depth) < 0.01
    pixels = [np.asarray(shot.picture, dtype=float) for shot in (left, right)]
    off = np.abs(pixels[0][rows, columns] - pixels[1][rows, np.clip(nearest, 0, None)])[inside]
    assert inside.sum() > 500
    assert np.median(off) < 3
    assert np.median(np.abs(pixels[0] - pixels[1])) > 10


def test_what_a_box_hides_from_the_right_is_hidden() -> None:
    left, right = side_by_side(draw_room(5), 0.4, LENS)
    there = np.arange(LENS.width)[None, :] - LENS.fx * 0.4 / left.depth
    inside = there >= 0
    rows = np.arange(LENS.height)[:, None].repeat(LENS.width, 1)
    seen = right.depth[rows, np.clip(np.rint(there).astype(int), 0, None)]
    nearer = inside & (seen < left.depth - 0.5)
    assert 0.005 < nearer.mean() < 0.3


def test_a_turned_camera_sees_the_room_turned() -> None:
    shot = draw_room(5).seen(Viewpoint(angles=(0.0, 90.0, 0.0)), LENS)
    assert shot.depth.max() == pytest.approx(7.0), "the right wall"


def test_a_bent_lens_shows_places_where_the_program_projects_them() -> None:
    bent = pinhole(160, 120, distortion=Distortion(LensModel.BROWN, (-0.2, 0.05, 0.002, -0.001, 0.0)))
    camera = Camera.calibrated(bent)
    shot, flat = (draw_room(5).seen(Viewpoint(), lens) for lens in (bent, LENS))
    assert shot.depth[60, 80] == pytest.approx(flat.depth[60, 80], rel=0.02)
    x, y = camera.direction(3.5, 4.5)
    ray = np.array([x, y, 1.0])
    reached = min(WALL, -CEILING / ray[1])
    assert shot.depth[4, 3] == pytest.approx(reached, rel=1e-4)
