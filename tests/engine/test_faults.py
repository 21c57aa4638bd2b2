"""A hundred deaths: whenever the worker is killed, the question gets a message, and asking again gets the right answer."""

from __future__ import annotations

import random

import pytest

from backend.engine import supervisor
from backend.engine.api import Request, Sampling
from backend.engine.supervisor import WorkerEngine
from backend.errors import EngineFailure, ModelError
from backend.events import EngineEvent, Failed, Generated
from tests.engine.conftest import LOCATE, ask, picture, question, workers

DEATHS = 100
WORDS = (LOCATE, "How many objects are there?", "Is there a red square?", "Describe the picture.")


def killed_at(engine: WorkerEngine, request: Request, moment: int) -> EngineEvent:
    """The request's last event, where the worker was killed when its event of that number came."""
    last: EngineEvent | None = None
    for number, event in enumerate(engine.run(request)):
        last = event
        if number == moment:
            for worker in workers():
                worker.kill()
    assert last is not None
    return last


@pytest.mark.timeout(600)
def test_a_hundred_deaths_and_a_hundred_right_answers(engine: WorkerEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "BACK_OFF_S", (0.0,))  # pauses between deaths are another test's business
    rng = random.Random(7)
    # Wild answers are long ones, and just as repeatable.
    kinds = [
        question(picture(seed=number % 3), words, max_tokens=200, sampling=Sampling(temperature=20.0, seed=number))
        for number, words in enumerate(WORDS * 2)
    ]
    cold = len(ask(engine, kinds[0]).events)
    replies = [ask(engine, kind) for kind in kinds]
    killed = interrupted = 0
    for _ in range(DEATHS):
        number = rng.randrange(len(kinds))
        kind, right = kinds[number], replies[number]
        loads = not workers()
        end = killed_at(
            engine,
            Request(kind.messages, kind.sampling, kind.max_tokens),
            moment=rng.randrange(cold if loads else len(right.events)),
        )
        for worker in workers():  # it was over sooner
            worker.kill()
        killed += 1
        if isinstance(end, Failed):
            interrupted += 1
            assert isinstance(end.error, EngineFailure | ModelError)
            assert "SIGKILL" in str(end.error)
            assert end.error.cure
        again = ask(engine, kind)
        while not isinstance(again.end, Generated):  # the death came after the answer, so this question met it
            assert isinstance(again.end, Failed)
            again = ask(engine, kind)
        assert again.generated.text == right.generated.text
        if rng.random() < 0.3:  # the next one begins with loading
            workers()[0].kill()
            assert isinstance(ask(engine, kind).end, Failed)
    assert killed == DEATHS
    assert interrupted > DEATHS // 4, "many of them came in the middle"
    assert len(workers()) <= 1


def test_a_thousand_questions_leave_the_workers_memory_as_it_was(engine: WorkerEngine) -> None:
    """After the first few hundred every cache has what it may hold; from then on nothing may grow."""
    pictures = [picture(seed=seed) for seed in range(12)]

    def ask_many(count: int) -> int:
        for number in range(count):
            asked = question(pictures[number % len(pictures)], WORDS[number % len(WORDS)] + f" {number % 7}", max_tokens=6)
            assert isinstance(ask(engine, asked).end, Generated)
        [worker] = workers()
        return int(worker.memory_info().rss)

    settled = ask_many(250)
    assert ask_many(750) < settled * 1.03 + (2 << 20)
