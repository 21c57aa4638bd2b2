"""The answers about perspective scenes are derived a second time, from the words and the metres alone, and must agree."""

from __future__ import annotations

import json
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.ask.book import book
from backend.ask.prompts import phrase
from backend.synthetic.answers import Language, in_reading_order
from backend.synthetic.perspective import Solid, SolidScene, compose_solids
from backend.synthetic.questions import ALL_KINDS, Exchange, Kind, someone
from backend.synthetic.scenes import compose
from backend.synthetic.solid_questions import SOLID_ASKERS, solid_all, solid_one
from backend.synthetic.solid_wordings import SOLID_ONE
from backend.synthetic.strangers import NEVER_TAUGHT, TAUGHT, stranger

seeds = st.integers(0, 10**10)
languages: st.SearchStrategy[Language] = st.sampled_from(("en", "zh"))
GRID = (7, 5)
ABSENT = r"There is no .+\.|图中没有.+。"


def asked(kind: Kind, seed: int, language: Language) -> tuple[SolidScene, Exchange]:
    rng = random.Random(seed)
    scene = compose_solids(rng)
    return scene, SOLID_ASKERS[kind](rng, scene, language, GRID)


def named_in(text: str, scene: SolidScene) -> list[Solid]:
    """The boxes of the scene that a text names, in its order."""
    places = {item: max(text.find(item.name), text.find(item.chinese)) for item in scene.objects}
    return sorted((item for item, place in places.items() if place >= 0), key=places.__getitem__)


def label(item: Solid, language: Language) -> str:
    return item.name if language == "en" else item.chinese


@pytest.mark.parametrize("kind", ["solid", "solids"])
@given(seed=seeds, language=languages)
@settings(max_examples=80, deadline=None)
def test_3d_boxes_are_those_of_the_named_objects(kind: Kind, seed: int, language: Language) -> None:
    scene, exchange = asked(kind, seed, language)
    items = [x for x in in_reading_order(scene, GRID) if isinstance(x, Solid)]
    if kind == "solid":
        items = named_in(exchange.question, scene)
    rows = json.loads(exchange.answer)
    assert [row["label"] for row in rows] == [label(item, language) for item in items]
    for row, item in zip(rows, items, strict=True):
        assert row["bbox_3d"] == pytest.approx([*item.centre3d, *item.size, 0, item.yaw, 0], abs=1e-9)
    assert "-0.00" not in exchange.answer


NEAR = {"nearer than": True, "closer than": True, "closer to the camera than": True, "in front of": True}
FAR = {"farther than": False, "farther away than": False, "behind": False}
COMPARES = re.compile(rf"the \w+ \w+ is (?P<side>{'|'.join([*NEAR, *FAR])}) the \w+ \w+\.$")
COMPARES_ZH = re.compile(r"(?P<near>近|前面)。$|(?P<far>远|后面)。$")


@given(seed=seeds, language=languages)
@settings(max_examples=200, deadline=None)
def test_depth_compares_the_nearest_contacts_with_the_ground(seed: int, language: Language) -> None:
    scene, exchange = asked("depth", seed, language)
    if exchange.kind != "depth":
        return
    if not exchange.present:
        assert re.fullmatch(ABSENT, exchange.answer)
        return
    a, b = named_in(exchange.answer, scene)
    if language == "en":
        said = COMPARES.search(exchange.answer)
        assert said is not None
        near = (NEAR | FAR)[said["side"]]
        repeated = said["side"] in exchange.question
    else:
        found = COMPARES_ZH.search(exchange.answer)
        assert found is not None
        near = found["near"] is not None
        repeated = exchange.answer.removesuffix("。").split("，", 1)[1] in exchange.question
    assert (a.distance < b.distance) == near
    assert exchange.answer.startswith(("Yes", "是")) == repeated


@given(seed=seeds, language=languages)
@settings(max_examples=100, deadline=None)
def test_the_nearest_and_the_farthest(seed: int, language: Language) -> None:
    scene, exchange = asked("extreme", seed, language)
    if exchange.kind != "extreme":
        return
    nearest = re.search("nearest|closest|最近", exchange.question) is not None
    order = sorted(scene.objects, key=lambda item: item.distance)
    assert named_in(exchange.answer, scene) == [order[0 if nearest else -1]]


@given(seed=seeds, language=languages)
@settings(max_examples=100, deadline=None)
def test_hiding_needs_a_part_that_is_hidden(seed: int, language: Language) -> None:
    scene, exchange = asked("hides", seed, language)
    if exchange.kind != "hides":
        return
    a, b = named_in(exchange.answer, scene)
    share = scene.hidden(b, by=a)
    assert share >= 0.05 if exchange.answer.startswith(("Yes", "是，")) else share == 0


def test_hiding_is_asked_about_fairly() -> None:
    asks = [asked("hides", seed, "en")[1] for seed in range(600)]
    answers = [x.answer.split(",")[0] for x in asks if x.kind == "hides"]
    assert 0.15 < answers.count("Yes") / len(answers) < 0.5


@given(seed=seeds, language=languages)
@settings(max_examples=100, deadline=None)
def test_left_and_right_hold(seed: int, language: Language) -> None:
    scene, exchange = asked("relation", seed, language)
    if exchange.kind != "relation" or not exchange.present:
        return
    a, b = named_in(exchange.answer, scene)
    assert (a.centre[0] < b.centre[0]) == bool(re.search("left|左边", exchange.answer))
    assert re.search("left|right|左边|右边", exchange.answer)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_3d_box_is_asked_for_as_the_program_does(language: Language) -> None:
    name = {"en": "red box", "zh": "红色箱子"}[language]
    typed = {"en": f"find the {name}", "zh": f"定位{name}"}[language]
    forms = [form.format(name=name) for form in SOLID_ONE[language]]
    task = book().task("boxes3d")
    assert phrase(task, typed) in forms
    assert phrase(task, name) in forms


@given(seed=seeds, language=languages)
@settings(max_examples=30, deadline=None)
def test_flat_scenes_have_no_solid_boxes(seed: int, language: Language) -> None:
    rng = random.Random(seed)
    scene = compose(rng)
    assert solid_one(rng, scene, language, GRID).answer == "[]"
    assert solid_all(rng, scene, language, GRID).answer == "[]"


@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_what_is_absent_fits_nothing(seed: int) -> None:
    rng = random.Random(seed)
    for scene in (compose(rng), compose_solids(rng)):
        wanted = someone(rng, scene, False)
        assert not any(wanted.fits(item) for item in scene.objects)


def test_strangers_are_no_shapes_and_some_are_never_taught() -> None:
    rng = random.Random(1)
    met = {stranger(rng).name for _ in range(2000)}
    known = {shape.name for _, shape in ALL_KINDS}
    assert not met & known
    assert not met & {shape.name for shape in NEVER_TAUGHT}
    assert {shape.name for shape in TAUGHT} <= met
    assert not {x.chinese for x in TAUGHT} & {x.chinese for x in NEVER_TAUGHT}


@pytest.mark.parametrize("kind", list(SOLID_ASKERS))
def test_asking_is_deterministic(kind: Kind) -> None:
    for seed in range(20):
        assert asked(kind, seed, "en") == asked(kind, seed, "en")
