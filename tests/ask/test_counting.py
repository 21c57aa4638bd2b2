"""Counts and the boxes that were counted: read from words, asked for beside the answer, and held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import backend
from backend.answer import Answer
from backend.ask import Asker, Question
from backend.ask.counting import number_in
from backend.catalog.registry import load_catalog
from backend.catalog.store import ModelStore
from backend.errors import EngineFailure
from backend.events import Cancelled, Failed, Found, Token
from backend.media.images import load
from backend.scene import Box
from backend.synthetic.samples import SAMPLES
from tests.ask.asking import CARD, answer_of, asker, canned, picture, texts
from tests.scripted import Break, End, Hold, Say, ScriptedEngine

COUNT = "How many red circles are there?"
ONE = '{"bbox_2d": [100, 100, 200, 300], "label": "red circle"}'
TWO = '{"bbox_2d": [500, 100, 600, 300], "label": "red circle"}'


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        (" 12 \n", 12),
        ("There are 3 red circles.", 3),
        ("There are three cups: one on the left and two on the right.", 3),
        ("I can see two.", 2),
        ("Twelve.", 12),
        ("There are no cups.", 0),
        ("None.", 0),
        ("图中有3个红色圆形。", 3),
        ("图中有三个红色圆形。", 3),
        ("两把椅子", 2),
        ("一共有十二个物体。", 12),
        ("二十个", 20),
        ("有二十一个人。", 21),
        ("图中没有杯子。", 0),
        ("", None),
        ("Many.", None),
        ("3 cups and 4 plates.", None),
        ("Between 3 and 5.", None),
        ("About 2.5 of them.", None),
        ("物体一共不少。", None),
    ],
)
def test_the_number_that_an_answer_states(text: str, number: int | None) -> None:
    assert number_in(text) == number


@given(st.integers(0, 999_999))
def test_figures_are_read_in_either_language(number: int) -> None:
    assert number_in(str(number)) == number_in(f"There are {number} of them.") == number_in(f"图中有{number}个。") == number


@given(st.text(max_size=80))
def test_any_text_has_a_number_or_none(text: str) -> None:
    assert (number_in(text) or 0) >= 0


def test_what_was_counted_is_located_on_the_same_picture() -> None:
    engine = canned("2", f"[{ONE}, {TWO}]")
    events = list(asker(engine).ask(Question(COUNT, (picture(),))))
    answer = answer_of(events)
    assert (answer.task, answer.text) == ("count", "2")
    assert [(box.id, box.label, box.x1) for box in answer.boxes] == [("b1", "red circle", 20), ("b2", "red circle", 100)]
    assert [event.finding for event in events if isinstance(event, Found)] == list(answer.boxes)
    assert not any("said" in warning for warning in answer.warnings)
    first, second = engine.requests
    assert texts(second.messages[0]) == ["Locate all red circles, report bbox coordinates in JSON format."]
    assert second.messages[0].parts[0] == first.messages[0].parts[0], "the same raster: its tokens are reused"
    assert second.form is not None
    assert second.max_tokens == CARD.max_tokens
    assert [event.text for event in events if isinstance(event, Token)] == ["2"], "the list is no part of the answer"


def test_what_was_only_named_is_counted_and_located() -> None:
    engine = canned("1", f"[{ONE}]")
    answer = answer_of(list(asker(engine).ask(Question("red circles", (picture(),), "count"))))
    assert [texts(request.messages[0])[-1] for request in engine.requests] == [
        "How many red circles are there?",
        "Locate all red circles, report bbox coordinates in JSON format.",
    ]
    assert len(answer.boxes) == 1


@pytest.mark.parametrize(
    ("said", "listed", "warning"),
    [
        ("3", f"[{ONE}, {TWO}]", "the model said 3, and 2 boxes were found"),
        ("There are no red circles.", f"[{ONE}]", "the model said 0, and 1 box was found"),
        ("One.", "[]", "the model said 1, and 0 boxes were found"),
    ],
)
def test_a_number_that_the_boxes_do_not_bear_out_is_said(said: str, listed: str, warning: str) -> None:
    answer = answer_of(list(asker(canned(said, listed)).ask(Question(COUNT, (picture(),)))))
    assert answer.text == said, "beside the model's words, never in their place"
    assert warning in answer.warnings


def test_a_list_that_was_cut_off_is_not_held_against_the_number() -> None:
    engine = ScriptedEngine((Say("3"),), (Say(f"[{ONE}, "), End("length")))
    answer = answer_of(list(asker(engine).ask(Question(COUNT, (picture(),)))))
    assert len(answer.boxes) == 1
    assert "the list of what was counted was cut off after 1 box" in answer.warnings


def test_a_list_that_goes_round_in_circles_is_stopped() -> None:
    engine = canned("2", "[" + ", ".join([ONE, TWO] * 200) + "]")
    answer = answer_of(list(asker(engine).ask(Question(COUNT, (picture(),)))))
    assert len(answer.boxes) == 2
    assert engine.requests[1].id in engine.cancelled


def test_what_cannot_be_told_is_not_located() -> None:
    for question, pictures in (("How many of them are red?", (picture(),)), (COUNT, (picture(), picture(name="q.png")))):
        engine = canned("2")
        answer = answer_of(list(asker(engine).ask(Question(question, pictures))))
        assert (len(engine.requests), answer.boxes) == (1, ())
        assert any("counted" in warning for warning in answer.warnings)


def test_an_answer_with_boxes_of_its_own_needs_no_others() -> None:
    engine = canned(f"[{ONE}]")
    answer = answer_of(list(asker(engine).ask(Question(COUNT, (picture(),)))))
    assert (len(engine.requests), len(answer.boxes)) == (1, 1)


def test_questions_that_count_the_same_look_once() -> None:
    engine = ScriptedEngine(reply=lambda prompt: (Say(f"[{ONE}]" if prompt.startswith("Locate") else "1"),))
    shown = picture()
    events = list(asker(engine).ask(Question(COUNT, (shown,)), Question("Count the red circles.", (shown,))))
    assert [len(batch) for batch in engine.batches] == [2, 1]
    assert sum(isinstance(event, Found) for event in events) == 2


def test_a_failure_of_the_list_is_the_questions() -> None:
    error = EngineFailure("the engine died", cure="ask again")
    engine = ScriptedEngine((Say("2"),), (Say("["), Break(error)))
    assert list(asker(engine).ask(Question(COUNT, (picture(),), id="q")))[-1] == Failed("q", error)


def test_a_count_can_be_stopped_while_its_boxes_are_looked_for() -> None:
    engine = ScriptedEngine((Say("2"),), (Say("["), Hold()))
    one = asker(engine)
    stream = one.ask(Question(COUNT, (picture(),), id="q"))
    events = [next(stream)]
    one.cancel("q")
    events += stream
    assert events[-1] == Cancelled("q")


@pytest.fixture(scope="module")
def demo() -> Iterator[Asker]:
    made = Asker(ModelStore().require(load_catalog().card("demo")))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("sample", "question", "wanted"),
    [
        ("standing.png", "How many red objects are there?", "red "),
        ("six-objects.png", "How many stars are there?", " star"),
        ("three-squares.png", "Count the squares.", " square"),
        ("three-red.png", "图中有几个物体？", ""),
        ("boxes-one-hidden.png", "How many boxes are there?", ""),
        ("two-objects.png", "How many objects are there?", ""),
    ],
)
def test_the_demo_model_shows_what_it_counted(demo: Asker, sample: str, question: str, wanted: str) -> None:
    true, answer = counted_by(demo, sample, question, wanted)
    assert answer.text == str(len(true))
    assert len(answer.boxes) == len(true)
    assert all(max(box.iou(other) for other in answer.boxes) > 0.5 for box in true)
    assert not any("the model said" in warning for warning in answer.warnings)


@pytest.mark.parametrize(
    ("sample", "question", "wanted"),
    [
        ("standing.png", "How many objects are there?", ""),
        ("one-of-each.png", "How many green objects are there?", "green "),
    ],
)
def test_where_the_demo_model_may_miscount_its_boxes_show_it(demo: Asker, sample: str, question: str, wanted: str) -> None:
    true, answer = counted_by(demo, sample, question, wanted)
    assert len(answer.boxes) == len(true)
    said = f"the model said {answer.text}, and {len(true)} boxes were found"
    assert (said in answer.warnings) == (answer.text != str(len(true))), "a processor, or a newer model, may count it right"


def counted_by(demo: Asker, sample: str, question: str, wanted: str) -> tuple[list[Box], Answer]:
    """The true boxes of what is counted, and the answer."""
    scene = next(one for one in SAMPLES if one.file == sample).scene()
    shown = load(Path(backend.__file__).parent / "demo" / "samples" / sample)
    answer = answer_of(list(demo.ask(Question(question, (shown,)))))
    return [Box(*item.box) for item in scene.objects if wanted in item.name], answer
