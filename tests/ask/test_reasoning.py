"""Reasoning is told apart, kept with the answer, limited, and never what a follow-up repeats; no answer is an error."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask import Question, Turn
from backend.catalog.card import ModelCard, Server
from backend.errors import EmptyAnswer
from backend.events import AskEvent, Done, Failed, StopReason, Thought, ThoughtEnd, Token
from tests.ask.asking import CARD, answer_of, asker, canned, picture, texts
from tests.scripted import End, EndThought, Say, ScriptedEngine, Step, Think

THINKER = replace(CARD, thinking=True, thinking_tokens=40)
SERVED = replace(THINKER, server=Server("https://example.org/v1"))


def asked(*steps: Step, card: ModelCard = THINKER, budget: int | None = None) -> list[AskEvent]:
    question = Question("Describe the picture.", (picture(),), thinking_tokens=budget)
    return list(asker(ScriptedEngine(steps), card).ask(question))


def heard(events: list[AskEvent], *, thinking: bool) -> str:
    return "".join(event.text for event in events if isinstance(event, Token) and event.thinking is thinking)


def test_reasoning_goes_with_the_answer_and_is_no_part_of_it() -> None:
    events = asked(Think(" so\n"), EndThought(4), Say("A star."))
    answer = answer_of(events)
    assert (answer.thinking, answer.text) == ("so", "A star.")
    assert (heard(events, thinking=True), heard(events, thinking=False)) == (" so\n", "A star.")
    assert [event.tokens for event in events if isinstance(event, Thought)] == [4]
    assert answer.turn[1] == "A star."


def test_boxes_that_were_considered_are_no_findings() -> None:
    events = asked(Think('[{"bbox_2d": [1, 2, 3, 4], "label": "x"}]'), EndThought(9), Say("No."))
    assert answer_of(events).findings == ()


@pytest.mark.parametrize("text", ["<think>Hm, left.</think>Right.", "<think>Hm,</think><think> left.</think>Right."])
def test_reasoning_in_letters_is_told_like_any_other(text: str) -> None:
    """A model that thinks unasked: one letter a token, so that every mark comes in pieces."""
    events = asked(Say(text), card=CARD)
    assert heard(events, thinking=True) == answer_of(events).thinking == "Hm, left."
    assert heard(events, thinking=False) == answer_of(events).text == "Right."
    assert answer_of(events).turn[1] == "Right."


@given(st.lists(st.sampled_from(["<think>", "</think>", "<", "think>", "a", "b ", "[1]", "<thin", "</", "\n"]), max_size=12))
def test_what_is_told_is_what_the_answer_holds(pieces: list[str]) -> None:
    text = "x" + "".join(pieces)
    events = asked(Say(text), card=CARD)
    match events[-1]:
        case Done(answer=answer):
            assert heard(events, thinking=False) == answer.turn[1]
            assert heard(events, thinking=True).strip() == answer.thinking
        case Failed(error=error):
            assert isinstance(error, EmptyAnswer)
            assert not heard(events, thinking=False).strip()


def test_a_follow_up_does_not_repeat_the_reasoning() -> None:
    engine = ScriptedEngine((Think("hm"), EndThought(2), Say("A star.")), (Say("Yes."),))
    one = asker(engine, THINKER)
    first = answer_of(list(one.ask(Question("What is it?", (picture(),)))))
    list(one.ask(Question("Sure?", (picture(),), history=(Turn(*first.turn),))))
    assert texts(engine.requests[1].messages[1]) == ["A star."]


@pytest.mark.parametrize(
    ("card", "budget", "sent"), [(THINKER, None, 40), (THINKER, 0, 0), (THINKER, 7, 7), (CARD, None, None), (CARD, 7, None)]
)
def test_the_budget_is_the_questions_else_the_cards(card: ModelCard, budget: int | None, sent: int | None) -> None:
    engine = canned("A star.")
    list(asker(engine, card).ask(Question("What is it?", (picture(),), thinking_tokens=budget)))
    assert engine.requests[0].thinking_tokens == sent
    assert engine.requests[0].max_tokens == card.max_tokens


def test_evidence_is_looked_for_without_reasoning() -> None:
    engine = canned("The red circle is left of the blue square.", "[]", "[]")
    list(asker(engine, THINKER).ask(Question("Where is the red circle?", (picture(),), "free")))
    assert [request.thinking_tokens for request in engine.requests[1:]] == [0, 0]


@pytest.mark.parametrize(
    ("ended", "tokens", "words"),
    [
        ("budget", 40, "the reasoning was ended after 40 tokens; --thinking-tokens allows more"),
        ("budget", 30, "the reasoning was ended after 30 tokens: the context of 2,048 tokens holds no more beside the answer"),
        ("budget", 0, "the model had to answer without reasoning: its context of 2,048 tokens is too full"),
        ("loop", 96, "the reasoning repeated itself and was ended after 96 tokens"),
        ("turn", 9, "the model broke off in its reasoning, after 9 tokens, and was made to answer"),
    ],
)
def test_a_reasoning_that_was_ended_is_said_to_have_been(ended: ThoughtEnd, tokens: int, words: str) -> None:
    assert words in answer_of(asked(Think("h"), EndThought(tokens, ended), Say("A star."))).warnings


def test_a_reasoning_that_ended_by_itself_or_was_not_wanted_needs_no_remark() -> None:
    for events in (asked(Think("h"), EndThought(1), Say("A star.")), asked(EndThought(0, "budget"), Say("A star."), budget=0)):
        assert answer_of(events).warnings == (THINKER.note,)


def test_what_could_not_be_had_is_said() -> None:
    idle = answer_of(asked(Say("A star."), card=CARD, budget=5)).warnings
    assert "this model does not reason before it answers, so --thinking-tokens changes nothing" in idle
    unruly = answer_of(asked(Think("h"), EndThought(300), Say("A star."), card=SERVED)).warnings
    assert "the server let the model reason for 300 tokens, although 40 were asked for" in unruly


@pytest.mark.parametrize(
    ("steps", "reason", "words", "cure"),
    [
        ((), "end", "the model answered nothing: it ended its turn at once", "in other words"),
        ((Say(" \n\n"),), "end", "the model answered nothing but blank space", "in other words"),
        (
            (Think("h"), EndThought(1024, "budget")),
            "end",
            "reasoned for 1,024 tokens and then said nothing",
            "--thinking-tokens",
        ),
        ((Think("hm"),), "length", "reasoned for 2 tokens, as long as it was let, and never came", "raise --thinking-tokens"),
        ((Think("hm"),), "context", "context of 2,048 tokens is full", "fewer or smaller pictures"),
        ((Say("  "),), "loop", "nothing but blank space until it was stopped", "in other words"),
        ((Say("<think>so</think>"),), "end", "reasoned for 2 tokens and then said nothing", "in other words"),
    ],
)
def test_no_answer_is_an_error_that_says_why(steps: tuple[Step, ...], reason: StopReason, words: str, cure: str) -> None:
    *_, last = asked(*steps, End(reason))
    assert isinstance(last, Failed)
    assert isinstance(last.error, EmptyAnswer)
    assert words in last.error.message
    assert cure in last.error.cure
    assert last.error.exit_code == 5


def test_one_empty_answer_of_several_fails_alone() -> None:
    engine = ScriptedEngine((), (Say("A star."),))
    questions = [Question("What is it?", (picture(),), id="a"), Question("And?", (picture(),), id="b")]
    ends = {event.request: event for event in asker(engine).ask(*questions) if isinstance(event, Done | Failed)}
    assert isinstance(ends["a"], Failed)
    assert isinstance(ends["b"], Done)
