"""The engine as others use it: a real worker process that is loaded, asked, cancelled, killed and closed."""

from __future__ import annotations

import itertools
import signal
import threading
from collections.abc import Iterator

import pytest

from backend.engine import supervisor
from backend.engine.process import log_file
from backend.engine.supervisor import WorkerEngine
from backend.errors import EngineFailure, ModelError
from backend.events import Cancelled, Encoding, EngineEvent, Failed, Generated, Loading, Prefilling, Token
from tests.engine.conftest import LOCATE, SPEC, A, B, Loaded, answers, ask, picture, question, told, workers


def test_loading_then_answering_then_reusing(engine: WorkerEngine) -> None:
    first = ask(engine, question(A, LOCATE))
    kinds = list(dict.fromkeys(type(event) for event in first.events))
    assert kinds == [Loading, Prefilling, Encoding, Token, Generated]
    fractions = [event.fraction for event in first.events if isinstance(event, Loading)]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)
    assert first.generated.timings.load_ms > 0
    assert first.generated.timings.first_token_ms > first.generated.timings.load_ms
    again = ask(engine, question(A, "How many objects are there?"))
    assert again.generated.timings.load_ms == 0
    assert again.generated.timings.reused_tokens > A.tokens
    assert len(workers()) == 1


def test_loading_ahead_of_the_first_question(engine: WorkerEngine) -> None:
    fractions = [event.fraction for event in engine.load()]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1, abs=0.02)
    assert list(engine.load()) == []
    assert len(workers()) == 1
    assert dict(engine.describe())["device"] != "not loaded yet"
    assert ask(engine, question(A, LOCATE)).generated.timings.load_ms == 0
    assert len(workers()) == 1


def test_a_question_waits_for_whoever_loads_and_can_be_given_up_meanwhile(engine: WorkerEngine) -> None:
    loading = engine.load()
    next(loading)
    waiting = question(A, LOCATE)
    events = engine.run(waiting)
    assert isinstance(next(events), Loading), "it sees how far the model is"
    engine.cancel(waiting.id)
    assert [type(event) for event in events] == [Cancelled]
    list(loading)
    assert answers(engine)
    assert len(workers()) == 1


def test_closing_ends_the_loading(engine: WorkerEngine) -> None:
    loading = engine.load()
    next(loading)
    engine.close()
    list(loading)
    assert workers() == []


def test_it_says_what_answers(engine: WorkerEngine) -> None:
    assert dict(engine.describe())["device"] == "not loaded yet"
    ask(engine, question(A, LOCATE, max_tokens=1))
    said = dict(engine.describe())
    assert said["name"] == "demo"
    assert (said["text"], said["mmproj"]) == (SPEC.text.name, SPEC.mmproj.name)
    assert said["runtime"].startswith("llama.cpp via llama-cpp-python 0.")
    assert "thread" in said["device"]


def test_events_name_their_request(engine: WorkerEngine) -> None:
    request = question(A, LOCATE)
    assert {event.request for event in ask(engine, request).events} == {request.id}


_seeds = itertools.count(100)


def run_until(engine: WorkerEngine, kind: type[EngineEvent], *, long: bool = True) -> tuple[str, Iterator[EngineEvent]]:
    """A request, about a picture never seen before, that has got as far as its first event of that kind."""
    unseen = picture(320, 128, seed=next(_seeds))
    request = question(unseen, LOCATE + " word" * 300 if long else LOCATE, max_tokens=64)
    events = engine.run(request)
    next(event for event in events if isinstance(event, kind))
    return request.id, events


@pytest.mark.parametrize("kind", [Loading, Encoding, Prefilling, Token])
def test_cancelled_in_every_phase_and_exact_afterwards(engine: WorkerEngine, loaded: Loaded, kind: type[EngineEvent]) -> None:
    if kind is not Loading:
        ask(engine, question(A, LOCATE))
    request, events = run_until(engine, kind)
    engine.cancel(request)
    rest = list(events)
    assert isinstance(rest[-1], Cancelled | Generated), "a cancel that comes too late is ignored"
    if kind is not Token:
        assert isinstance(rest[-1], Cancelled)
    expected = told(loaded.scheduler(), question(A, "How many objects are there?"))
    assert ask(engine, question(A, "How many objects are there?")).tokens == expected.tokens


def test_cancelled_from_another_thread_while_the_answer_is_drained(engine: WorkerEngine) -> None:
    request = question(A, LOCATE + " word" * 300, max_tokens=500)
    seen = threading.Event()

    def cancel() -> None:
        seen.wait(60)
        engine.cancel(request.id)

    canceller = threading.Thread(target=cancel)
    canceller.start()
    last = None
    for last in engine.run(request):
        if isinstance(last, Encoding):
            seen.set()
    canceller.join()
    assert isinstance(last, Cancelled)


def test_a_cancel_before_the_first_event_counts(engine: WorkerEngine) -> None:
    request = question(A, LOCATE)
    events = engine.run(request)
    engine.cancel(request.id)
    assert [type(event) for event in events] == [Cancelled]
    assert workers() == []


