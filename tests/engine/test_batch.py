"""Several requests at once: the same answers as one by one, one picture paid for once, and fair turns."""

from __future__ import annotations

import random

import pytest

from backend.engine.api import Message, Request, Sampling
from backend.engine.llama.model import SEQUENCES
from backend.events import Cancelled, Encoding, EngineEvent, Failed, Generated, Token
from backend.scene import Raster
from tests.engine.conftest import LOCATE, Loaded, Reply, picture, question, told, told_together, work_off

A, B, C = picture(seed=1), picture(320, 128, seed=2), picture(128, 320, seed=3)
WORDS = (
    LOCATE,
    "How many objects are there?",
    "Is there a red square?",
    "Describe the picture.",
    "Locate every object, report bbox coordinates in JSON format.",
    "图中有几个物体？",
    "红色正方形在哪里？",
    "Locate the blue circle, report bbox coordinates in JSON format.",
)
NEAR_TIE = 0.06
"""Most that a log-probability may differ where cells of several conversations lie side by side (Q8_0, unified cache)."""


def texts(replies: list[Reply]) -> list[str]:
    return [reply.generated.text for reply in replies]


def encoded(reply: Reply) -> bool:
    return any(isinstance(event, Encoding) for event in reply.events)


def same_but_for_near_ties(one: Reply, other: Reply) -> bool:
    """Token by token equal, or equal up to a token that was nearly tied with another, after which anything may follow."""
    for (text, mine), (other_text, theirs) in zip(one.tokens, other.tokens, strict=False):
        assert mine is not None
        assert theirs is not None
        if text != other_text:
            return abs(mine - theirs) <= 2 * NEAR_TIE
        if abs(mine - theirs) > NEAR_TIE:
            return False
    return len(one.tokens) == len(other.tokens)


@pytest.mark.parametrize("raster", [A, B, C], ids="ABC")
def test_eight_questions_at_once_are_answered_as_one_by_one(loaded: Loaded, raster: Raster) -> None:
    requests = [question(raster, words, max_tokens=48) for words in WORDS]
    scheduler = loaded.scheduler()
    alone = [told(scheduler, request) for request in requests]
    together = told_together(loaded.scheduler(), *requests)
    assert all(same_but_for_near_ties(one, other) for one, other in zip(alone, together, strict=True))
    assert sum(one.generated.text == other.generated.text for one, other in zip(alone, together, strict=True)) >= 6


def test_a_shared_picture_is_encoded_and_prefilled_once(loaded: Loaded) -> None:
    first, *others = told_together(loaded.scheduler(), *(question(A, words, max_tokens=4) for words in WORDS))
    assert first.generated.timings.encode_ms > 0
    assert first.generated.timings.reused_tokens == 0
    for reply in others:
        assert encoded(reply), "who waits for the picture is told how far it is"
        assert reply.generated.timings.encode_ms == 0
        assert reply.generated.timings.reused_tokens > A.tokens


def test_their_tokens_interleave(loaded: Loaded) -> None:
    scheduler = loaded.scheduler()
    order: list[str] = []
    requests = [question(A, LOCATE), question(A, LOCATE.replace("red", "blue"), max_tokens=24)]
    for request in requests:
        scheduler.submit(request, lambda event: order.append(event.request) if isinstance(event, Token) else None)
    work_off(scheduler)
    first_of_second = order.index(requests[1].id)
    assert requests[0].id in order[first_of_second:], "the first had not ended when the second began"


def test_more_requests_than_sequences_and_several_pictures(loaded: Loaded) -> None:
    rng = random.Random(5)
    requests = [question(rng.choice((A, B, C)), rng.choice(WORDS), max_tokens=rng.randint(1, 30)) for _ in range(3 * SEQUENCES)]
    scheduler = loaded.scheduler()
    alone = [told(scheduler, request) for request in requests]
    together = told_together(loaded.scheduler(), *requests)
    assert all(same_but_for_near_ties(one, other) for one, other in zip(alone, together, strict=True))


def test_long_answers_wait_for_room_rather_than_being_cut(loaded: Loaded) -> None:
    """Together they reserve more than the cache holds: some start later, and none ends for want of cells."""
    hot = Sampling(temperature=30.0, seed=3)
    most = loaded.model.cells // 3
    requests = [question(A, words, max_tokens=most, sampling=hot) for words in WORDS]
    for reply in told_together(loaded.scheduler(), *requests):
        assert reply.generated.reason in ("end", "length")


def test_one_is_cancelled_and_the_others_do_not_notice(loaded: Loaded) -> None:
    requests = [question(A, words, max_tokens=24) for words in WORDS[:4]]
    expected = told_together(loaded.scheduler(), *requests)
    scheduler = loaded.scheduler()
    heard: dict[str, list[EngineEvent]] = {request.id: [] for request in requests}

    def emit(event: EngineEvent) -> None:
        heard[event.request].append(event)
        if isinstance(event, Token) and event.request == requests[0].id:
            scheduler.cancel(requests[0].id)
            loaded.stop.raise_()

    for request in requests:
        scheduler.submit(request, emit)
    while not scheduler.idle:
        loaded.stop.lower()
        scheduler.settle()
        scheduler.work()
    loaded.stop.lower()
    assert isinstance(heard[requests[0].id][-1], Cancelled)
    for request, reply in zip(requests[1:], expected[1:], strict=True):
        assert same_but_for_near_ties(Reply(tuple(heard[request.id])), reply)


