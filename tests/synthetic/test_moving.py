"""Moving scenes say the truth about every frame: held here against the pixels."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.moving import Mover, MovingScene, draw_moving, draw_moving_solids
from backend.synthetic.scenes import COLOURS, SHAPES, SceneObject

seeds = st.integers(0, 2 * EVALUATION_SEEDS)
SQUARE, CIRCLE = SHAPES[1], SHAPES[0]


def passing(cover: bool) -> MovingScene:
    """A red circle from left to right in ten seconds, with a blue square in the middle or without one."""
    circle = Mover("m1", SceneObject(COLOURS[0], CIRCLE, 0, 0, 10), ((0.0, -50.0, 60.0), (10.0, 250.0, 60.0)))
    square = Mover("m2", SceneObject(COLOURS[2], SQUARE, 0, 0, 30), ((0.0, 100.0, 60.0),))
    return MovingScene(200, 120, (128, 129, 130), (circle, square) if cover else (circle,), 10.0, 2.0)


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_a_seed_always_makes_the_same_film(seed: int) -> None:
    for draw in (draw_moving, draw_moving_solids):
        first, second = draw(seed), draw(seed)
        assert first == second
        assert first.frame(2.5) == second.frame(2.5)


def test_frames_are_spaced_by_the_rate() -> None:
    scene = draw_moving(1, (160, 120), duration=1.5, fps=4)
    assert scene.times == (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)
    assert [frame.time for frame in scene.frames] == list(scene.times)
    assert all(frame.picture.size == (160, 120) for frame in scene.frames)


@pytest.mark.parametrize("time", [0.0, 1.0, 1.5, 1.9, 3.0, 8.0, 8.3, 10.0])
def test_boxes_are_tight_and_end_at_the_edge(time: float) -> None:
    scene = passing(cover=False)
    frame = scene.frame(time)
    blank = Image.new("RGB", frame.picture.size, scene.background)
    painted = ImageChops.difference(frame.picture, blank).getbbox()
    told = frame.truth[0]
    x1, y1, x2, y2 = told.box
    assert (painted is None) == (x1 == x2) == (told.share == 0)
    if painted is not None:
        assert painted == (x1, y1, x2, y2) if told.share == 1 else (painted[0], painted[2]) == (x1, x2)


def test_a_thing_behind_the_cover_is_there_and_not_visible() -> None:
    told = {time: passing(cover=True).truth(time)[0] for time in (3.0, 4.0, 5.0)}
    assert told[3.0].share == 1
    assert told[3.0].visible
    assert 0 < told[4.0].share < 1
    assert told[5.0].share == 0
    assert not told[5.0].visible
    assert told[5.0].box == (90, 50, 111, 71)


def test_things_stand_before_their_first_moment_and_after_their_last() -> None:
    mover = Mover("m1", SceneObject(COLOURS[0], CIRCLE, 0, 0, 5), ((1.0, 0.0, 0.0), (2.0, 10.0, 20.0), (3.0, 10.0, 20.0)))
    assert [mover.place(t) for t in (0, 1, 1.5, 2.5, 9)] == [(0, 0), (0, 0), (5, 10), (10, 20), (10, 20)]


@given(seed=seeds)
@settings(max_examples=25, deadline=None)
def test_in_every_film_something_enters_leaves_and_is_hidden(seed: int) -> None:
    scene = draw_moving(seed, (240, 160), fps=5)
    rows = [scene.truth(time) for time in scene.times]
    assert len({told.name for told in rows[0]}) == len(rows[0]) >= 3
    behind = [row[0] for row in rows]
    within = [told.box[0] < told.box[2] and told.box[1] < told.box[3] for told in behind]
    assert any(inside and told.share == 0 for inside, told in zip(within, behind, strict=True))
    assert not rows[-1][1].visible
    assert any(row[1].visible for row in rows)
    assert all(0 <= told.share <= 1 for row in rows for told in row)


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_boxes_in_perspective_stay_on_the_ground_and_before_the_camera(seed: int) -> None:
    scene = draw_moving_solids(seed, fps=2)
    rows = [scene.truth(time) for time in scene.times]
    assert any(told.visible for row in rows for told in row)
    for time, row in zip(scene.times, rows, strict=True):
        assert [told.name for told in row] == [item.name for item in scene.scene(time).objects]
        for told in row:
            x1, y1, x2, y2 = told.box
            assert 0 <= x1 <= x2 <= scene.width
            assert 0 <= y1 <= y2 <= scene.height
