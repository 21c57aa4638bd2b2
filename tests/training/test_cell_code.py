"""The code that both halves of the demo model are taught: checked against the scene it was written from."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.synthetic.scenes import COLOURS, SHAPES, Scene, compose
from scripts.demo_training.cell_code import (
    BOX,
    COLOUR,
    ECHO,
    FLAG,
    FREQUENCIES,
    HIDDEN,
    LOUDNESS,
    PICTURE,
    PLACES,
    SHAPE,
    SILENT,
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
    owner, centre = owners(corners(scene), *grid)
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
        item = scene.objects[n]
        assert COLOURS[row[COLOUR].argmax() - 1] == item.colour
        assert SHAPES[row[SHAPE].argmax() - 1] == item.shape
        assert row[ECHO].sum() == pytest.approx(2 * LOUDNESS)
        cosines, sines = row[BOX].reshape(PLACES, 2, len(FREQUENCIES)).transpose(1, 0, 2)[..., 0]
        values = np.arctan2(sines, cosines) / np.pi % 2  # the slowest wave turns once in two pictures
        x1, y1, x2, y2 = corners(scene)[n]
        assert values == pytest.approx([x1, y1, x2, y2, (x1 + x2) / 2, (y1 + y2) / 2], abs=1e-4)


@given(seed=seeds)
@settings(max_examples=30, deadline=None)
def test_every_object_owns_a_cell_on_the_usual_grid(seed: int) -> None:
    scene = made(seed, (6, 6))
    owner, _ = owners(corners(scene), 6, 6)
    # Two centres may share one cell of 32 pixels; then the smaller object speaks from a neighbour or not at all.
    assert len(set(owner) - {-1}) >= len(scene.objects) - 1