def test_unknown_and_finished_requests_are_not_cancelled(engine: WorkerEngine) -> None:
    engine.cancel("nobody")
    done = question(A, LOCATE)
    ask(engine, done)
    engine.cancel(done.id)
    assert answers(engine)


def test_leaving_early_does_not_disturb_the_next_question(engine: WorkerEngine, loaded: Loaded) -> None:
    for kind in (Loading, Encoding, Token):
        _, events = run_until(engine, kind)
        events.close()  # type: ignore[attr-defined]
        expected = told(loaded.scheduler(), question(A, LOCATE))
        assert ask(engine, question(A, LOCATE)).tokens == expected.tokens
    assert len(workers()) == 1


def test_a_second_question_waits_for_the_first(engine: WorkerEngine) -> None:
    requests = [question(A, LOCATE), question(B, LOCATE), question(A, "How many objects are there?")]
    ends: dict[str, EngineEvent] = {}

    def drain(index: int) -> None:
        ends[requests[index].id] = list(engine.run(requests[index]))[-1]

    threads = [threading.Thread(target=drain, args=(index,)) for index in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {type(end) for end in ends.values()} == {Generated}
    assert len(workers()) == 1


@pytest.mark.parametrize("kind", [Encoding, Prefilling, Token])
def test_killed_in_mid_answer_then_asked_again(engine: WorkerEngine, kind: type[EngineEvent]) -> None:
    while True:
        assert answers(engine)
        [worker] = workers()
        _, events = run_until(engine, kind)
        worker.kill()
        end = list(events)[-1]
        if isinstance(end, Failed):
            break
        ask(engine, question(A, LOCATE))  # the answer was quicker than the kill: let the death be noticed, and try again
    assert isinstance(end.error, EngineFailure)
    assert "SIGKILL" in str(end.error)
    assert "ask again" in end.error.cure
    assert ask(engine, question(A, LOCATE)).generated.timings.load_ms > 0


def test_killed_before_the_question(engine: WorkerEngine) -> None:
    ask(engine, question(A, LOCATE, max_tokens=1))
    [worker] = workers()
    worker.kill()
    end = ask(engine, question(A, LOCATE)).end
    assert isinstance(end, Failed)
    assert answers(engine)


def test_killed_while_loading(engine: WorkerEngine) -> None:
    events = engine.run(question(A, LOCATE))
    assert isinstance(next(events), Loading)
    [worker] = workers()
    worker.kill()
    end = list(events)[-1]
    assert isinstance(end, Failed)
    assert isinstance(end.error, ModelError)
    assert SPEC.text.name in str(end.error)
    assert answers(engine)


def test_a_worker_that_keeps_dying_is_given_pauses_that_a_cancel_ends(
    engine: WorkerEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "BACK_OFF_S", (0.0, 600.0))
    events = engine.run(question(A, LOCATE))
    next(events)
    workers()[0].kill()
    assert isinstance(list(events)[-1], Failed)
    request = question(A, LOCATE)
    ends: list[EngineEvent] = []
    waiting = threading.Thread(target=lambda: ends.extend(engine.run(request)))
    waiting.start()
    engine.cancel(request.id)
    while waiting.is_alive():  # the cancel may have come before the question
        engine.cancel(request.id)
        waiting.join(0.05)
    assert [type(end) for end in ends] == [Cancelled]
    assert workers() == []


def test_the_last_words_of_a_crash_are_passed_on(engine: WorkerEngine) -> None:
    ask(engine, question(A, LOCATE, max_tokens=1))
    [worker] = workers()
    with log_file().open("a") as log:
        log.write("ggml.c:123: GGML_ASSERT(everything) failed\n")
    worker.send_signal(signal.SIGABRT)
    end = ask(engine, question(A, LOCATE)).end
    assert isinstance(end, Failed)
    assert "SIGABRT" in str(end.error)
    assert "GGML_ASSERT(everything) failed" in str(end.error)


def test_close_is_idempotent_and_leaves_no_process(engine: WorkerEngine) -> None:
    ask(engine, question(A, LOCATE, max_tokens=1))
    [worker] = workers()
    engine.close()
    engine.close()
    assert not worker.is_running()
    assert [type(event) for event in engine.run(question(A, LOCATE))] == [Cancelled]
    assert workers() == []


@pytest.mark.parametrize("kind", [Loading, Encoding])
def test_close_ends_a_running_request(engine: WorkerEngine, kind: type[EngineEvent]) -> None:
    _, events = run_until(engine, kind)
    [worker] = workers()
    engine.close()
    assert isinstance(list(events)[-1], Cancelled)
    assert not worker.is_running()


def test_a_worker_that_hangs_is_killed_at_close(engine: WorkerEngine) -> None:
    ask(engine, question(A, LOCATE, max_tokens=1))
    [worker] = workers()
    worker.suspend()
    engine.close()
    assert not worker.is_running()
