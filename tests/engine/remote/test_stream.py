"""Chunks → events: log-probabilities token by token, reasoning, and how an answer ended."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from backend.engine.remote.stream import Answer
from backend.errors import EngineFailure
from backend.events import EngineEvent, Generated, Prefilling, Thought, Token
from tests.engine.conftest import question
from tests.engine.remote.unruly import finished, said

REQUEST = question("Say hello", max_tokens=10)


def read(*chunks: dict[str, Any]) -> tuple[list[EngineEvent], Generated]:
    answer = Answer(REQUEST, time.perf_counter(), 0.0)
    events = [event for chunk in chunks for event in answer.read(chunk)]
    return events, answer.generated()


def spelled(*tokens: tuple[str, Any]) -> dict[str, Any]:
    return {"logprobs": {"content": [{"token": token, "logprob": logprob} for token, logprob in tokens]}}


def token(text: str, logprob: float | None = None, thinking: bool = False) -> Token:
    return Token(REQUEST.id, text, logprob, thinking)


def test_a_chunk_of_several_tokens_is_taken_apart() -> None:
    events, _ = read(said("12,", **spelled(("1", -0.1), ("2", -0.2), (",", -0.3))), finished())
    assert events == [token("1", -0.1), token("2", -0.2), token(",", -0.3)]


@pytest.mark.parametrize(
    "known",
    [
        {},
        spelled(("2", -0.2)),  # the server held back the digit before it
        spelled(("1", -0.1), ("2", -0.2), (",", -0.3)),
        {"logprobs": None},
        {"logprobs": {"content": [None]}},
        {"logprobs": {"content": [{"token": 5, "logprob": -1}]}},
    ],
)
def test_where_the_probabilities_do_not_spell_the_text_there_are_none(known: dict[str, Any]) -> None:
    assert read(said("12", **known), finished())[0] == [token("12")]


@pytest.mark.parametrize("logprob", [None, "high", float("nan"), float("-inf"), True])
def test_a_probability_that_is_no_number_is_none(logprob: object) -> None:
    assert read(said("1", **spelled(("1", logprob))), finished())[0] == [token("1")]


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
def test_reasoning_is_thinking_and_no_part_of_the_answer(key: str) -> None:
    thought = {"choices": [{"delta": {key: "Hm."}}]}
    events, generated = read(thought, said("\n\nYes"), finished())
    hm, over, yes = events
    assert (hm, yes) == (token("Hm.", thinking=True), token("Yes"))
    assert isinstance(over, Thought)
    assert (over.tokens, over.ended) == (1, "itself")
    assert generated.text == "Yes"


def test_a_reasoning_that_never_ends_is_not_said_to_have_ended() -> None:
    thought = {"choices": [{"delta": {"reasoning_content": "Hm."}}]}
    events, generated = read(thought, thought, finished("length"), {"choices": [], "usage": {"completion_tokens": 10}})
    assert not any(isinstance(event, Thought) for event in events)
    assert (generated.text, generated.reason) == ("", "length")


@pytest.mark.parametrize(("told", "thought", "said_tokens"), [({}, 1, 8), ({"reasoning_tokens": 6}, 6, 3)])
def test_tokens_of_the_reasoning_are_told_apart_as_far_as_the_server_tells(
    told: dict[str, int], thought: int, said_tokens: int
) -> None:
    usage = {"completion_tokens": 9, "completion_tokens_details": told}
    events = ({"choices": [{"delta": {"reasoning_content": "Hm."}}]}, said("Yes"), finished(), {"choices": [], "usage": usage})
    timings = read(*events)[1].timings
    assert (timings.thinking_tokens, timings.tokens) == (thought, said_tokens)


@pytest.mark.parametrize(("completion", "reason"), [(15, "length"), (12, "context")])
def test_reasoning_and_answer_have_one_limit_there(completion: int, reason: str) -> None:
    request = replace(REQUEST, thinking_tokens=5)
    answer = Answer(request, time.perf_counter(), 0.0)
    for chunk in (said("x"), finished("length"), {"choices": [], "usage": {"completion_tokens": completion}}):
        list(answer.read(chunk))
    assert answer.generated().reason == reason


@pytest.mark.parametrize(
    ("finish", "tokens", "reason"),
    [("stop", 3, "end"), ("length", 10, "length"), ("length", 7, "context"), ("tool_calls", 1, "end")],
)
def test_why_an_answer_ended(finish: str, tokens: int, reason: str) -> None:
    _, generated = read(said("x"), finished(finish), {"choices": [], "usage": {"completion_tokens": tokens}})
    assert generated.reason == reason


def test_a_filtered_answer_is_a_failure() -> None:
    with pytest.raises(EngineFailure, match="content filter"):
        read(said("x"), finished("content_filter"))


def test_what_llama_server_measured() -> None:
    timings = {"cache_n": 50, "prompt_n": 9, "prompt_ms": 12.5, "predicted_n": 4, "predicted_ms": 3.0}
    _, generated = read(said("x"), finished(timings=timings))
    measured = generated.timings
    assert (measured.reused_tokens, measured.prefill_ms, measured.tokens) == (50, 12.5, 4)
    assert 0 <= measured.first_token_ms <= measured.total_ms


def test_what_others_count() -> None:
    usage = {"completion_tokens": 4, "prompt_tokens": 60, "prompt_tokens_details": {"cached_tokens": 48}}
    _, generated = read(said("x"), finished(), {"choices": [], "usage": usage})
    assert (generated.timings.reused_tokens, generated.timings.tokens) == (48, 4)


def test_where_nothing_is_counted_the_pieces_are() -> None:
    assert read(said("a"), said("b"), finished(usage={"completion_tokens": -1}))[1].timings.tokens == 2


def test_progress_is_told() -> None:
    events, _ = read({"prompt_progress": {"total": 60, "cache": 50, "processed": 55, "time_ms": 3}}, said("x"), finished())
    assert events[0] == Prefilling(REQUEST.id, 55, 60, 50)
