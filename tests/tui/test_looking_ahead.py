"""The model reads the picture under the cursor before anything is asked, and is never in a question's way."""

from __future__ import annotations

import hashlib
from pathlib import Path

from backend.engine.api import Request
from backend.scene import Raster
from tests.scripted import Encode, Hold, Prefill, Say, ScriptedEngine
from tests.tui.conftest import Hand, Scripted


def looks(engine: ScriptedEngine) -> list[Raster]:
    return [raster_of(request) for request in engine.prepared]


def raster_of(request: Request) -> Raster:
    return next(part for part in request.messages[0].parts if isinstance(part, Raster))


async def test_the_picture_is_read_first_and_then_its_neighbours(scripted: Scripted) -> None:
    app, engine = scripted((Say("Yes."),))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: len(engine.prepared) == 2)
        await hand.ask("Is it there?")
        await hand.answered()
        current, following = looks(engine)
        assert raster_of(engine.requests[0]) == current, "exactly what the question shows"
        assert following != current


async def test_the_status_line_tells_quietly_how_far_it_is(scripted: Scripted) -> None:
    gates = [Hold(), Hold()]
    app, _ = scripted(ahead=((Encode(3, 24), gates[0], Prefill(30, 90), gates[1]),))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.status_says("looking ahead at scene-1.png … 3/24")
        gates[0].gate.set()
        await hand.status_says("30/90")
        gates[1].gate.set()
        await hand.until(lambda: hand.status == "demo · ready")


async def test_moving_on_gives_it_up_and_the_next_is_read(scripted: Scripted) -> None:
    app, engine = scripted(ahead=((Encode(1, 24), Hold()), (Encode(2, 24), Hold())))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.status_says("looking ahead at scene-1.png")
        await pilot.press("down")
        await hand.status_says("looking ahead at scene-2.png")
        first, second = looks(engine)
        assert first != second


async def test_a_question_about_another_picture_stops_it(scripted: Scripted) -> None:
    """The cursor's own picture has been read, and its neighbour is being read, when the question comes."""
    answer = Hold()
    app, engine = scripted((answer, Say("Yes.")), ahead=((), (Encode(1, 24), Hold())))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.status_says("looking ahead at scene-2.png")
        neighbour = engine.prepared[-1].id
        await hand.ask("Is it there?")
        await hand.until(lambda: bool(engine.requests))
        assert neighbour in engine.cancelled
        assert len(engine.prepared) == 2, "nothing is begun while somebody waits"
        answer.gate.set()
        await hand.answered()


async def test_a_question_about_the_same_picture_lets_it_go_on(scripted: Scripted) -> None:
    look = Hold()
    app, engine = scripted((Say("Yes."),), ahead=((Encode(1, 24), look),))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.status_says("looking ahead at scene-1.png")
        await hand.ask("Is it there?")
        await hand.answered()
        assert engine.prepared[0].id not in engine.cancelled
        assert raster_of(engine.requests[0]) == raster_of(engine.prepared[0])
        look.gate.set()
        await hand.until(lambda: len(engine.prepared) > 1)


async def test_a_file_that_is_no_picture_is_passed_over(scripted: Scripted, scenes: Path) -> None:
    (scenes / "scene-0.png").write_bytes(hashlib.sha256(b"").digest())
    app, engine = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: len(engine.prepared) == 1)
        assert looks(engine)[0].tokens > 0


async def test_after_an_answer_it_is_said_what_was_reused(scripted: Scripted) -> None:
    app, _ = scripted((Prefill(1058, 1058, 1034), Say("Yes.")))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Is it there?")
        await hand.status_says("reused 1,034 of 1,058 tokens")
