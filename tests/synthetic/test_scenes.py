"""The generator says the truth about what it paints: measured here on the pixels, which it never looks at itself."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.scenes import KINDS, Colour, Scene, SceneObject, Shape, any_size, compose, draw_scene

seeds = st.integers(0, 2 * EVALUATION_SEEDS)
radii = st.integers(6, 72)


def painted(scene: Scene) -> tuple[int, int, int, int] | None:
    """The box of all pixels that are not background."""
    blank = Image.new("RGB", (scene.width, scene.height), scene.background)
    return ImageChops.difference(scene.render(), blank).getbbox()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind[0].name} {kind[1].name}")
@given(radius=radii)
@settings(max_examples=12, deadline=None)
def test_boxes_are_tight_to_the_pixel(kind: tuple[Colour, Shape], radius: int) -> None:
    colour, shape = kind
    item = SceneObject(colour, shape, 100, 90, radius)
    assert painted(Scene(200, 180, (128, 129, 130), (item,))) == item.box


@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_a_seed_always_draws_the_same_scene(seed: int) -> None:
    first, second = draw_scene(seed), draw_scene(seed)
    assert first == second
    assert first.render().tobytes() == second.render().tobytes()


def test_different_seeds_draw_different_scenes() -> None:
    assert len({draw_scene(seed) for seed in range(200)}) == 200


@given(seed=seeds)
@settings(max_examples=150, deadline=None)
def test_scenes_belong_to_the_family(seed: int) -> None:
    scene = draw_scene(seed)
    shorter, longer = sorted((scene.width, scene.height))
    assert 96 <= shorter <= 360
    assert longer <= min(640, 2 * shorter)
    assert all(80 <= channel <= 205 for channel in scene.background)
    assert 1 <= len(scene.objects) <= 5
    assert len({(item.colour, item.shape) for item in scene.objects}) == len(scene.objects)
    for item in scene.objects:
        assert shorter / 14 <= item.radius <= shorter / 5
        x1, y1, x2, y2 = item.box
        assert x1 >= 0
        assert y1 >= 0
        assert x2 <= scene.width
        assert y2 <= scene.height


@given(seed=seeds)
@settings(max_examples=150, deadline=None)
def test_bounding_squares_stay_apart(seed: int) -> None:
    objects = compose(random.Random(seed)).objects
    for n, a in enumerate(objects):
        for b in objects[:n]:
            assert max(abs(a.x - b.x), abs(a.y - b.y)) > a.radius + b.radius


@given(seed=seeds)
@settings(max_examples=40, deadline=None)
def test_every_object_is_visible_in_its_own_colour(seed: int) -> None:
    scene = draw_scene(seed)
    picture = scene.render()
    for item in scene.objects:
        # The middle of the square around the centre lies inside all five shapes.
        assert picture.getpixel((item.x, item.y)) == item.colour.rgb


@pytest.mark.parametrize("size", [(96, 160), (333, 250), (640, 360), (360, 640), (480, 480)])
def test_a_wanted_size_is_kept(size: tuple[int, int]) -> None:
    scene = draw_scene(EVALUATION_SEEDS, size)
    assert (scene.width, scene.height) == size
    assert scene.render().size == size
    assert scene.render().mode == "RGB"


def test_sizes_lie_and_stand() -> None:
    rng = random.Random(5)
    sizes = [any_size(rng) for _ in range(300)]
    assert any(w >= 1.9 * h for w, h in sizes)
    assert any(h >= 1.9 * w for w, h in sizes)


def test_the_number_of_objects_can_be_chosen() -> None:
    assert all(len(draw_scene(seed, (320, 320), 3, 3).objects) == 3 for seed in range(50))