def test_one_that_cannot_be_answered_fails_alone(loaded: Loaded) -> None:
    good, bad = question(A, LOCATE), question(A, "word " * 5000)
    first, second = told_together(loaded.scheduler(), bad, good)
    assert isinstance(first.end, Failed)
    assert isinstance(second.end, Generated)


def test_after_a_batch_a_lone_answer_is_exact_again(loaded: Loaded) -> None:
    expected = told(loaded.scheduler(), question(A, LOCATE))
    scheduler = loaded.scheduler()
    told_together(scheduler, *(question(A, words) for words in WORDS))
    assert told(scheduler, question(A, LOCATE)).tokens == expected.tokens
    told_together(scheduler, *(question(raster, LOCATE) for raster in (A, B, C)))
    assert told(scheduler, question(A, LOCATE)).tokens == expected.tokens


def ahead(raster: Raster) -> Request:
    return Request((Message("user", (raster,)),), Sampling(), 0, ahead=True)


def test_a_picture_read_ahead_is_not_paid_for_again(loaded: Loaded) -> None:
    expected = told(loaded.scheduler(), question(A, LOCATE))
    scheduler = loaded.scheduler()
    read = told(scheduler, ahead(A))
    assert read.generated.text == ""
    assert encoded(read)
    reply = told(scheduler, question(A, LOCATE))
    assert not encoded(reply)
    assert reply.generated.timings.reused_tokens > A.tokens
    assert reply.tokens == expected.tokens
    again = told(scheduler, ahead(A))
    assert not encoded(again)
    assert again.generated.text == "", "there is nothing left to read of it, which is no failure"


def test_what_is_read_ahead_gives_way_to_a_question_about_another_picture(loaded: Loaded) -> None:
    scheduler = loaded.scheduler()
    waiting, asked = ahead(A), question(B, LOCATE)
    ends: list[EngineEvent] = []

    def emit(event: EngineEvent) -> None:
        if isinstance(event, Encoding) and event.request == waiting.id and event.done == 1:
            scheduler.submit(asked, emit)
            loaded.stop.raise_()
        if isinstance(event, Generated | Cancelled | Failed):
            ends.append(event)

    scheduler.submit(waiting, emit)
    while not scheduler.idle:
        loaded.stop.lower()
        scheduler.settle()
        scheduler.work()
    loaded.stop.lower()
    assert [(type(end), end.request) for end in ends] == [(Cancelled, waiting.id), (Generated, asked.id)]


def test_a_question_about_the_picture_that_is_being_read_ahead_goes_on_from_there(loaded: Loaded) -> None:
    scheduler = loaded.scheduler()
    waiting, asked = ahead(A), question(A, LOCATE)
    heard: list[EngineEvent] = []

    def emit(event: EngineEvent) -> None:
        heard.append(event)
        if isinstance(event, Encoding) and event.request == waiting.id and event.done == 1:
            scheduler.submit(asked, emit)

    scheduler.submit(waiting, emit)
    work_off(scheduler)
    reply = Reply(tuple(event for event in heard if event.request == asked.id))
    assert any(event.request == waiting.id and isinstance(event, Generated) for event in heard)
    assert reply.generated.timings.encode_ms == 0
    assert reply.generated.timings.reused_tokens > A.tokens
    assert encoded(reply), "it is told how far the picture is"


def test_clients_take_turns(loaded: Loaded) -> None:
    """A client that asks forty things does not keep another one's question waiting for forty answers."""
    scheduler = loaded.scheduler()
    ends: list[str] = []

    def emit(event: EngineEvent) -> None:
        if isinstance(event, Generated):
            ends.append(event.request)

    for _ in range(40):
        scheduler.submit(question(A, LOCATE, max_tokens=8), emit, client=1)
    single = question(A, "How many objects are there?", max_tokens=8)
    scheduler.submit(single, emit, client=2)
    work_off(scheduler)
    assert ends.index(single.id) < SEQUENCES


def test_the_requests_of_a_client_that_went_are_dropped(loaded: Loaded) -> None:
    scheduler = loaded.scheduler()
    heard: list[EngineEvent] = []
    for _ in range(3):
        scheduler.submit(question(A, LOCATE), heard.append, client=1)
    stays = question(A, LOCATE)
    scheduler.submit(stays, heard.append, client=2)
    scheduler.drop_client(1)
    work_off(scheduler)
    assert sum(isinstance(event, Cancelled) for event in heard) == 3
    assert [event.request for event in heard if isinstance(event, Generated)] == [stays.id]
