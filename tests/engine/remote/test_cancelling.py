"""Requests that are stopped, run side by side, or give way to each other."""

from __future__ import annotations

import gc
import json
import threading
from dataclasses import replace

from backend.events import Cancelled, EngineEvent, Generated, Token
from tests.engine.conftest import A, question
from tests.engine.remote.conftest import Connect, ask
from tests.engine.remote.unruly import Status, Stream, Unruly, said


def test_a_cancel_from_another_thread_closes_the_connection(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append(Stream([said("Hel")], end="hold"))
    engine, request = connect(unruly.url), question("Say hello")
    events: list[EngineEvent] = []
    asking = threading.Thread(target=lambda: events.extend(engine.run(request)))
    asking.start()
    assert unruly.held.wait(10)
    engine.cancel(request.id)
    asking.join(10)
    assert isinstance(events[-1], Cancelled)
    assert unruly.hung_up.wait(10)
    assert ask(engine, question("Say hello")).generated.text == "Hello"


def test_a_cancel_while_nothing_has_come_closes_the_connection(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append("never")
    engine, request = connect(unruly.url), question("Say hello")
    events: list[EngineEvent] = []
    asking = threading.Thread(target=lambda: events.extend(engine.run(request)))
    asking.start()
    assert unruly.held.wait(10)
    engine.cancel(request.id)
    asking.join(10)
    assert isinstance(events[-1], Cancelled)
    assert unruly.hung_up.wait(10)


def test_what_is_cancelled_before_it_began_is_never_sent(unruly: Unruly, connect: Connect) -> None:
    engine, request = connect(unruly.url), question("Say hello")
    events = engine.run(request)
    engine.cancel(request.id)
    assert list(events) == [Cancelled(request.id)]
    assert unruly.seen == []


def test_an_unknown_or_finished_id_is_ignored(unruly: Unruly, connect: Connect) -> None:
    engine, request = connect(unruly.url), question("Say hello")
    engine.cancel("nobody")
    ask(engine, request)
    engine.cancel(request.id)
    assert ask(engine, request).generated.text == "Hello"


def test_leaving_early_closes_the_connection(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append(Stream([said("Hel")], end="hold"))
    events = iter(connect(unruly.url).run(question("Say hello")))
    while not isinstance(next(events), Token):
        pass
    del events
    gc.collect()
    assert unruly.hung_up.wait(10)


def test_closing_ends_a_running_request(unruly: Unruly, connect: Connect) -> None:
    unruly.replies.append("never")
    engine = connect(unruly.url)
    events: list[EngineEvent] = []
    asking = threading.Thread(target=lambda: events.extend(engine.run(question("Say hello"))))
    asking.start()
    assert unruly.held.wait(10)
    engine.close()
    asking.join(10)
    assert isinstance(events[-1], Cancelled)
    assert isinstance(ask(engine, question("Say hello")).end, Cancelled)
    assert list(engine.load()) == []
    engine.close()


def test_closing_an_engine_that_was_never_used_starts_nothing(connect: Connect) -> None:
    before = threading.active_count()
    connect("http://127.0.0.1:1/v1").close()
    assert threading.active_count() == before


# Several, and ahead


def test_requests_of_one_run_are_sent_at_once(unruly: Unruly, connect: Connect) -> None:
    """One of them is never answered; the other nevertheless is."""
    unruly.replies.append("never")
    engine, requests = connect(unruly.url), (question("Say hello"), question("Say hello"))
    ends: list[EngineEvent] = []
    for event in engine.run(*requests):
        if isinstance(event, Generated | Cancelled):
            ends.append(event)
            for request in requests:
                engine.cancel(request.id)
    assert [type(event) for event in ends] == [Generated, Cancelled]
    assert {event.request for event in ends} == {request.id for request in requests}


def test_ahead_costs_nothing_where_a_server_cannot_read_without_answering(unruly: Unruly, connect: Connect) -> None:
    reply = ask(connect(unruly.url), replace(question(A, "What is it?"), ahead=True))
    assert reply.generated.text == ""
    assert unruly.asked == []


def test_what_is_read_ahead_gives_way_to_a_question(unruly: Unruly, connect: Connect) -> None:
    unruly.models = Status(200, json.dumps({"data": [{"id": "m", "owned_by": "llamacpp"}]}))
    unruly.replies.append("never")
    engine = connect(unruly.url)
    events: list[EngineEvent] = []
    ahead = threading.Thread(target=lambda: events.extend(engine.run(replace(question(A, "What?"), ahead=True))))
    ahead.start()
    assert unruly.held.wait(10)
    assert ask(engine, question(A, "What?")).generated.text == "Hello"
    ahead.join(10)
    assert isinstance(events[-1], Cancelled)
    warm_up = unruly.asked[0].body
    assert (warm_up["max_tokens"], warm_up["cache_prompt"]) == (0, True)
    assert [part["type"] for part in warm_up["messages"][-1]["content"]] == ["image_url"]
