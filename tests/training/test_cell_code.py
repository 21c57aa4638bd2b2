"""The code that both halves of the demo model are taught: checked against the scene it was written from."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.synthetic.perspective import SolidScene, compose_solids
from backend.synthetic.scenes import ALL_SHAPES, COLOURS, Scene, compose
from scripts.demo_training.cell_code import (
    BOX,
    COLOUR,
    ECHO,
    FLAG,
    FREQUENCIES,
    HIDDEN,
    HIDERS,
    LENGTHS,
    LOUDNESS,
    METRE_FREQUENCIES,
    METRES,
    PICTURE,
    PLACES,
    RANK,
    SHAPE,
    SIGNS,
    SILENT,
    SPACE,
    YAW_FREQUENCIES,
    corners,
    owners,
    write,
)

seeds = st.integers(0, 10**10)
grids = st.sampled_from([(6, 6), (8, 4), (4, 8), (7, 5), (3, 3)])


def made(seed: int, grid: tuple[int, int]) -> Scene:
    return compose(random.Random(seed), (grid[0] * 32, grid[1] * 32))


@given(seed=seeds, grid=grids)
@settings(max_examples=80, deadline=None)
def test_the_cell_of_a_centre_speaks_of_its_object(seed: int, grid: tuple[int, int]) -> None:
    scene = made(seed, grid)
    owner, centre = owners(scene, *grid)
    cells = [int(x.centre[1] // 32) * grid[0] + int(x.centre[0] // 32) for x in scene.objects]
    assert set(np.flatnonzero(centre)) == set(cells)
    for n, cell in enumerate(cells):
        if cells.count(cell) == 1:
            assert owner[cell] == n


@given(seed=seeds, grid=grids)
@settings(max_examples=80, deadline=None)
def test_colour_shape_and_box_can_be_read_back(seed: int, grid: tuple[int, int]) -> None:
    scene = made(seed, grid)
    code, owner = write(scene, *grid)
    assert code.shape == (grid[0] * grid[1], HIDDEN)
    assert not code[:, SILENT].any()
    assert (code[:, PICTURE] == LOUDNESS).all()
    for row, n in zip(code, owner, strict=True):
        if n < 0:
            assert row[COLOUR].argmax() == row[SHAPE].argmax() == 0
            assert not row[BOX].any()
            assert not row[FLAG].any()
            continue
        assert not row[SPACE].any()
        item = scene.objects[n]
        assert COLOURS[row[COLOUR].argmax() - 1] == item.colour
        assert ALL_SHAPES[row[SHAPE].argmax() - 1] == item.shape
        assert row[ECHO].sum() == pytest.approx(2 * LOUDNESS)
        cosines, sines = row[BOX].reshape(PLACES, 2, len(FREQUENCIES)).transpose(1, 0, 2)[..., 0]
        values = np.arctan2(sines, cosines) / np.pi % 2  # the slowest wave turns once in two pictures
        x1, y1, x2, y2 = corners(scene)[n]
        assert values == pytest.approx([x1, y1, x2, y2, (x1 + x2) / 2, (y1 + y2) / 2], abs=1e-4)


@given(seed=seeds)
@settings(max_examples=30, deadline=None)
def test_every_object_owns_a_cell_on_the_usual_grid(seed: int) -> None:
    scene = made(seed, (6, 6))
    owner, _ = owners(scene, 6, 6)
    # Two centres may share one cell of 32 pixels; then the smaller object speaks from a neighbour or not at all.
    assert len(set(owner) - {-1}) >= len(scene.objects) - 1


def made_solid(seed: int, grid: tuple[int, int]) -> SolidScene:
    return compose_solids(random.Random(seed), (grid[0] * 32, grid[1] * 32), 2, 4)


@given(seed=seeds, grid=st.sampled_from([(6, 6), (7, 5), (5, 7), (8, 4)]))
@settings(max_examples=60, deadline=None)
def test_metres_rank_and_hiders_can_be_read_back(seed: int, grid: tuple[int, int]) -> None:
    scene = made_solid(seed, grid)
    code, owner = write(scene, *grid)
    assert not code[:, SILENT].any()
    near, far = (rank([item.distance for item in scene.objects]) for rank in (min, max))
    for row, n in zip(code, owner, strict=True):
        if n < 0:
            assert not row[SPACE].any()
            continue
        item = scene.objects[n]
        assert ALL_SHAPES[row[SHAPE].argmax() - 1] == item.shape
        lengths = row[METRES][: 2 * LENGTHS * len(METRE_FREQUENCIES)].reshape(LENGTHS, 2, -1)[..., 0]
        values = np.arctan2(lengths[:, 1], lengths[:, 0]) / (2 * np.pi) % 1 * 10
        x, y, z = item.centre3d
        assert values == pytest.approx([abs(x), y, z, *item.size], abs=1e-3)
        turn = row[METRES][-2 * len(YAW_FREQUENCIES) :].reshape(2, -1)[:, 0]
        assert np.arctan2(turn[1], turn[0]) / (2 * np.pi) == pytest.approx(abs(item.yaw), abs=1e-4)
        assert row[SIGNS] == pytest.approx([np.clip(x / 0.25, -1, 1), np.clip(item.yaw / 0.05, -1, 1)], abs=1e-4)
        assert list(row[RANK] > 0) == [item.distance == near, item.distance == far]
        hidden = {COLOURS.index(other.colour) for other in scene.objects if scene.hidden(item, by=other) >= 0.04}
        assert set(np.flatnonzero(row[HIDERS])) == hidden


@given(seed=seeds)
@settings(max_examples=40, deadline=None)
def test_a_cell_speaks_of_a_box_that_shows_there(seed: int) -> None:
    scene = made_solid(seed, (7, 5))
    owner, centre = owners(scene, 7, 5)
    anchors = {int(x.anchor[1] // 32) * 7 + int(x.anchor[0] // 32) for x in scene.objects}
    assert set(np.flatnonzero(centre)) == anchors
    shown = np.asarray(scene.shown(scene.width, scene.height)).reshape(5, 32, 7, 32).transpose(0, 2, 1, 3).reshape(35, -1)
    for cell, n in enumerate(owner):
        if n >= 0 and cell not in anchors:
            assert (shown[cell] == n + 1).mean() > 0.02
