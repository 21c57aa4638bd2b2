"""Several sessions, one worker: nothing is loaded twice, answers stay what they are, and nobody crowds anybody."""

from __future__ import annotations

import signal
import threading
from socket import SHUT_WR

import pytest

from backend.engine.rendezvous import connected
from backend.engine.supervisor import WorkerEngine
from backend.events import Cancelled, EngineEvent, Generated, Loading, Token
from tests.engine.conftest import LOCATE, A, B, Loaded, Reply, answers, ask, question, told, workers
from tests.engine.shared.conftest import Sessions, Watched, endless, other_session, socket, worker
from tests.engine.test_batch import same_but_for_near_ties


def test_a_second_session_finds_the_model_and_the_picture(session: Sessions) -> None:
    first = ask(session(), question(A, LOCATE))
    assert isinstance(first.events[0], Loading)
    assert first.generated.timings.load_ms > 0
    second = ask(session(), question(A, LOCATE))
    assert not any(isinstance(event, Loading) for event in second.events)
    assert second.generated.timings.load_ms == 0
    assert second.generated.timings.reused_tokens > A.tokens
    assert second.tokens == first.tokens
    assert len(workers()) == 1


def test_two_that_start_at_once_start_one_worker(session: Sessions) -> None:
    together = threading.Barrier(2)
    replies: list[Reply] = []

    def run(engine: WorkerEngine) -> None:
        together.wait()
        replies.append(ask(engine, question(A, LOCATE)))

    threads = [threading.Thread(target=run, args=(session(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(reply.end) for reply in replies] == [Generated, Generated]
    assert len(workers()) == 1


def test_two_at_once_are_answered_as_one_by_one(session: Sessions, loaded: Loaded) -> None:
    requests = [
        [question(raster, words) for words in (LOCATE, "How many objects are there?", "Is there a red square?")]
        for raster in (A, B)
    ]
    heard: dict[str, list[EngineEvent]] = {request.id: [] for group in requests for request in group}

    def run(engine: WorkerEngine, group: int) -> None:
        for event in engine.run(*requests[group]):
            heard[event.request].append(event)

    threads = [threading.Thread(target=run, args=(session(), group)) for group in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for request in (request for group in requests for request in group):
        alone = told(loaded.scheduler(), request)
        assert same_but_for_near_ties(Reply(tuple(heard[request.id])), alone)


def test_one_is_answered_while_another_is_being_answered(session: Sessions) -> None:
    one, other = session(), session()
    long = endless(A)
    events = one.run(long)
    next(event for event in events if isinstance(event, Token))
    assert answers(other)
    one.cancel(long.id)
    assert isinstance(list(events)[-1], Cancelled)


def test_forty_questions_of_one_do_not_keep_another_waiting(session: Sessions) -> None:
    one, other = session(), session()
    many = [endless(A, seed, max_tokens=100) for seed in range(40)]
    events = one.run(*many)
    next(event for event in events if isinstance(event, Token))
    assert answers(other)
    for request in many:
        one.cancel(request.id)
    ends = [type(event) for event in events if isinstance(event, Generated | Cancelled)]
    assert len(ends) == 40
    assert Cancelled in ends, "some had not had their turn when the other one was through"


def test_a_session_that_is_killed_leaves_nothing_behind(session: Sessions) -> None:
    engine = session()
    assert answers(engine)
    watched = Watched()
    with other_session(questions=20) as program:
        watched.until(lambda status: status.sessions == 2 and status.answering > 0)
        program.kill()
        watched.until(lambda status: status.sessions == 1 and status.answering == 0)
    whole = ask(engine, question(A, "word " * 300, max_tokens=1500))
    assert isinstance(whole.end, Generated), "all of the context is free again"


def test_a_session_that_is_suspended_blocks_nobody(session: Sessions) -> None:
    engine = session()
    assert answers(engine)
    with other_session(questions=20) as program:
        program.send_signal(signal.SIGSTOP)
        for words in (LOCATE, "How many objects are there?"):
            assert isinstance(ask(engine, question(B, words)).end, Generated)


@pytest.mark.parametrize(
    "said", [b"GET / HTTP/1.1\r\n\r\n", b"\x00\x00\x00\x05hello", b"\xff" * 100, b"\x00\x00\x00\x40{", b""]
)
def test_who_talks_garbage_is_hung_up_on(session: Sessions, said: bytes) -> None:
    engine = session()
    assert answers(engine)
    before = worker()
    intruder = connected(socket(), 30)
    assert intruder is not None
    with intruder:
        intruder.sendall(said)
        intruder.shutdown(SHUT_WR)
        while intruder.recv(4096):
            pass
    assert answers(engine)
    assert worker() == before
