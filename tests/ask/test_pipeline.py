"""One question end to end against an engine that answers from a list, so that what is *sent* can be read too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.ask import Question, Turn
from backend.errors import EngineFailure, UsageError
from backend.events import Cancelled, Failed, Found, Judged, StopReason, Token
from backend.scene import Box, Raster, Ruling
from tests.ask.asking import CARD, answer_of, asker, canned, picture, texts
from tests.scripted import Break, End, Say, ScriptedEngine


def test_boxes_stream_and_come_back_in_pixels() -> None:
    engine = canned('[{"bbox_2d": [500, 0, 1000, 500], "label": "red circle"}]')
    events = list(asker(engine).ask(Question("where is the red circle?", (picture(),))))
    found = [event.finding for event in events if isinstance(event, Found)]
    answer = answer_of(events)
    assert found == list(answer.boxes)
    assert [(box.x1, box.y1, box.x2, box.y2) for box in answer.boxes] == [(100, 0, 200, 50)]
    assert answer.task == "boxes"
    (request,) = engine.requests
    assert texts(request.messages[0]) == ["Locate the red circle, report bbox coordinates in JSON format."]
    assert request.sampling.temperature == 0
    (shown,) = [part for part in request.messages[0].parts if isinstance(part, Raster)]
    assert shown.width % 32 == shown.height % 32 == 0
    assert shown.tokens <= 36


def test_the_truth_about_the_demo_model_goes_with_its_answers() -> None:
    answer = answer_of(list(asker(canned("3")).ask(Question("How many objects are there?", (picture(),)))))
    assert "knows only generated scenes" in answer.warnings
    real = replace(CARD, bundled=False)
    answer = answer_of(list(asker(canned("A cup."), real).ask(Question("Describe the picture.", (picture(),)))))
    assert answer.warnings == ()


def test_a_stated_relation_is_grounded_on_the_same_picture_and_judged() -> None:
    engine = canned(
        "Yes, the red circle is left of the blue square.",
        '[{"bbox_2d": [100, 100, 200, 300], "label": "red circle"}]',
        '[{"bbox_2d": [700, 100, 900, 300], "label": "blue square"}]',
    )
    events = list(asker(engine).ask(Question("Is the red circle left of the blue square?", (picture(),))))
    answer = answer_of(events)
    (claim,) = answer.claims
    assert (claim.subject_id, claim.object_id) == ("b1", "b2")
    assert claim.verdict is not None
    assert claim.verdict.ruling is Ruling.CONFIRMED
    assert [event.claim for event in events if isinstance(event, Judged)] == [claim]
    assert len({request.messages[0].parts[0] for request in engine.requests}) == 1, "the same raster: its tokens are reused"


def test_a_contradiction_stands_beside_the_models_words() -> None:
    said = "Yes, the red circle is right of the blue square."
    engine = canned(said, '[{"bbox_2d": [100, 100, 200, 300]}]', '[{"bbox_2d": [700, 100, 900, 300]}]')
    answer = answer_of(list(asker(engine).ask(Question("Is the red circle right of the blue square?", (picture(),)))))
    assert answer.text == said
    assert answer.claims[0].verdict is not None
    assert answer.claims[0].verdict.ruling is Ruling.CONTRADICTED


def test_a_claim_about_something_that_is_not_found_has_no_verdict() -> None:
    engine = canned("Yes, the red circle is left of the blue square.", "[]", '[{"bbox_2d": [700, 100, 900, 300]}]')
    answer = answer_of(list(asker(engine).ask(Question("Is the red circle left of the blue square?", (picture(),)))))
    assert answer.claims[0].verdict is None


def test_a_follow_up_repeats_the_conversation_word_for_word() -> None:
    first = canned("3")
    answer = answer_of(list(asker(first).ask(Question("How many objects are there?", (picture(),)))))
    engine = canned("2")
    list(asker(engine).ask(Question("And how many circles?", (picture(),), history=(Turn(*answer.turn),))))
    messages = engine.requests[0].messages
    assert [message.role for message in messages] == ["user", "assistant", "user"]
    assert messages[0] == first.requests[0].messages[0]
    assert texts(messages[1]) == ["3"]


def test_several_pictures_are_named_and_share_the_context() -> None:
    engine = canned("Picture 2.")
    pictures = tuple(picture(name=f"{n}.png") for n in range(40))
    list(asker(engine).ask(Question("Which picture shows the red circle?", pictures)))
    parts = engine.requests[0].messages[0].parts
    assert parts[0] == "Picture 1: "
    assert parts[2] == "Picture 2: "
    assert sum(part.tokens for part in parts if isinstance(part, Raster)) < CARD.context - CARD.max_tokens


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_question_is_refused(text: str) -> None:
    (failed,) = asker(canned()).ask(Question(text, (picture(),)))
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, UsageError)


@pytest.mark.parametrize(
    ("reason", "words"), [("length", "cut off after"), ("context", "context of 2048"), ("loop", "repeated itself")]
)
def test_an_answer_that_was_cut_off_says_so(reason: StopReason, words: str) -> None:
    answer = answer_of(
        list(asker(ScriptedEngine((Say("and so"), End(reason)))).ask(Question("Describe the picture.", (picture(),))))
    )
    assert any(words in warning for warning in answer.warnings)


def test_nothing_located_is_an_answer_that_says_so() -> None:
    answer = answer_of(list(asker(canned("[]")).ask(Question("where is the red circle?", (picture(),)))))
    assert answer.boxes == ()
    assert any("located nothing" in warning for warning in answer.warnings)


def test_a_failure_ends_the_stream() -> None:
    error = EngineFailure("the engine died", cure="ask again")
    engine = ScriptedEngine((Say("so "), Break(error)))
    events = list(asker(engine).ask(Question("Describe the picture.", (picture(),), id="q")))
    assert events[-1] == Failed("q", error)


def test_a_cancel_ends_the_stream() -> None:
    engine = canned("Yes, the red circle is left of the blue square.", "[]", "[]")
    one = asker(engine)
    events = []
    for event in one.ask(Question("Is the red circle left of the blue square?", (picture(),), id="q")):
        events.append(event)
        if isinstance(event, Token) and len(engine.requests) == 1:
            one.cancel("q")
    assert events[-1] == Cancelled("q")
    assert len(engine.requests) == 1


def test_boxes_hold_no_more_than_the_picture() -> None:
    engine = canned('[{"bbox_2d": [-50, 900, 1200, 1300], "label": "x"}]')
    answer = answer_of(list(asker(engine).ask(Question("find x", (picture(),), "boxes"))))
    assert answer.boxes == (Box(0, 90, 200, 100, "x", 0, answer.boxes[0].confidence, "b1"),)
    assert any("clamped" in warning for warning in answer.warnings)


def test_an_answer_that_locates_has_a_form_whoever_gives_it_and_a_free_one_has_none() -> None:
    engine = canned("Yes, the red circle is left of the blue square.", "[]", "[]", "[]", "[]")
    one = asker(engine)
    list(one.ask(Question("Is the red circle left of the blue square?", (picture(),))))
    list(one.ask(Question("where is the red circle?", (picture(),))))
    list(asker(engine, replace(CARD, thinking=True)).ask(Question("where is the red circle?", (picture(),))))
    assert [request.form is not None for request in engine.requests] == [False, True, True, True, True]


def test_a_list_that_repeats_itself_is_stopped_and_kept() -> None:
    one = '{"bbox_2d": [100, 100, 200, 300], "label": "red circle"}'
    other = '{"bbox_2d": [500, 100, 600, 300], "label": "red circle"}'
    engine = canned("[" + ", ".join([one, other] * 200) + "]")
    answer = answer_of(list(asker(engine).ask(Question("Locate every red circle", (picture(),)))))
    assert [box.id for box in answer.boxes] == ["b1", "b2"]
    assert len(answer.text) < 6 * len(one)
    assert answer.timings.tokens == len(answer.turn[1])
    assert "the list repeated itself and was stopped after 3 repeats" in answer.warnings
    assert not any("same finding" in warning for warning in answer.warnings)


def test_two_repeats_are_left_out_and_the_list_goes_on() -> None:
    one = '{"bbox_2d": [100, 100, 200, 300], "label": "red circle"}'
    other = '{"bbox_2d": [500, 100, 600, 300], "label": "red circle"}'
    answer = answer_of(
        list(
            asker(canned("[" + ", ".join([one, one, one, other]) + "]")).ask(Question("Locate every red circle", (picture(),)))
        )
    )
    assert len(answer.boxes) == 2
    assert "the same finding was repeated (2 times)" in answer.warnings


def test_a_question_that_was_stopped_while_its_list_went_round_is_cancelled() -> None:
    engine = canned("[" + ", ".join(['{"bbox_2d": [100, 100, 200, 300]}'] * 20) + "]")
    one = asker(engine)
    events = []
    for event in one.ask(Question("Locate every red circle", (picture(),), id="q")):
        events.append(event)
        if isinstance(event, Found):
            one.cancel("q")
    assert events[-1] == Cancelled("q")
