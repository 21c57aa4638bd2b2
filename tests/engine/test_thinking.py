"""A thinking model: the demo's weights under a vocabulary that has `<think>` and `</think>`, as Qwen's user-defined tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from unittest.mock import patch

import pytest

from backend.ask.book import book
from backend.ask.forms import form_of
from backend.engine.api import Message, ModelSpec, Request, Sampling
from backend.engine.form import Form, Literal
from backend.engine.llama.loops import TOKENS
from backend.engine.llama.model import Logits
from backend.engine.llama.reasoning import Reasoning
from backend.engine.llama.scheduler import Scheduler
from backend.engine.llama.stream import ThinkTags
from backend.engine.supervisor import WorkerEngine
from backend.events import Prefilling, Thought, Token
from backend.scene import Box, Units
from tests.engine.conftest import (
    LOCATE,
    SPEC,
    Loaded,
    Reply,
    ask,
    follow_up,
    picture,
    question,
    told,
    told_together,
)
from tests.thinking import renamed_tokens

A = picture(seed=1)


@pytest.fixture(scope="module")
def thinking_spec(tmp_path_factory: pytest.TempPathFactory) -> ModelSpec:
    path = tmp_path_factory.mktemp("thinking") / "thinking.gguf"
    renamed_tokens(SPEC.text, path)
    return replace(SPEC, text=path, thinking=True)


@pytest.fixture(scope="module")
def thinker(thinking_spec: ModelSpec) -> Loaded:
    return Loaded(thinking_spec)


@pytest.fixture
def thinking_worker(thinking_spec: ModelSpec) -> Iterator[WorkerEngine]:
    running = WorkerEngine(thinking_spec)
    yield running
    running.close()


def thought_through(scheduler: Scheduler) -> tuple[Request, Reply]:
    """A wild answer in which the model happened to close its thinking and to say something after it."""
    for seed in count():
        wild = Sampling(temperature=50.0, seed=seed)
        request = question(A, LOCATE, max_tokens=100, sampling=wild)
        reply = told(scheduler, request)
        if reply.generated.text and thought_of(reply).ended == "itself":
            return request, reply
    raise AssertionError


def thought_of(reply: Reply) -> Thought:
    """The end of the reasoning, which is told once."""
    (thought,) = [event for event in reply.events if isinstance(event, Thought)]
    return thought


def reasoned(reply: Reply) -> list[Token]:
    return [event for event in reply.events if isinstance(event, Token) and event.thinking]


def said(reply: Reply) -> list[Token]:
    return [event for event in reply.events if isinstance(event, Token) and not event.thinking]


def within(budget: int | None, max_tokens: int = 60, form: Form | None = None) -> Request:
    return replace(question(A, LOCATE, max_tokens=max_tokens), thinking_tokens=budget, form=form)


def prompt_cells(reply: Reply) -> int:
    return [event.total for event in reply.events if isinstance(event, Prefilling)][-1]


def test_the_tags_are_single_tokens_that_text_cannot_spell(thinker: Loaded) -> None:
    tags = thinker.model.think_tags()
    assert tags == ThinkTags(thinker.model.control("<think>"), thinker.model.control("</think>"))
    hostile = "a</think>b<think><</think>"
    ids = thinker.model.tokens(hostile)
    assert not {tags.start, tags.end} & set(ids)
    assert b"".join(thinker.model.piece(token) for token in ids).decode() == hostile


def test_after_the_tag_comes_the_answer(thinker: Loaded) -> None:
    _, reply = thought_through(thinker.scheduler())
    shown = "".join(token.text for token in (*reasoned(reply), *said(reply)))
    assert "<think>" not in shown
    assert "</think>" not in shown
    assert reply.generated.text == "".join(token.text for token in said(reply))
    assert not reply.generated.text.startswith("\n")
    assert thought_of(reply).tokens == len(reasoned(reply)) - 1 > 0  # the tag is none of them


def test_earlier_thoughts_are_not_shown_again_and_the_picture_is_reused(thinker: Loaded) -> None:
    scheduler = thinker.scheduler()
    request, reply = thought_through(scheduler)
    second = follow_up(request, reply.generated.text, "Sure?")
    asked, _, sure = second.messages
    aloud = Message("assistant", (f"<think>\nhm</think>\n\n{reply.generated.text}",))
    spelled = replace(second, id="spelled", messages=(asked, aloud, sure))
    starts = [told(scheduler, conversation).events[0] for conversation in (second, spelled)]
    totals = [start.total for start in starts if isinstance(start, Prefilling)]
    assert totals[0] == totals[1]
    assert all(isinstance(start, Prefilling) and start.reused > A.tokens for start in starts)


@pytest.mark.parametrize("budget", [1, 5, 20])
def test_a_spent_budget_ends_the_reasoning_and_an_answer_follows(thinker: Loaded, budget: int) -> None:
    reply = told(thinker.scheduler(), within(budget))
    assert (thought_of(reply).tokens, thought_of(reply).ended) == (budget, "budget")
    assert len(reasoned(reply)) == budget
    assert all(token.logprob is not None for token in reasoned(reply)), "the engine's own words are not told as the model's"
    assert reply.generated.text == "".join(token.text for token in said(reply)) != ""
    timings = reply.generated.timings
    assert (timings.thinking_tokens, timings.tokens) == (budget, len(said(reply)))


def test_the_reasoning_takes_nothing_from_the_answer(thinker: Loaded) -> None:
    """The answer's limit is its own, whatever was reasoned before."""
    reply = told(thinker.scheduler(), within(30, max_tokens=2))
    assert reply.generated.reason == "length"
    assert (reply.generated.timings.thinking_tokens, reply.generated.timings.tokens) == (30, 2)


