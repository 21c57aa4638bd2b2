"""A picture read before it is asked about: what is sent, and that nothing but good comes of it."""

from __future__ import annotations

from backend.ask import Question
from backend.errors import EngineFailure
from backend.events import Cancelled, Encoding, Prefilling
from tests.ask.asking import asker, picture
from tests.scripted import Break, Encode, Hold, Prefill, Say, ScriptedEngine


def test_it_shows_what_the_first_question_will_show() -> None:
    engine = ScriptedEngine((Say("2"),))
    one = asker(engine)
    assert list(one.prepare(picture(), "look")) == []
    list(one.ask(Question("How many objects are there?", (picture(),))))
    (prepared,), (asked, _) = engine.prepared, engine.requests
    assert prepared.ahead
    assert (prepared.id, prepared.max_tokens) == ("look", 0)
    assert prepared.messages[0].parts == asked.messages[0].parts[:-1]


def test_it_tells_how_far_it_is() -> None:
    engine = ScriptedEngine(ahead=((Encode(1, 2), Encode(2, 2), Prefill(30, 36)),))
    assert list(asker(engine).prepare(picture(), "look")) == [
        Encoding("look", 0, 1, 2),
        Encoding("look", 0, 2, 2),
        Prefilling("look", 30, 36, 0),
    ]


def test_it_can_be_given_up() -> None:
    one = asker(ScriptedEngine(ahead=((Encode(1, 2), Hold()),)))
    events = []
    for event in one.prepare(picture(), "look"):
        events.append(event)
        one.cancel("look")
    assert events[-1] == Cancelled("look")


def test_given_up_before_it_began_it_is_not_begun() -> None:
    engine = ScriptedEngine()
    one = asker(engine)
    look = one.prepare(picture(), "look")
    one.cancel("look")
    assert list(look) == [Cancelled("look")]
    assert engine.prepared == []


def test_a_failure_is_left_to_the_question() -> None:
    engine = ScriptedEngine(ahead=((Encode(1, 2), Break(EngineFailure("the engine died"))),))
    assert list(asker(engine).prepare(picture(), "look")) == [Encoding("look", 0, 1, 2)]


def test_a_question_shows_what_is_being_read_ahead() -> None:
    """It is asked while the look ahead is still under way, and must find the same pixels."""
    engine = ScriptedEngine((Say("2"),), ahead=((Encode(1, 2), Prefill(1, 2)),))
    one = asker(engine)
    look = one.prepare(picture(), "look")
    next(look)
    list(one.ask(Question("Describe the picture.", (picture(),), "describe")))
    assert engine.prepared[0].messages[0].parts == engine.requests[0].messages[0].parts[:-1]
