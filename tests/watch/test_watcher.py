"""The middle of the loop, over an engine that a test holds still: what is dropped, what is told, and how it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from threading import Event as Gate
from threading import Thread

import pytest

from backend.errors import EngineFailure, ModelError, SightlineError, UnreadablePicture
from backend.spatial.known_camera import GivenCamera
from backend.spatial.tracks import Zone
from backend.watch import Ended, Happened, Limits, Looked, Record, SourceLost, Started, Watched, Watching
from backend.watch.shot import Shot
from tests.ask.asking import asker
from tests.scripted import Break, Hold, Say, ScriptedEngine, Step
from tests.watch.frames import Told, shot

CUP = Watched(finds=("cup",))


def box(left: int) -> tuple[Step, ...]:
    return (Say(f'[{{"bbox_2d": [{left}, 400, {left + 200}, 800], "label": "cup"}}]'),)


class Read(list[Record]):
    """What was written."""

    @property
    def frames(self) -> list[Looked]:
        return [one for one in self if isinstance(one, Looked)]

    @property
    def events(self) -> list[str]:
        return [one.event.text for one in self if isinstance(one, Happened)]


def watching(source: Told, engine: ScriptedEngine, read: Read, watched: Watched = CUP, **limits: float) -> Watching:
    return Watching(source, asker(engine), watched, Limits(**limits), read.append)  # type: ignore[arg-type]


def test_every_frame_of_a_source_that_ends() -> None:
    read, engine = Read(), ScriptedEngine(reply=lambda _: box(100))
    ended = watching(Told([1, 2, 3]), engine, read, every=True, budget_s=60).run()
    assert [type(one) for one in (read[0], read[-1])] == [Started, Ended]
    assert [one.frame for one in read.frames] == [1, 2, 3]
    assert (ended.reason, ended.frames, ended.within_budget, ended.dropped) == ("source", 3, 3, 0)
    assert [track["label"] for track in read.frames[-1].tracks] == ["cup"]
    assert all(request.passing for request in engine.requests), "nothing of a frame is kept for later"


def test_what_comes_while_it_looks_is_dropped_and_the_newest_is_next() -> None:
    read, held = Read(), Hold()
    engine = ScriptedEngine((held, *box(100)), reply=lambda _: box(100))
    source = Told(list(range(1, 30)))
    loop = watching(source, engine, read)
    thread = Thread(target=loop.run, daemon=True)
    thread.start()
    wait_for(lambda: bool(engine.requests))
    time.sleep(0.1)
    held.gate.set()
    thread.join(20)
    numbers = [one.frame for one in read.frames]
    assert numbers[-1] == 29
    assert len(numbers) <= 3
    assert sum(one.dropped for one in read.frames) == 29 - len(numbers)


def test_things_are_followed_and_zones_are_left() -> None:
    engine = ScriptedEngine(*(box(left) for left in range(100, 700, 60)))
    watched = Watched(("cup",), zones=(Zone("table", 0, 0, 90, 100),))
    read = Read()
    watching(Told(list(range(1, 11))), engine, read, watched, every=True).run()
    assert "the cup left zone table" in read.events
    assert {track["id"] for one in read.frames for track in one.tracks} == {"t1"}


def test_a_question_flips() -> None:
    yes, no = "Yes, the cup is left of the plate.", "No, the cup is right of the plate."
    places = iter("yyyynnnn")
    now = {"side": "y"}

    def reply(asked: str) -> tuple[Step, ...]:
        if asked.startswith("Is the cup"):
            now["side"] = next(places)
            return (Say(yes if now["side"] == "y" else no),)
        cup = "cup" in asked
        left = 50 if cup == (now["side"] == "y") else 700
        return (Say(f'[{{"bbox_2d": [{left}, 400, {left + 200}, 800], "label": "{"cup" if cup else "plate"}"}}]'),)

    read = Read()
    asked = Watched(questions=("Is the cup left of the plate?",))
    watching(Told(list(range(1, 9))), ScriptedEngine(reply=reply), read, asked, every=True).run()
    assert read.events == ["“Is the cup left of the plate?”: yes", "“Is the cup left of the plate?”: no from now on"]


def test_questions_know_the_camera_that_is_given() -> None:
    read = Read()
    asked = Watched(questions=("What colour is the lamp?",), camera=GivenCamera(focal=123.0))
    watching(Told([1, 2]), ScriptedEngine(reply=lambda _: (Say("It is red."),)), read, asked, every=True).run()
    cameras = [answer.pictures[0].camera for one in read.frames for answer in one.answers]
    assert [camera.focal for camera in cameras if camera is not None] == [123.0, 123.0]


def test_a_frame_that_cannot_be_read_is_told_and_the_next_one_is_looked_at() -> None:
    class Broken(Told):
        def shots(self, stop: Gate) -> Iterator[Shot]:
            assert not stop.is_set()
            yield shot(1, error=UnreadablePicture("frame 1", "it is damaged"))
            yield shot(2)

    read = Read()
    watching(Broken(), ScriptedEngine(reply=lambda _: box(100)), read, every=True).run()
    assert [len(one.errors) for one in read.frames] == [1, 0]
    assert not read.frames[0].within_budget


def test_an_engine_that_fails_once_is_forgiven_and_one_that_always_fails_is_not() -> None:
    broken: tuple[Step, ...] = (Break(EngineFailure("the engine process died", cure="ask again")),)
    read = Read()
    ended = watching(Told([1, 2, 3]), ScriptedEngine(broken, reply=lambda _: box(1)), read, every=True).run()
    assert (ended.reason, ended.frames, [len(one.errors) for one in read.frames]) == ("source", 3, [1, 0, 0])
    read = Read()
    with pytest.raises(EngineFailure):
        watching(Told([1, 2, 3, 4, 5]), ScriptedEngine(reply=lambda _: broken), read, every=True).run()
    last = read[-1]
    assert isinstance(last, Ended)
    assert (last.reason, last.message) == ("error", "the engine process died")


def test_a_model_that_cannot_be_used_ends_it_at_once() -> None:
    read = Read()
    engine = ScriptedEngine(reply=lambda _: (Break(ModelError("it does not fit", cure="take a smaller one")),))
    with pytest.raises(ModelError):
        watching(Told([1, 2]), engine, read, every=True).run()
    assert len(engine.requests) == 1


def test_it_stops_in_the_middle_of_an_answer() -> None:
    read, held = Read(), Hold()
    engine = ScriptedEngine((held,))
    loop = watching(Told([1], hold=True), engine, read)
    ended: list[Ended] = []
    thread = Thread(target=lambda: ended.append(loop.run()), daemon=True)
    thread.start()
    wait_for(lambda: bool(engine.requests))
    loop.stop()
    thread.join(20)
    assert [one.reason for one in ended] == ["stopped"]
    assert engine.cancelled
    assert not held.gate.is_set()


@pytest.mark.parametrize("limits", [Limits(every=True, frames=2), Limits(every=True, seconds=0.3)])
def test_limits_end_it(limits: Limits) -> None:
    engine = ScriptedEngine(reply=lambda _: box(1))
    ended = Watching(Told([1, 2, 3], hold=True), asker(engine), CUP, limits, Read().append).run()
    assert ended.reason == "stopped"
    assert ended.frames in (2, 3)


def test_a_camera_that_does_not_come_back_ends_it_with_its_error() -> None:
    read = Read()
    gone: list[int | SightlineError] = [1, SourceLost("camera", "there is no device behind it")]
    with pytest.raises(SourceLost, match="no device"):
        watching(Told(gone), ScriptedEngine(reply=lambda _: box(1)), read, every=True, give_up_after=0).run()
    last = read[-1]
    assert isinstance(last, Ended)
    assert (last.reason, last.frames) == ("lost", 1)


def test_a_reader_who_has_gone_ends_it() -> None:
    def gone(_: Record) -> None:
        raise BrokenPipeError

    engine = ScriptedEngine(reply=lambda _: box(1))
    loop = Watching(Told(list(range(1, 500))), asker(engine), CUP, Limits(every=True), gone)
    loop.run()
    assert loop.unread
    assert len(engine.requests) < 499


def test_a_slow_reader_costs_frames_and_no_events() -> None:
    read = Read()

    def slow(record: Record) -> None:
        time.sleep(0.01)
        read.append(record)

    texts = iter([f"It is {colour}." for colour in range(60) for _ in range(2)])
    watched = Watched(questions=("What colour is the lamp?",))
    source, engine = Told(list(range(1, 121))), ScriptedEngine(reply=lambda _: (Say(next(texts)),))
    ended = Watching(source, asker(engine), watched, Limits(every=True), slow).run()
    assert ended.events == len(read.events) == 60
    assert ended.withheld > 0
    assert len(read.frames) + ended.withheld == ended.frames == 120


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()
