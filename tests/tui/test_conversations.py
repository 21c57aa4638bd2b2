"""Conversations in the app: each picture has its own, earlier questions come back, and a new one forgets."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from backend.memory.journal import Journal
from tests.scripted import Hold, Say
from tests.tui.conftest import Hand, Scripted, located, text_of
from tui.widgets import conversation_pane
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.findings_table import FindingsTable
from tui.widgets.turn_view import TurnView


async def test_a_follow_up_carries_the_conversation_word_for_word(scripted: Scripted) -> None:
    app, engine = scripted((Say("  It is red.\n"),), (Say("On the left."),))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Which colour?")
        await hand.answered()
        await hand.ask("And where?")
        await hand.answered(2)
        first, second = engine.requests
        assert second.messages[: len(first.messages)] == first.messages
        assert second.messages[len(first.messages)].parts == ("  It is red.\n",)


async def test_each_picture_keeps_its_own_conversation(scripted: Scripted) -> None:
    app, engine = scripted((Say("Red."),), (Say("Blue."),))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Which colour?")
        await hand.answered()
        await pilot.press("escape", "down")
        await hand.until(lambda: not hand.turns)
        await hand.ask("And here?")
        await hand.answered()
        assert "Blue." in hand.reply()
        assert len(engine.requests[1].messages) == 1
        await pilot.press("escape", "up")
        await hand.until(lambda: len(hand.turns) == 1 and "Red." in hand.reply())


async def test_a_turn_that_is_left_stays_mounted_and_goes_on_where_it_is_hidden(scripted: Scripted) -> None:
    gate = Hold()
    app, _ = scripted((Say("It is "), gate, Say("red.")))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Which colour?")
        await hand.until(lambda: hand.turns and "It is" in hand.reply())
        (turn,) = hand.turns
        hand.files.focus()
        await pilot.press("down")
        await hand.until(lambda: not hand.turns)
        assert turn.is_attached
        assert not turn.display
        gate.gate.set()
        await hand.until(lambda: turn.exchange.stage.over)
        await pilot.press("up")
        await hand.until(lambda: hand.turns)
        assert hand.turns == [turn]
        assert turn.display
        await hand.until(lambda: "It is red." in hand.reply())


async def test_turns_that_were_let_go_of_come_back_in_their_order(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation_pane, "_KEPT", 1)
    app, _ = scripted((Say("One."),), (Say("Two."),), (Say("Three."),))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        for number, question in enumerate(("First?", "Second?", "Third?"), 1):
            await hand.ask(question)
            await hand.answered(number)
        before = hand.turns
        hand.files.focus()
        await pilot.press("down")
        await hand.until(lambda: not hand.turns)
        await hand.until(lambda: sum(turn.is_attached for turn in before) == 1)
        await pilot.press("up")
        await hand.until(lambda: len(hand.turns) == 3)
        pane = hand.screen.query_one(ConversationPane)
        await hand.until(lambda: list(pane.query(TurnView)) == hand.turns)
        assert [turn.exchange.question for turn in hand.turns] == ["First?", "Second?", "Third?"]


async def test_an_answer_stays_with_its_picture(scripted: Scripted) -> None:
    gate = Hold()
    app, _ = scripted((gate, Say(located(1))))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        hand.files.focus()
        await pilot.press("down")
        await hand.until(lambda: not hand.turns)
        gate.gate.set()
        await hand.until(lambda: "ready" in hand.status)
        assert "┌" not in hand.picture
        assert hand.screen.query_one(FindingsTable).row_count == 0
        await pilot.press("up")
        await hand.until(lambda: "┌" in hand.picture)
        assert len(hand.turns) == 1


async def test_a_new_conversation_clears_the_picture(scripted: Scripted) -> None:
    app, engine = scripted((Say(located(1)),), (Say("Yes."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        await hand.until(lambda: "┌" in hand.picture)
        await pilot.press("ctrl+l")
        await hand.until(lambda: not hand.turns and "┌" not in hand.picture)
        await hand.ask("Is there a star?")
        await hand.answered()
        assert len(engine.requests[1].messages) == 1


async def test_forgetting_a_conversation_stops_its_answer(scripted: Scripted) -> None:
    app, _ = scripted((Say("It is "), Hold()), (Say("Yes."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("What is it?")
        await hand.until(lambda: bool(hand.turns) and hand.turns[0].exchange.text != "")
        await pilot.press("ctrl+l")
        await hand.status_says("stopped")
        assert not hand.turns
        assert hand.line.value == ""
        await hand.ask("Is there a star?")
        await hand.answered()


async def test_of_a_very_long_question_the_beginning_is_shown(scripted: Scripted) -> None:
    app, engine = scripted((Say("No."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Where? " * 14_286)
        await hand.answered()
        assert "(100,001 characters)" in text_of(hand.turns[0], ".turn-question")
        assert len(str(engine.requests[0].messages[0].parts[-1])) > 100_000


async def test_earlier_questions_come_back_with_the_up_key(scripted: Scripted, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    app, _ = scripted((Say("Yes."),), journal=journal)
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Is there a star?")
        await hand.answered()
        await hand.until(lambda: journal.recent_questions(5) == ["Is there a star?"])
    app, _ = scripted((Say("No."),), journal=journal)
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Is there a circle?")
        await hand.answered()
        await pilot.press(*"half", "up")
        assert hand.line.value == "Is there a circle?"
        await pilot.press("up")
        assert hand.line.value == "Is there a star?"
        await pilot.press("up", "down", "down")
        assert hand.line.value == "half"


async def test_a_broken_journal_is_said_and_nothing_else_suffers(scripted: Scripted, tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    app, _ = scripted((Say("Yes."),), journal=Journal(tmp_path / "journal.db"))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: any("journal" in notice for notice in hand.notices()))
        await hand.ask("Is there a star?")
        await hand.answered()
        assert "Yes." in hand.reply()


async def test_a_pasted_question_keeps_all_its_lines(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        hand.line.focus()
        await pilot.pause()
        app.post_message(events.Paste("Where is\n  the red\r\ncircle?\n"))
        await hand.until(lambda: hand.line.value == "Where is the red circle?")


async def test_an_empty_question_is_not_asked(scripted: Scripted) -> None:
    app, engine = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("   ")
        await pilot.pause()
        assert not hand.turns
        assert not engine.requests