def test_a_turn_that_ends_in_the_reasoning_goes_on_to_an_answer(thinker: Loaded) -> None:
    """The demo model was never taught to reason: what it says there is its answer, and then it ends its turn."""
    reply = told(thinker.scheduler(), within(None))
    assert thought_of(reply).ended == "turn"
    assert "".join(token.text for token in reasoned(reply)).startswith('[{"bbox_2d"')
    assert reply.generated.text


def test_reasoning_in_a_loop_is_ended_and_an_answer_follows(thinker: Loaded) -> None:
    (stuck,) = thinker.model.tokens("a")
    real = thinker.model.logits
    calls = count()

    def logits(row: int = -1) -> Logits:
        values = real(row)
        if next(calls) < TOKENS:
            values[stuck] = values.max() + 10
        return values

    with patch.object(thinker.model, "logits", logits):
        reply = told(thinker.scheduler(), within(500))
    assert (thought_of(reply).tokens, thought_of(reply).ended) == (TOKENS, "loop")
    assert reply.generated.text
    assert reply.generated.reason == "end"


def test_without_a_budget_the_answer_is_nearly_that_of_a_model_that_does_not_think(thinker: Loaded, loaded: Loaded) -> None:
    """It is not the same to the bit, for its prompt holds an empty reasoning, four tokens that the other lacks."""
    skipped, plain = (told(one.scheduler(), within(0)) for one in (thinker, loaded))
    assert (thought_of(skipped).tokens, thought_of(skipped).ended) == (0, "budget")
    assert not reasoned(skipped)
    behind = len(thinker.model.tokens("\n\n"))
    assert prompt_cells(skipped) == prompt_cells(plain) + 2 + 2 * behind
    first, second = (Box(*json.loads(reply.generated.text)[0]["bbox_2d"]) for reply in (skipped, plain))
    assert first.iou(second) > 0.9


def test_the_same_budget_gives_the_same_numbers_again(thinker: Loaded) -> None:
    """Whatever was answered in between: what ended the reasoning is read in the same calls."""
    expected = told(thinker.scheduler(), within(7)).tokens
    scheduler = thinker.scheduler()
    told(scheduler, question(picture(seed=5), "How many objects are there?"))
    told(scheduler, within(3))
    assert told(scheduler, within(7)).tokens == expected


def test_a_follow_up_repeats_the_answer_and_not_the_reasoning(thinker: Loaded) -> None:
    scheduler = thinker.scheduler()
    request = within(5)
    reply = told(scheduler, request)
    again = told(scheduler, replace(follow_up(request, reply.generated.text, "Sure?"), thinking_tokens=0))
    brief = told(thinker.scheduler(), replace(follow_up(request, reply.generated.text, "Sure?"), thinking_tokens=0))
    assert prompt_cells(again) == prompt_cells(brief)
    assert again.generated.text == brief.generated.text
    assert again.generated.timings.reused_tokens > A.tokens


def test_a_form_begins_with_the_answer(thinker: Loaded) -> None:
    form = form_of(book().task("boxes"), LOCATE, Units.REL1000, pictures=1)
    for budget in (0, 3, None):
        reply = told(thinker.scheduler(), within(budget, max_tokens=400, form=form))
        assert isinstance(json.loads(reply.generated.text), list)
    aloud = told(thinker.scheduler(), within(3, form=Literal("Yes.")))
    assert (len(reasoned(aloud)), aloud.generated.text) == (3, "Yes.")


@pytest.mark.parametrize(("spare", "thought"), [(15, 15), (0, 0), (-30, 0)])
def test_where_the_context_is_small_the_reasoning_is_cut_and_the_answer_is_not(
    thinker: Loaded, spare: int, thought: int
) -> None:
    cells = thinker.model.cells - prompt_cells(told(thinker.scheduler(), within(5)))
    closing = len(Reasoning.of(thinker.model).closing)
    most = cells - closing - spare
    for wanted in (1000, None):
        reply = told(thinker.scheduler(), within(wanted, max_tokens=most))
        assert (thought_of(reply).tokens, thought_of(reply).ended) == (thought, "budget")
        assert reply.generated.reason == "end"


def test_reasoning_and_answer_are_reserved_together(thinker: Loaded) -> None:
    """Three of them need more than the cache holds: one starts later, and none ends for want of cells."""
    most = thinker.model.cells // 4
    requests = [within(most, max_tokens=most) for _ in range(3)]
    for reply in told_together(thinker.scheduler(), *requests):
        assert reply.generated.reason == "end"
        assert thought_of(reply).ended == "turn"


def test_ahead_of_the_question_there_is_nothing_to_reason_about(thinker: Loaded) -> None:
    reply = told(thinker.scheduler(), replace(within(None), ahead=True, max_tokens=0))
    assert not [event for event in reply.events if isinstance(event, Thought | Token)]
    assert reply.generated.text == ""


def test_in_a_worker(thinking_worker: WorkerEngine) -> None:
    reply = ask(thinking_worker, within(5))
    assert (thought_of(reply).tokens, thought_of(reply).ended) == (5, "budget")
    assert reply.generated.text
