"""The perspective generator says the truth: measured on the pixels, by a ray for every pixel, and with the program's own
geometry, none of which it uses itself."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageChops

from backend.scene import Box3D
from backend.spatial import box3d
from backend.spatial.camera import Camera
from backend.synthetic import EVALUATION_SEEDS, footprints
from backend.synthetic.perspective import (
    ASPECTS,
    CAMERA_HEIGHT,
    FARTHEST,
    MOST_HIDDEN,
    Solid,
    SolidScene,
    camera_size,
    compose_solids,
    draw_solids,
    shaded,
)
from backend.synthetic.scenes import COLOURS

seeds = st.integers(0, 2 * EVALUATION_SEEDS)


def in_space(item: Solid) -> Box3D:
    return Box3D(item.centre3d, item.size, 0.0, item.yaw * math.pi, 0.0, item.name)


def camera(scene: SolidScene) -> Camera:
    return Camera.from_hfov(scene.width, scene.height)


def depths(scene: SolidScene, item: Solid, columns: int, rows: int) -> NDArray[np.float64]:
    """Distance along Z at which the ray through the middle of each of `rows` × `columns` pixels enters the box, infinite where
    it misses it."""
    across = (np.arange(columns) + 0.5) / columns * scene.width
    down = (np.arange(rows) + 0.5) / rows * scene.height
    seen = camera(scene)
    rays = np.stack(
        np.broadcast_arrays((across[None, :] - seen.cx) / seen.focal, (down[:, None] - seen.cy) / seen.focal, 1.0), -1
    )
    turn = np.array(box3d.rotation(0.0, item.yaw * math.pi, 0.0))
    start, along = -np.array(item.centre3d) @ turn, rays @ turn
    with np.errstate(divide="ignore", invalid="ignore"):
        planes = np.stack([(sign * np.array(item.size) / 2 - start) / along for sign in (-1, 1)])
    enter, leave = planes.min(0).max(-1), planes.max(0).min(-1)
    return np.where(enter < leave, enter, np.inf)


@given(seed=seeds)
@settings(max_examples=80, deadline=None)
def test_a_3d_box_projects_onto_its_2d_box(seed: int) -> None:
    scene = draw_solids(seed)
    for item in scene.objects:
        outline = box3d.outline(in_space(item), camera(scene))
        assert outline is not None
        assert (outline.x1, outline.y1, outline.x2, outline.y2) == pytest.approx(item.box, abs=1e-6)


@given(seed=seeds)
@settings(max_examples=80, deadline=None)
def test_scenes_belong_to_the_family(seed: int) -> None:
    scene = draw_solids(seed)
    assert 1 <= len(scene.objects) <= 4
    assert len({item.colour for item in scene.objects}) == len(scene.objects)
    for item in scene.objects:
        bottom = item.centre3d[1] + item.size[1] / 2
        assert bottom == pytest.approx(CAMERA_HEIGHT)
        assert all(0.3 <= side <= 1.9 for side in item.size)
        assert -0.25 <= item.yaw < 0.25
        corners = box3d.corners(in_space(item))
        assert 0.5 <= min(z for _, _, z in corners) == pytest.approx(item.distance)
        assert max(z for _, _, z in corners) < FARTHEST
        assert item.box[0] >= 0
        assert item.box[1] >= 0
        assert item.box[2] <= scene.width
        assert item.box[3] <= scene.height
        # Two decimals say all of it.
        for value in (*item.centre3d, *item.size, item.yaw):
            assert value == pytest.approx(round(value, 2), abs=1e-9)


@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_footprints_stay_apart(seed: int) -> None:
    objects = draw_solids(seed).objects
    for n, a in enumerate(objects):
        for b in objects[:n]:
            assert footprints.shared(footprints.hull(a.footprint), footprints.hull(b.footprint)) == 0


@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_what_is_painted_lies_in_the_box_and_reaches_its_sides(seed: int) -> None:
    scene = draw_solids(seed)
    blank = SolidScene(scene.width, scene.height, scene.sky, scene.ground, ())
    for item in scene.objects:
        alone = SolidScene(scene.width, scene.height, scene.sky, scene.ground, (item,))
        painted = ImageChops.difference(alone.render(), blank.render()).getbbox()
        assert painted is not None
        # A face may have the ground's very colour only by chance; a vertex is painted on the pixel it lies in.
        for real, true in zip(painted, item.box, strict=True):
            assert abs(real - true) <= 1.01


@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_the_order_of_painting_is_that_of_a_depth_buffer(seed: int) -> None:
    scene = draw_solids(seed)
    columns, rows = 160, 120
    buffer = np.stack([depths(scene, item, columns, rows) for item in scene.objects])
    nearest = np.where(np.isinf(buffer.min(0)), 0, buffer.argmin(0) + 1)
    shown = np.asarray(scene.shown(columns, rows))
    # Outlines are rounded to whole pixels: only their rims may differ.
    inner = np.ones_like(shown, dtype=bool)
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            inner &= np.roll(nearest, (down, across), (0, 1)) == nearest
    assert (shown == nearest)[inner].all()


@given(seed=seeds)
@settings(max_examples=40, deadline=None)
def test_hidden_shares_are_those_of_a_depth_buffer(seed: int) -> None:
    scene = draw_solids(seed)
    columns, rows = 640, 480
    buffer = [depths(scene, item, columns, rows) for item in scene.objects]
    for n, item in enumerate(scene.objects):
        area = np.isfinite(buffer[n]).sum()
        assert sum(scene.hidden(item, by=other) for other in scene.objects) <= MOST_HIDDEN + 1e-9
        for k, other in enumerate(scene.objects):
            covered = (np.isfinite(buffer[n]) & (buffer[k] < buffer[n])).sum()
            # Outlines are rounded to whole pixels, so a rim of one pixel may be on either side.
            rim = 2 * (item.box[2] - item.box[0] + item.box[3] - item.box[1]) * columns / scene.width
            assert scene.hidden(item, by=other) == pytest.approx(covered / area, abs=max(0.01, rim / 2 / area))


@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_an_anchor_shows_its_object(seed: int) -> None:
    scene = draw_solids(seed)
    for n, item in enumerate(scene.objects, 1):
        x, y = item.anchor
        assert item.box[0] <= x <= item.box[2]
        assert item.box[1] <= y <= item.box[3]
        if item.anchor == item.centre:
            near = np.asarray(scene.shown(scene.width, scene.height))[
                max(0, int(y) - 4) : int(y) + 5, max(0, int(x) - 4) : int(x) + 5
            ]
            assert (near == n).any()


@given(seed=seeds)
@settings(max_examples=30, deadline=None)
def test_a_seed_always_draws_the_same_scene(seed: int) -> None:
    first, second = draw_solids(seed), draw_solids(seed)
    assert first == second
    assert first.render().tobytes() == second.render().tobytes()


def test_sizes_are_a_cameras() -> None:
    rng = random.Random(3)
    for _ in range(200):
        width, height = camera_size(rng)
        assert 96 <= min(width, height) <= 360
        assert max(width, height) <= 640
        assert min(abs(width / height / aspect - 1) for aspect in ASPECTS) < 0.01


@pytest.mark.parametrize("size", [(96, 96), (333, 250), (640, 360), (360, 640)])
def test_a_wanted_size_and_number_are_kept(size: tuple[int, int]) -> None:
    scene = draw_solids(EVALUATION_SEEDS, size, 1, 1)
    assert (scene.width, scene.height) == scene.render().size == size
    assert len(scene.objects) == 1


def test_something_is_often_hidden() -> None:
    scenes = [compose_solids(random.Random(seed), (320, 240), 3, 4) for seed in range(100)]
    hiding = sum(any(s.hidden(a, by=b) >= 0.05 for a in s.objects for b in s.objects) for s in scenes)
    assert hiding > 25


def test_every_face_keeps_the_colour_tellable() -> None:
    """Under any light a paint is nearer to itself under some light than to all others."""
    lights = [light / 5 for light in range(-5, 6)]
    tones = {(c.name, light): np.array(shaded(c.rgb, light), dtype=float) for c in COLOURS for light in lights}
    for (name, light), tone in tones.items():
        others = [np.abs(tone - other).max() for (theirs, _), other in tones.items() if theirs != name]
        assert min(others) > 20, (name, light)


def test_the_horizon_lies_in_the_middle() -> None:
    scene = SolidScene(200, 100, (80, 80, 80), (200, 200, 200), ())
    picture: Image.Image = scene.render()
    assert picture.getpixel((5, 49)) == (80, 80, 80)
    assert picture.getpixel((5, 50)) == (200, 200, 200)
