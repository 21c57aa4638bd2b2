"""Pictures that are asked about one by one and held against each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from backend.answer import Answer
from backend.ask import comparing
from backend.ask.measured import ASSUMED
from backend.ask.pipeline import Asker
from backend.catalog.registry import load_catalog
from backend.catalog.store import ModelStore
from backend.events import Done
from backend.scene import ChangeKind, MotionKind, Picture
from backend.schema import json_schema
from backend.synthetic.views import ViewPair, boxes_before_and_after, draw_pair
from scripts.demo_evaluation import picture_of
from tests.ask.asking import asker, canned, picture

BEFORE, AFTER = picture(1000, 1000, "before.png"), picture(1000, 1000, "after.png")


def said(*boxes: tuple[str, int, int]) -> str:
    """As the model says it: things 100 wide and high, by their left upper corners in thousandths."""
    return json.dumps([{"bbox_2d": [x, y, x + 100, y + 100], "label": label} for label, x, y in boxes])


def compared(*answers: str, pictures: tuple[Picture, ...] = (BEFORE, AFTER), solids: bool = False) -> Answer:
    asked = comparing.questions(pictures, "", solids=solids, second_looks=False)
    events = asker(canned(*answers)).ask(*(one for own in asked for one in own))
    whole = {event.request: event.answer for event in events if isinstance(event, Done)}
    return comparing.joined("", pictures, [[whole[one.id] for one in own] for own in asked], ASSUMED)


def test_findings_are_numbered_through_and_carry_their_picture() -> None:
    answer = compared(said(("cup", 100, 100), ("plate", 500, 500)), said(("cup", 400, 100), ("plate", 500, 500)))
    assert [(box.id, box.label, box.picture) for box in answer.boxes] == [
        ("b1", "cup", 0),
        ("b2", "plate", 0),
        ("b3", "cup", 1),
        ("b4", "plate", 1),
    ]
    moved, stayed = answer.changes
    assert (moved.kind, moved.before_id, moved.after_id, moved.displacement) == (ChangeKind.MOVED, "b1", "b3", (300, 0))
    assert stayed.kind is ChangeKind.UNCHANGED
    assert answer.text.startswith('Picture 1: [{"bbox_2d"')
    Draft202012Validator(json_schema()).validate(json.loads(json.dumps(answer.as_dict())))


def test_a_thing_that_was_boxed_twice_does_not_seem_to_go() -> None:
    one, again = ("cup", 100, 100), ("cup", 104, 101)
    answer = compared(said(one, again), said(one))
    assert [change.kind for change in answer.changes] == [ChangeKind.UNCHANGED]
    assert "picture 1: of the boxes found 1 was around what had one already" in answer.warnings


def test_each_step_of_three_pictures_is_told() -> None:
    third = replace(AFTER, sha256="third")
    cup = [said(("cup", x, 100), ("plate", 500, 500), ("fork", 700, 700)) for x in (100, 300, 300)]
    answer = compared(*cup, pictures=(BEFORE, AFTER, third))
    steps = [(change.before, change.after, change.kind.value) for change in answer.changes if change.label == "cup"]
    assert steps == [(0, 1, "moved"), (1, 2, "unchanged")]
    assert [(motion.before, motion.kind) for motion in answer.motions] == [(0, MotionKind.STILL), (1, MotionKind.STILL)]


def test_what_should_be_known_of_the_pictures_is_said() -> None:
    same = compared(said(("cup", 1, 1)), said(("cup", 1, 1)), pictures=(BEFORE, BEFORE))
    assert "pictures 1 and 2 are the same file" in same.warnings
    lying = compared(said(("cup", 1, 1)), "[]", pictures=(BEFORE, picture(1000, 500, "lying.png")))
    assert any("differ in shape" in warning for warning in lying.warnings)
    assert "nothing was found in picture 2" in lying.warnings


@pytest.fixture(scope="module")
def demo() -> Iterator[Asker]:
    made = Asker(ModelStore().require(load_catalog().card("demo")))
    yield made
    made.close()


def by_demo(demo: Asker, pair: ViewPair, *, solids: bool = False) -> tuple[Answer, dict[str, set[str]]]:
    """What the demo model and geometry make of it, by name."""
    pictures = (picture_of(pair.before, "before.png"), picture_of(pair.after, "after.png"))
    asked = comparing.questions(pictures, "", solids=solids, second_looks=True)
    whole = {
        event.request: event.answer for event in demo.ask(*(one for own in asked for one in own)) if isinstance(event, Done)
    }
    answer = comparing.joined("", pictures, [[whole[one.id] for one in own] for own in asked], demo.localisation)
    told: dict[str, set[str]] = {}
    for change in answer.changes:
        told.setdefault(change.label, set()).add(change.kind.value)
    return answer, told


@pytest.mark.parametrize(("camera", "seed"), [("still", 23), ("pan", 19), ("zoom", 13)])
def test_the_demo_model_and_geometry_tell_what_happened(demo: Asker, camera: str, seed: int) -> None:
    pair = draw_pair(8 * 10**9 + seed, camera)
    answer, told = by_demo(demo, pair)
    assert told == {fate.name: set(fate.kinds) for fate in pair.fates}
    assert answer.motions[0].kind is (MotionKind.MOVED if pair.camera_moved else MotionKind.STILL)
    assert answer.motions[0].scale == pytest.approx(pair.camera[0], abs=0.05)


def test_the_demo_models_metres_are_a_second_witness(demo: Asker) -> None:
    pair = boxes_before_and_after()
    answer, told = by_demo(demo, pair, solids=True)
    assert told == {fate.name: set(fate.kinds) for fate in pair.fates}
    nearer = next(change for change in answer.changes if change.kind is ChangeKind.NEARER)
    assert "(its estimate)" in nearer.reason
