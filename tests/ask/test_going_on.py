"""A question whose answer was cut off: the answer goes on from there, and is both parts together."""

from __future__ import annotations

import json
from dataclasses import replace

from backend.ask import Asker, Question
from backend.ask.task import Observed
from backend.events import Found, Token
from backend.scene import Box
from tests.ask.asking import CARD, answer_of, asker, canned, picture, texts
from tests.scripted import End, Say, ScriptedEngine

WHOLE = json.dumps([{"bbox_2d": [100, 100, 200, 200], "label": "cup"}, {"bbox_2d": [300, 300, 400, 400], "label": "plate"}])
HALF = WHOLE[: len(WHOLE) // 2 + 8]


def test_the_answer_is_both_parts_with_the_findings_of_both() -> None:
    engine = canned(WHOLE[len(HALF) :])
    events = list(asker(engine).ask(Question("Locate every object", (picture(),), begun=HALF)))
    answer = answer_of(events)
    assert answer.text == WHOLE
    assert answer.turn[1] == WHOLE
    assert [box.label for box in answer.boxes] == ["cup", "plate"]
    assert [event.finding.label for event in events if isinstance(event, Found)] == ["cup", "plate"]
    tokens = [event for event in events if isinstance(event, Token)]
    assert (tokens[0].text, tokens[0].logprob) == (HALF, None)
    assert [message.role for message in engine.requests[0].messages] == ["user", "assistant"]
    assert texts(engine.requests[0].messages[-1]) == [HALF]


def test_an_answer_that_has_nothing_more_to_say_is_what_was_begun() -> None:
    answer = answer_of(list(asker(canned("")).ask(Question("What is it?", (picture(),), begun="A cup."))))
    assert (answer.text, answer.ended) == ("A cup.", "end")


def test_an_answer_tells_what_cut_it_off() -> None:
    engine = ScriptedEngine((Say("It is"), End("length")))
    answer = answer_of(list(asker(engine).ask(Question("What is it?", (picture(),)))))
    assert answer.ended == "length"
    assert "ended" not in answer.as_dict()


def test_chance_has_a_part_where_the_model_is_sampled() -> None:
    some: Asker = asker(canned())
    assert some.samples("What is it?")
    assert not some.samples("Where is the cup?")
    assert not asker(canned(), replace(CARD, text_sampling=CARD.box_sampling)).samples("What is it?")


def test_text_that_is_only_a_witness_is_not_listed_unless_something_is_held_against_it() -> None:
    lines = (Box(20, 10, 60, 30, "EXIT", id="w1", found_by="ocr"), Box(120, 10, 160, 30, "Gate", id="w2", found_by="ocr"))
    seen = (Observed(words=lines, listed=False),)
    plain = answer_of(list(asker(canned("A cup.")).ask(Question("What is it?", (picture(),), observed=seen))))
    assert plain.boxes == ()
    listed = (Observed(words=lines),)
    both = answer_of(list(asker(canned("A cup.")).ask(Question("What is it?", (picture(),), observed=listed))))
    assert [box.id for box in both.boxes] == ["w1", "w2"]
    spotted = '[{"bbox_2d": [100, 100, 300, 300], "text_content": "EXIT", "label": "EXIT"}]'
    read = answer_of(list(asker(canned(spotted)).ask(Question("Read the sign", (picture(),), "text", observed=seen))))
    assert [(box.id, box.found_by) for box in read.boxes] == [("b1", "model"), ("w1", "ocr")]
