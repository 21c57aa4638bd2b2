"""What servers do that they should not, and that the user is told what it was and what to do."""

from __future__ import annotations

import json
import socket
from dataclasses import replace

import pytest

from backend.catalog.card import Patience, Server
from backend.engine.remote.client import Client
from backend.engine.remote.refusal import Refused
from backend.engine.remote.retry import Retries
from backend.errors import EngineFailure, ModelError
from backend.events import Loading
from tests.engine.conftest import question
from tests.engine.remote.conftest import Connect, ask, failure
from tests.engine.remote.unruly import HELLO, Status, Stream, Unruly, finished, said

KEY = "sk-verysecret-0123456789"


# Asking again


def test_a_server_that_is_busy_is_asked_again(unruly: Unruly, connect: Connect) -> None:
    unruly.replies += [Status(429, headers={"Retry-After": "0"}), Status(503), Status(502), HELLO]
    assert ask(connect(unruly.url), question("Say hello")).generated.text == "Hello"
    assert len(unruly.asked) == 4


def test_a_connection_that_breaks_before_anything_came_is_made_again(unruly: Unruly, connect: Connect) -> None:
    unruly.replies += ["drop", HELLO]
    assert ask(connect(unruly.url), question("Say hello")).generated.text == "Hello"
    assert len(unruly.asked) == 2


def test_a_server_that_stays_busy_is_given_up(unruly: Unruly, connect: Connect) -> None:
    unruly.replies += [Status(429, '{"error": {"message": "too many of you"}}')] * 20
    error = failure(ask(connect(unruly.url), question("Say hello")))
    assert "429: too many of you" in error.message
    assert "later" in error.cure
    assert len(unruly.asked) == 6


