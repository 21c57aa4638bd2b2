"""Runs with engines that do what a test wants: failures that pass, stay, or take others with them; and bounded memory."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backend.ask import Asker
from backend.batch import running, station
from backend.batch.desk import ATTEMPTS, Desk
from backend.batch.kept import Kept
from backend.batch.readers import Wish
from backend.batch.running import Run
from backend.batch.work import Item, Job, Outcome, Parameters, Source, Stamp
from backend.catalog import ModelStore, consider, load_catalog
from backend.engine.remote.refusal import Unreachable
from backend.errors import EngineFailure, ModelError, SightlineError
from backend.scene import Picture
from backend.synthetic.scenes import draw_scene
from tests.scripted import Break, Hold, Say, ScriptedEngine, Step

COUNT = "How many objects are there?"
CARD = consider(load_catalog(), ModelStore(), "demo").model
SAID: tuple[Step, ...] = (Say("3"),)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(station, "LONGEST_PAUSE_S", 0.002)
    monkeypatch.setattr(running, "GLANCE_S", 0.005)


@pytest.fixture
def scenes(tmp_path: Path) -> list[Source]:
    for seed in range(6):
        draw_scene(seed, (64, 48)).render().save(tmp_path / f"{seed}.png")
    return [Source(tmp_path / f"{seed}.png") for seed in range(6)]


def asker(name: str, reply: Callable[[str], tuple[Step, ...]] = lambda _: SAID, *scripts: tuple[Step, ...]) -> Asker:
    return Asker(replace(CARD, card=replace(CARD.card, name=name)), ScriptedEngine(*scripts, reply=reply))


def run(askers: list[Asker], sources: list[Source], workers: int = 2) -> Run:
    parameters = Parameters(tuple(one.model.card.name for one in askers), task="free", second_looks=False)
    wish = Wish((COUNT,), parameters, Kept(), False, CARD.card)
    return Run(askers, sources, wish, lambda _: None, workers=workers)


def drained(made: Run) -> list[Outcome]:
    made.start()
    try:
        return [outcome for outcome in made.outcomes() if outcome is not None]
    finally:
        made.close()


def failures(outcomes: list[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if isinstance(one.end, SightlineError)]


def test_a_failure_that_passes_costs_nothing(scenes: list[Source]) -> None:
    broken: tuple[Step, ...] = (Break(EngineFailure("the worker died")),)
    made = run([asker("one", lambda _: SAID, broken, broken)], scenes)
    outcomes = drained(made)
    assert Counter(one.source for one in outcomes) == Counter(scenes)
    assert not failures(outcomes)
    assert made.retries == 2


def test_one_that_always_fails_is_told_after_its_attempts_and_alone(scenes: list[Source]) -> None:
    """The engine dies of one picture and takes along whatever else it works on: those must not pay for it."""
    poison, others = scenes[0], scenes[1:]
    lock, live = threading.Lock(), set[str]()

    class Fragile(ScriptedEngine):
        def run(self, *requests):  # type: ignore[no-untyped-def]
            bad = any(request.id in bad_ids for request in requests)
            with lock:
                live.update(request.id for request in requests)
            try:
                if bad:
                    dead.update(live)
                yield from super().run(*requests)
            finally:
                with lock:
                    live.difference_update(request.id for request in requests)

        def _script(self, request):  # type: ignore[no-untyped-def]
            return (Break(EngineFailure("the worker died")),) if request.id in bad_ids | dead else SAID

    bad_ids, dead = set[str](), set[str]()
    made = run([Asker(CARD, Fragile())], [poison, *others], workers=3)
    question = made._question

    def noted(text: str, pictures: tuple[Picture, ...], camera: None) -> object:
        asked = question(text, pictures, camera)
        if pictures[0].path == poison.path:
            bad_ids.add(asked.id)
        return asked

    made._question = noted  # type: ignore[method-assign, assignment]
    outcomes = drained(made)
    assert [one.source for one in failures(outcomes)] == [poison]
    assert Counter(one.source for one in outcomes) == Counter(scenes)
    assert len(bad_ids) == ATTEMPTS


def test_a_station_that_is_gone_is_set_aside_and_the_other_does_its_work(scenes: list[Source]) -> None:
    gone = asker("gone", lambda _: (Break(Unreachable("no connection came about")),))
    made = run([gone, asker("here")], scenes)
    outcomes = drained(made)
    assert not failures(outcomes)
    assert {one.station for one in outcomes} == {"here"}
    assert Counter(one.source for one in outcomes) == Counter(scenes)


def test_a_station_that_comes_back_is_asked_again(scenes: list[Source], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(station, "REVIVE_S", 0.01)
    hold, lost = Hold(), (Break(Unreachable("no connection came about")),)
    back = asker("back", lambda _: SAID, *([lost] * station.UNREACHABLE))
    made = run([asker("slow", lambda _: (hold, *SAID)), back], scenes, workers=1)
    made.start()
    stations = []
    for outcome in made.outcomes():
        if outcome is not None:
            stations.append(outcome.station)
            hold.gate.set()
    made.close()
    assert stations[0] == "back", "the slow one answers only after it"
    assert len(stations) == len(scenes)


@pytest.mark.parametrize("error", [Unreachable("no connection came about"), ModelError("it does not fit"), EngineFailure("no")])
def test_where_all_stations_are_gone_it_ends_with_their_error(error: SightlineError, scenes: list[Source]) -> None:
    made = run([asker("one", lambda _: (Break(error),)), asker("two", lambda _: (Break(error),))], scenes)
    with pytest.raises(type(error), match=error.message):
        drained(made)


def test_stopping_finishes_what_is_being_answered(scenes: list[Source]) -> None:
    hold = Hold()
    made = run([asker("one", lambda _: (hold, *SAID))], scenes, workers=2)
    made.start()
    engine = made.stations[0].asker._engine
    assert isinstance(engine, ScriptedEngine)
    outcomes = made.outcomes()
    while len(engine.requests) < 2:
        assert next(outcomes) is None
    made.stop()
    hold.gate.set()
    assert len([one for one in outcomes if one is not None]) == 2
    made.close()


def test_abandoning_gives_up_what_is_being_answered(scenes: list[Source]) -> None:
    made = run([asker("one", lambda _: (Hold(), *SAID))], scenes, workers=2)
    made.start()
    engine = made.stations[0].asker._engine
    assert isinstance(engine, ScriptedEngine)
    outcomes = made.outcomes()
    while len(engine.requests) < 2:
        assert next(outcomes) is None
    made.abandon()
    assert [one for one in outcomes if one is not None] == []
    made.close()


def test_however_many_pictures_there_are_few_are_held(tmp_path: Path) -> None:
    draw_scene(1, (64, 48)).render().save(tmp_path / "scene.png")
    listed = 0

    def endless() -> Iterator[Source]:
        nonlocal listed
        for number in range(100_000):
            listed += 1
            path = tmp_path / f"{number}.png"
            path.symlink_to("scene.png")
            yield Source(path)

    hold = Hold()
    parameters = Parameters(("one",), task="free", second_looks=False)
    made = Run(
        [asker("one", lambda _: (hold, *SAID))],
        endless(),
        Wish((COUNT,), parameters, Kept(), False, CARD.card),
        lambda _: None,
        workers=1,
    )
    made._desk._most = 64 * 48 * 3 * 10
    made.start()
    outcomes = made.outcomes()
    for __ in range(40):
        assert next(outcomes) is None
    assert made._desk._held <= made._desk._most
    assert listed <= 10 + 2 + 1
    made.abandon()
    hold.gate.set()
    made.close()


def job(name: str, size: int = 10, attempts: int = 0, failed_at: frozenset[str] = frozenset()) -> Job:
    picture = Picture(name, size, 1, bytes(3 * size), "0" * 64)
    return Job(Source(Path(name)), Stamp(), (picture,), (Item("00", "q"),), attempts, failed_at)


def test_a_job_that_failed_here_goes_to_another_station_unless_none_is_left() -> None:
    desk = Desk(["one", "two"])
    desk.put(job("a", failed_at=frozenset({"one"})))
    desk.put(job("b"))
    first = desk.take("one")
    assert first is not None
    assert first.source.path == Path("b")
    desk.done("one", first)
    desk.retire("two")
    assert desk.take("one") is not None


def test_a_last_attempt_waits_until_its_station_does_nothing_else() -> None:
    desk = Desk(["one"])
    desk.put(job("a"))
    desk.put(job("last", attempts=ATTEMPTS - 1))
    desk.put(job("b"))
    a, b = desk.take("one"), desk.take("one")
    assert a is not None
    assert b is not None
    assert [a.source.path.name, b.source.path.name] == ["a", "b"]
    desk.done("one", a)
    desk.done("one", b)
    last = desk.take("one")
    assert last is not None
    assert last.source.path.name == "last"


def test_a_job_larger_than_the_whole_desk_is_let_in_alone() -> None:
    desk = Desk(["one"], most_bytes=10)
    assert desk.put(job("huge", size=1000))
    let_in = threading.Event()

    def hand_in() -> None:
        desk.put(job("next"))
        let_in.set()

    thread = threading.Thread(target=hand_in, daemon=True)
    thread.start()
    taken = desk.take("one")
    assert taken is not None
    assert not let_in.is_set(), "what is asked about counts"
    desk.done("one", taken)
    assert let_in.wait(60)
    thread.join()
