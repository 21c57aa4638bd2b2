"""The answers are derived a second time, from the words alone, and must agree."""

from __future__ import annotations

import json
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.synthetic.answers import Language, in_reading_order
from backend.synthetic.questions import (
    ASKERS,
    Exchange,
    Kind,
    follow_up,
    which_picture,
)
from backend.synthetic.scenes import ALL_SHAPES, COLOURS, Scene, SceneObject, Thing, compose

seeds = st.integers(0, 10**10)
languages: st.SearchStrategy[Language] = st.sampled_from(("en", "zh"))
GRID = (6, 6)


def asked(kind: Kind, seed: int, language: Language) -> tuple[Scene, Exchange]:
    rng = random.Random(seed)
    scene = compose(rng)
    return scene, ASKERS[kind](rng, scene, language, GRID)


def meant(exchange: Exchange, scene: Scene) -> list[SceneObject]:
    """Which objects a question's words fit: those with every colour and shape that is named in it."""
    text = exchange.question
    strangers = [x.shape for x in exchange.asked if x.shape is not None and x.shape not in ALL_SHAPES]
    if strangers:
        assert strangers[0].name in text or strangers[0].chinese in text
        return []
    colours = [c for c in COLOURS if re.search(rf"\b{c.name}\b", text) or c.chinese in text]
    text = re.sub(r"\b([Dd]raw) a box", r"\1 a frame", text)  # the box to draw, not a box in the picture
    shapes = [s for s in ALL_SHAPES if re.search(rf"\b(?:{s.name}|{s.plural})\b", text) or s.chinese in text]
    assert len(colours) <= 1
    assert len(shapes) <= 1
    return [x for x in scene.objects if x.colour in (colours or [x.colour]) and x.shape in (shapes or [x.shape])]


def label(item: Thing, language: Language) -> str:
    return item.name if language == "en" else item.chinese


@pytest.mark.parametrize("kind", ["one", "where", "every", "some"])
@given(seed=seeds, language=languages)
@settings(max_examples=60, deadline=None)
def test_boxes_are_those_of_the_named_objects(kind: Kind, seed: int, language: Language) -> None:
    scene, exchange = asked(kind, seed, language)
    items = meant(exchange, scene)
    if kind == "where" and not items:
        assert re.fullmatch(r"There is no .+\.|图中没有.+。", exchange.answer)
        return
    answer = json.loads(exchange.answer)
    assert [row["label"] for row in answer] == [label(x, language) for x in in_reading_order(scene, GRID) if x in items]
    for row in answer:
        item = next(x for x in items if label(x, language) == row["label"])
        for value, exact, side in zip(row["bbox_2d"], item.box, (scene.width, scene.height) * 2, strict=True):
            assert abs(value - 1000 * exact / side) <= 0.5


@pytest.mark.parametrize("kind", ["point", "points"])
@given(seed=seeds, language=languages)
@settings(max_examples=60, deadline=None)
def test_points_lie_in_the_middle_of_their_boxes(kind: Kind, seed: int, language: Language) -> None:
    scene, exchange = asked(kind, seed, language)
    items = meant(exchange, scene)
    answer = json.loads(exchange.answer)
    assert sorted(row["label"] for row in answer) == sorted(label(x, language) for x in items)
    for row in answer:
        x1, y1, x2, y2 = next(x.box for x in items if label(x, language) == row["label"])
        across, down = row["point_2d"]
        assert abs(across - 500 * (x1 + x2) / scene.width) <= 0.5
        assert abs(down - 500 * (y1 + y2) / scene.height) <= 0.5


@given(seed=seeds, language=languages)
@settings(max_examples=100, deadline=None)
def test_counts_are_bare_numbers(seed: int, language: Language) -> None:
    scene, exchange = asked("count", seed, language)
    assert exchange.answer == str(len(meant(exchange, scene)))


RELATION = re.compile(r"(?:the (?P<a>\w+ \w+) is (?P<side>left of|right of|above|below) the (?P<b>\w+ \w+)\.)")
RELATION_ZH = re.compile(r"，(?P<a>.+)在(?P<b>.+)的(?P<side>左边|右边|上方|下方)。")
FARTHER = {
    "left of": (-1, 0),
    "right of": (1, 0),
    "above": (0, -1),
    "below": (0, 1),
    "左边": (-1, 0),
    "右边": (1, 0),
    "上方": (0, -1),
    "下方": (0, 1),
}


@given(seed=seeds, language=languages)
@settings(max_examples=200, deadline=None)
def test_relations_hold_on_the_axis_that_divides_most(seed: int, language: Language) -> None:
    scene, exchange = asked("relation", seed, language)
    if not exchange.present:
        assert re.fullmatch(r"There is no .+\.|图中没有.+。", exchange.answer)
        return
    said = (RELATION if language == "en" else RELATION_ZH).search(exchange.answer)
    assert said is not None
    a = next(x for x in scene.objects if label(x, language) == said["a"])
    b = next(x for x in scene.objects if label(x, language) == said["b"])
    dx = (a.centre[0] - b.centre[0]) / scene.width
    dy = (a.centre[1] - b.centre[1]) / scene.height
    x, y = FARTHER[said["side"]]
    assert x * dx + y * dy == pytest.approx(max(abs(dx), abs(dy)))
    agrees = exchange.answer.startswith(("Yes", "是"))
    assert agrees == (said["side"] in exchange.question)


@given(seed=seeds, language=languages)
@settings(max_examples=60, deadline=None)
def test_existence(seed: int, language: Language) -> None:
    scene, exchange = asked("exists", seed, language)
    assert bool(meant(exchange, scene)) == exchange.answer.startswith(("Yes", "是"))


@given(seed=seeds, language=languages)
@settings(max_examples=60, deadline=None)
def test_the_right_picture_of_two_is_named(seed: int, language: Language) -> None:
    rng = random.Random(seed)
    scenes = (compose(rng), compose(rng))
    exchange = which_picture(rng, scenes, language)
    holders = (bool(meant(exchange, scenes[0])), bool(meant(exchange, scenes[1])))
    expected = {
        (False, False): ("Neither picture.", "两张图都没有。"),
        (True, False): ("Picture 1.", "图1。"),
        (False, True): ("Picture 2.", "图2。"),
        (True, True): ("Both pictures.", "两张图都有。"),
    }
    assert exchange.answer in expected[holders]


@given(seed=seeds, language=languages)
@settings(max_examples=80, deadline=None)
def test_follow_ups_speak_the_same_language_and_stay_true(seed: int, language: Language) -> None:
    rng = random.Random(seed)
    scene = compose(rng, most=6, fewest=2)
    before = ASKERS["one"](rng, scene, language, GRID)
    after = follow_up(rng, scene, before, GRID)
    assert after is not None
    assert after.language == language
    if after.kind == "relation":
        assert label(before.found[0][1], language) in after.answer
    else:
        assert json.loads(after.answer) == [] or json.loads(after.answer)[0]["label"] in after.question


@given(seed=seeds, language=languages)
@settings(max_examples=40, deadline=None)
def test_asking_is_deterministic(seed: int, language: Language) -> None:
    for kind in ASKERS:
        assert asked(kind, seed, language) == asked(kind, seed, language)


@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_reading_order_goes_row_by_row(seed: int) -> None:
    scene = compose(random.Random(seed))
    places = [(int(x.centre[1] * GRID[1] / scene.height), x.centre[0]) for x in in_reading_order(scene, GRID)]
    assert places == sorted(places)