def test_a_server_that_asks_for_too_much_patience_is_not_waited_for(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append(Status(429, headers={"Retry-After": "3600"}))
    error = failure(ask(connect(unruly.url), question("Say hello")))
    assert "3600 seconds" in error.cure
    assert len(unruly.asked) == 1


def test_a_wait_that_the_server_prescribes_is_kept(unruly: Unruly) -> None:
    client = Client(Server(unruly.url), None, Retries(first_s=0.01))
    refused = Refused(Server(unruly.url), 429, "", 7.0)
    pause = client._pause(refused, 1)
    assert pause is not None
    assert pause >= 7.0


@pytest.mark.parametrize("status", [500, 413, 418])
def test_what_another_attempt_cannot_mend_is_told_at_once(status: int, unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append(Status(status, "the whole\x1b[31m story"))
    error = failure(ask(connect(unruly.url), question("Say hello")))
    assert f"status {status}: the whole\\e[31m story" in error.message
    assert isinstance(error, EngineFailure)
    assert len(unruly.asked) == 1


# Streams that end badly


def test_an_answer_that_breaks_off_is_not_asked_for_twice(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append(Stream([said("Hel"), said("lo")], end="cut"))
    reply = ask(connect(unruly.url), question("Say hello"))
    assert [text for text, _ in reply.tokens] == ["Hel", "lo"]
    assert "broke off" in failure(reply).message
    assert len(unruly.asked) == 1


def test_a_stream_that_ends_without_saying_that_the_answer_does_is_a_failure(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append(Stream([said("Hel")], end="silent"))
    assert "broke the answer off" in failure(ask(connect(unruly.url), question("Say hello"))).message
    unruly.replies.append(Stream([]))
    assert "without an answer" in failure(ask(connect(unruly.url), question("Say hello"))).message


@pytest.mark.parametrize("garbage", ["data: {nonsense\n\n", "data: [1, 2]\n\n", "data: null\n\n", "data: \x00\x1b[2J\n\n"])
def test_garbage_in_the_stream_ends_the_answer(garbage: str, unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append(Stream([said("Hel"), garbage, finished()]))
    error = failure(ask(connect(unruly.url), question("Say hello")))
    assert "no part of an answer" in error.message
    assert "\x1b" not in error.message


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"choices": []},
        {"choices": "many"},
        {"choices": [None]},
        {"choices": [{"delta": None, "logprobs": 5}]},
        {"choices": [{"delta": {"content": None, "role": "assistant"}}]},
        {"choices": [{"delta": {"content": 5}}]},
        {"usage": [], "timings": "long", "prompt_progress": 1},
        ": a comment\n\n",
        "event: ping\ndata: {}\n\n",
        "id: 7\nretry: 5\n\n" + "data: {}\n\n",
    ],
)
def test_what_is_strange_but_harmless_is_passed_over(
    strange: dict[str, object] | str, unruly: Unruly, connect: Connect
) -> None:
    unruly.replies.append(Stream([strange, said("Hel"), strange, said("lo"), finished()]))
    assert ask(connect(unruly.url), question("Say hello")).generated.text == "Hello"


def test_an_error_in_the_stream_is_told(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append(Stream([said("Hel"), {"error": {"code": 500, "message": "out of memory"}}]))
    assert "out of memory" in failure(ask(connect(unruly.url), question("Say hello"))).message


def test_a_page_instead_of_a_stream_is_told(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append(Stream(["<html>welcome</html>"], content_type="text/html"))
    error = failure(ask(connect(unruly.url), question("Say hello")))
    assert "does not answer with a stream" in error.message
    assert "/v1" in error.cure


# Time-outs


def test_a_server_that_never_answers_is_left(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append("never")
    error = failure(ask(connect(unruly.url, patience=Patience(5.0, 0.2, 30.0)), question("Say hello")))
    assert "said nothing for 0.2 s" in error.message
    assert "timeouts.first_token" in error.cure
    assert unruly.hung_up.wait(10)
    assert len(unruly.asked) == 1


def test_a_stream_that_stalls_is_left(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append(Stream([said("Hel")], end="hold"))
    error = failure(ask(connect(unruly.url, patience=Patience(5.0, 30.0, 0.2)), question("Say hello")))
    assert "timeouts.between_tokens" in error.cure
    assert unruly.hung_up.wait(10)


def test_a_server_that_is_not_there_is_told(connect: Connect) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        engine = connect(f"http://127.0.0.1:{nobody.getsockname()[1]}/v1")
        error = failure(ask(engine, question("Say hello")))
    assert "cannot be reached" in error.message
    assert "is the server running?" in error.cure


# What servers refuse


@pytest.mark.parametrize(
    ("status", "complaint"), [(400, "Unrecognized request argument: top_k"), (422, "extra fields: top_k, min_p")]
)
def test_what_a_server_does_not_know_is_left_out_from_then_on(
    status: int, complaint: str, unruly: Unruly, connect: Connect
) -> None:
    engine = connect(unruly.url)
    sampled = question("Say hello")
    sampled = replace(sampled, sampling=replace(sampled.sampling, temperature=0.7))
    unruly.replies += [Status(status, json.dumps({"error": {"message": complaint}})), HELLO, HELLO]
    assert ask(engine, sampled).generated.text == "Hello"
    assert ask(engine, replace(sampled, id="again")).generated.text == "Hello"
    first, second, third = (seen.body for seen in unruly.asked)
    assert "top_k" in first
    assert "top_k" not in second
    assert "logprobs" in second, "only what was named is left out"
    assert "top_k" not in third


def test_a_refusal_that_names_nothing_is_tried_once_without_extras_and_then_told(unruly: Unruly, connect: Connect) -> None:
    unruly.replies += [Status(400, '{"error": "the prompt is too long"}')] * 2
    engine = connect(unruly.url)
    error = failure(ask(engine, question("Say hello")))
    assert "the prompt is too long" in error.message
    assert len(unruly.asked) == 2
    ask(engine, question("Say hello"))
    assert "logprobs" in unruly.asked[-1].body, "leaving out did not help, so nothing was learned"


def test_a_model_that_the_server_does_not_have(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append(Status(404, '{"object": "error", "message": "The model `x` does not exist."}'))
    error = failure(ask(connect(unruly.url, model="x"), question("Say hello")))
    assert "The model `x` does not exist." in error.message
    assert "sightline models check" in error.cure
    assert isinstance(error, ModelError)


def test_a_server_without_a_list_of_models_is_believed(unruly: Unruly, connect: Connect) -> None:
    unruly.models = Status(404)
    assert ask(connect(unruly.url, model="mine"), question("Say hello")).generated.text == "Hello"
    assert unruly.asked[0].body["model"] == "mine"
    with pytest.raises(ModelError, match="remote_model"):
        list(connect(unruly.url).load())


def test_a_connection_carries_more_than_one_question(unruly: Unruly, connect: Connect) -> None:
    engine = connect(unruly.url)
    for _ in range(3):
        ask(engine, question("Say hello"))
    assert len({seen.port for seen in unruly.seen}) == 1


def test_the_wait_for_a_server_is_told_once(unruly: Unruly, connect: Connect) -> None:
    engine = connect(unruly.url)
    first, second = (ask(engine, question("Say hello")) for _ in range(2))
    assert isinstance(first.events[0], Loading)
    assert not any(isinstance(event, Loading) for event in second.events)
