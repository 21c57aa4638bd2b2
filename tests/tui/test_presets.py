"""Several questions with one key: asked together, shown one below the other, stopped together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.ask.prompts import settle
from backend.ask.task import AUTO
from backend.errors import EngineFailure
from backend.events import Loading
from tests.scripted import Break, Hold, Say
from tests.tui.conftest import CARD, Hand, Scripted, located, scene
from tui.conversation import Stage
from tui.presets import Preset, preset, presets

QUESTIONS = preset("everything").asked_of(CARD)


@pytest.mark.parametrize("one", presets(), ids=lambda one: one.name)
def test_a_preset_ends_with_what_the_picture_shows(one: Preset) -> None:
    for questions in (one.questions, one.drawn):
        assert settle(AUTO, questions[-1]).grounds


async def test_a_preset_is_one_batch_of_separate_exchanges(scripted: Scripted) -> None:
    app, engine = scripted((Say("4"),), (Say("4 objects."),), (Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f8")  # no second looks
        await pilot.press("f2")
        await hand.answered(len(QUESTIONS))
        assert [len(batch) for batch in engine.batches] == [len(QUESTIONS), 1], "and one for the boxes that were counted"
        assert [turn.exchange.question for turn in hand.turns] == list(QUESTIONS)
        assert "4" in hand.reply(0)
        await hand.until(lambda: "┌" in hand.picture)
        assert len(hand.turns[-1].exchange.findings) == len(scene(1).objects)


async def test_it_can_be_asked_from_the_question_line_and_is_no_key_while_it_runs(scripted: Scripted) -> None:
    app, engine = scripted((Hold(),), (Say("One."),), (Say("[]"),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        hand.line.focus()
        hand.line.value = "half a question"
        await pilot.press("f2")
        await hand.until(lambda: sum(turn.exchange.stage.over for turn in hand.turns) == 2)
        await hand.status_says("2/3 done")
        await pilot.press("f2")
        await pilot.pause()
        assert len(engine.batches) == 1
        assert hand.line.value == "half a question"


async def test_escape_stops_all_at_once_and_the_next_question_is_answered(scripted: Scripted) -> None:
    app, _ = scripted((Hold(),), (Hold(),), (Hold(),), (Say("Yes."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f2")
        await hand.until(lambda: len(hand.turns) == 3)
        await pilot.press("escape")
        await hand.answered(3)
        assert {turn.exchange.stage for turn in hand.turns} == {Stage.CANCELLED}
        assert hand.line.value == "", "nobody typed them"
        await hand.ask("Is it there?")
        await hand.answered(4)
        assert "Yes." in hand.reply()


async def test_an_engine_that_failed_is_started_again_at_once(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = (Break(EngineFailure("the engine died", cure="ask again")),)
    app, engine = scripted(broken, broken, broken, (Say("Yes."),))
    loads: list[int] = []
    load = engine.load

    def counted() -> Iterator[Loading]:
        loads.append(len(loads))
        return load()

    monkeypatch.setattr(engine, "load", counted)
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f2")
        await hand.until(lambda: len(loads) == 2)
        await hand.answered(3)
        await hand.status_says("ready")
        await hand.ask("Is it there?")
        await hand.answered(4)
        assert len(loads) == 2, "once for all that it left unanswered"
