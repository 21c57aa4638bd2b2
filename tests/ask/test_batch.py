"""Many questions at once: what is sent together, what comes back under which id, and what is stopped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.answer import Answer, Timings
from backend.ask import Question
from backend.errors import EngineFailure, UsageError
from backend.events import AskEvent, Cancelled, Done, Failed, Generated, Judged, Token
from tests.ask.asking import answer_of, asker, canned, picture
from tests.scripted import Break, End, Hold, Say, ScriptedEngine, Step

CIRCLE = '[{"bbox_2d": [100, 100, 200, 300], "label": "red circle"}]'
SQUARE = '[{"bbox_2d": [700, 100, 900, 300], "label": "blue square"}]'
REPLIES: dict[str, tuple[Step, ...]] = {
    "How many objects are there?": (Say("2"),),
    "Is the red circle left of the blue square?": (Say("Yes, the red circle is left of the blue square."),),
    "Is the blue square right of the red circle?": (Say("Yes, the blue square is right of the red circle."),),
    "Is the red circle above the star?": (Say("No, the red circle is below the star."),),
    "Describe the picture.": (Say("A red circle and a blue square."), End("length")),
    "Locate the red circle, report bbox coordinates in JSON format.": (Say(CIRCLE),),
    "Locate the blue square, report bbox coordinates in JSON format.": (Say(SQUARE),),
    "Locate all objects, report bbox coordinates in JSON format.": (Say(f"[{CIRCLE[1:-1]}, {SQUARE[1:-1]}]"),),
    "Locate everything, report bbox coordinates in JSON format.": (Say(f"[{CIRCLE[1:-1]}, {SQUARE[1:-1]}]"),),
    "What broke?": (Say("It"), Break(EngineFailure("the engine died", cure="ask again"))),
}
ASKED = [text for text in REPLIES if not text.startswith("Locate the")]
SEARCH = "Locate the red circle, report bbox coordinates in JSON format."
LEFT, RIGHT = "Is the red circle left of the blue square?", "Is the blue square right of the red circle?"


def replying() -> ScriptedEngine:
    return ScriptedEngine(reply=lambda question: REPLIES.get(question, (Say("[]"),)))


def by_question(events: Iterable[AskEvent]) -> dict[str, list[AskEvent]]:
    sorted_: dict[str, list[AskEvent]] = defaultdict(list)
    for event in events:
        sorted_[event.request].append(event)
    return sorted_


def timeless(answer: Answer) -> Answer:
    return replace(answer, timings=Timings())


def test_all_questions_go_in_one_run_and_all_searches_in_another() -> None:
    engine = replying()
    questions = [Question(text, (picture(),), id=text[:4]) for text in (LEFT, "How many objects are there?")]
    told = by_question(asker(engine).ask(*questions))
    assert [len(batch) for batch in engine.batches] == [2, 3]
    assert [request.id for request in engine.batches[0]] == [question.id for question in questions]
    assert {request.id for request in engine.batches[1]}.isdisjoint(question.id for question in questions)
    assert set(told) == {question.id for question in questions}, "the searches' own ids are nobody's business"
    assert answer_of(told[questions[1].id]).text == "2"


def test_questions_that_speak_of_the_same_things_look_for_each_once() -> None:
    engine = replying()
    told = by_question(asker(engine).ask(Question(LEFT, (picture(),), id="a"), Question(RIGHT, (picture(),), id="b")))
    assert len(engine.batches[1]) == 2
    for question in "ab":
        assert [box.label for box in answer_of(told[question]).boxes] in (
            ["red circle", "blue square"],
            ["blue square", "red circle"],
        )


def test_the_same_name_on_another_picture_is_looked_for_there() -> None:
    engine = replying()
    list(asker(engine).ask(Question(LEFT, (picture(),)), Question(LEFT, (picture(name="q.png"),))))
    assert len(engine.batches[1]) == 4


def test_one_that_needs_no_search_is_done_before_the_searches_begin() -> None:
    engine = replying()
    done = []
    for event in asker(engine).ask(Question(LEFT, (picture(),), id="a"), Question("Describe the picture.", (picture(),))):
        if isinstance(event, Done):
            done.append((event.request == "a", len(engine.batches)))
    assert done == [(False, 1), (True, 2)]


def test_an_invalid_question_fails_alone() -> None:
    engine = replying()
    told = by_question(
        asker(engine).ask(
            Question(" ", (picture(),), id="empty"),
            Question("How many objects are there?", (picture(),), id="good"),
            Question("How many objects are there?", (), id="blind"),
            Question("How many objects are there?", (picture(),), max_tokens=1_000_000, id="long"),
        )
    )
    assert answer_of(told["good"]).text == "2"
    for bad in ("empty", "blind", "long"):
        (failed,) = told[bad]
        assert isinstance(failed, Failed)
        assert isinstance(failed.error, UsageError)
    assert [len(batch) for batch in engine.batches] == [1, 1]


def test_nothing_asked_is_nothing_run() -> None:
    engine = replying()
    assert list(asker(engine).ask()) == []
    assert engine.batches == []


def test_an_engine_that_forgets_a_request_fails_it(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = ScriptedEngine()
    monkeypatch.setattr(engine, "run", lambda *_: iter(()))
    events = list(asker(engine).ask(Question("Hm?", (picture(),), id="a"), Question("Hm?", (picture(),), id="b")))
    assert [(event.request, type(event)) for event in events] == [("a", Failed), ("b", Failed)]


@given(st.lists(st.sampled_from([*ASKED, " "]), min_size=1, max_size=6))
def test_together_is_as_one_by_one(texts: list[str]) -> None:
    shown = picture(64, 32)
    questions = [Question(text, (shown,), id=str(number)) for number, text in enumerate(texts)]
    together = by_question(asker(replying()).ask(*questions))
    for question in questions:
        alone, batched = list(asker(replying()).ask(question)), together[question.id]
        assert type(batched[-1]) is type(alone[-1])
        if isinstance(alone[-1], Done):
            assert timeless(answer_of(batched)) == timeless(alone[-1].answer)
        assert [event for event in batched if isinstance(event, Token)] == [e for e in alone if isinstance(e, Token)]


@given(
    st.lists(st.sampled_from([*ASKED, " "]), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 4)), max_size=4),
)
def test_each_question_ends_once_whenever_any_is_stopped(texts: list[str], stops: list[tuple[int, int]]) -> None:
    """`stops`: after so many events, stop that question."""
    shown = picture(64, 32)
    one = asker(replying())
    ends: dict[str, AskEvent] = {}
    stopped: set[str] = set()
    for count, event in enumerate(one.ask(*(Question(text, (shown,), id=str(n)) for n, text in enumerate(texts)))):
        assert event.request not in ends, "nothing comes after the end"
        if isinstance(event, Done | Cancelled | Failed):
            ends[event.request] = event
        stopped.update(str(question) for after, question in stops if after == count and str(question) not in ends)
        for after, question in stops:
            if after == count:
                one.cancel(str(question))
    assert set(ends) == {str(number) for number in range(len(texts))}
    for ended, end in ends.items():
        assert isinstance(end, Cancelled) == (ended in stopped)


def test_stopping_one_leaves_the_search_to_the_other() -> None:
    engine = replying()
    one = asker(engine)
    told = defaultdict(list)
    for event in one.ask(Question(LEFT, (picture(),), id="a"), Question(RIGHT, (picture(),), id="b")):
        told[event.request].append(event)
        if len(engine.batches) == 1 and isinstance(event, Token) and event.text == ".":
            one.cancel("a")
    assert told["a"][-1] == Cancelled("a")
    assert [event.claim.verdict is not None for event in told["b"] if isinstance(event, Judged)] == [True]


def test_a_question_stopped_before_anything_is_drawn_is_never_asked() -> None:
    engine = replying()
    one = asker(engine)
    events = one.ask(Question(LEFT, (picture(),), id="a"), Question("Describe the picture.", (picture(),), id="b"))
    one.cancel("a")
    told = by_question(events)
    assert told["a"] == [Cancelled("a")]
    assert isinstance(told["b"][-1], Done)
    assert [request.id for request in engine.requests] == ["b"]


@pytest.mark.parametrize(
    "held", [LEFT, "Locate the red circle, report bbox coordinates in JSON format."], ids=["first", "second"]
)
def test_another_thread_stops_a_question_in_either_pass(held: str) -> None:
    gate = Hold()
    engine = ScriptedEngine(reply=lambda question: (gate, *REPLIES[question]) if question == held else REPLIES[question])
    one = asker(engine)
    events: list[AskEvent] = []
    stream = one.ask(Question(LEFT, (picture(),), id="a"))
    drain = Thread(target=lambda: events.extend(stream))
    drain.start()
    while not any(str(request.messages[-1].parts[-1]) == held for request in engine.requests):
        drain.join(0.01)
    one.cancel("a")
    drain.join(30)
    assert not drain.is_alive()
    assert events[-1] == Cancelled("a")


def test_leaving_early_stops_everything_in_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = replying()
    cancelled: list[str] = []
    monkeypatch.setattr(engine, "cancel", cancelled.append)
    stream = asker(engine).ask(Question(LEFT, (picture(),), id="a"), Question("Describe the picture.", (picture(),), id="b"))
    next(stream)
    stream.close()
    assert set(cancelled) == {"a", "b"}


def test_a_question_that_is_over_can_be_asked_again_under_its_id() -> None:
    one = asker(canned("2", "3"))
    assert answer_of(list(one.ask(Question("How many?", (picture(),), id="a")))).text == "2"
    one.cancel("a")
    assert answer_of(list(one.ask(Question("How many?", (picture(),), id="a")))).text == "3"


def test_generated_never_reaches_the_front() -> None:
    assert not any(isinstance(event, Generated) for event in asker(replying()).ask(Question(LEFT, (picture(),))))
