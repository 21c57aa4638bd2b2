"""What is copied reaches the terminal, and the user is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located
from tui.clipboard import MOST, copy
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.findings_table import FindingsTable


async def test_a_path_and_a_row_are_copied(scripted: Scripted, scenes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    app, _engine = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("y")
        path = str(scenes / "scene-1.png")
        assert app.clipboard == path
        await hand.until(lambda: any(f"{len(path):,} characters" in notice for notice in hand.notices()))
        await hand.ask("Locate every object")
        await hand.answered()
        table = hand.screen.query_one(FindingsTable)
        table.focus()
        await hand.until(lambda: table.has_focus and table.row_count > 1)
        await pilot.press("G", "y")
        assert table.cursor_row == table.row_count - 1
        assert app.clipboard.startswith(str(table.row_count))
        await pilot.press("g", "y")
        assert table.cursor_row == 0
        assert app.clipboard.startswith("1")


async def test_what_is_too_long_is_not_sent(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert copy(hand.files, "x" * MOST, "all")
        assert not copy(hand.files, "y" * (MOST + 1), "all")
        assert app.clipboard == "x" * MOST
        await hand.until(lambda: any("too long" in notice for notice in hand.notices()))


async def test_the_bytes_are_osc_52(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    app, _engine = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        sent: list[str] = []
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", sent.append)
        copy(hand.files, "杯子 1", "it")
        assert "\x1b]52;c;5p2v5a2QIDE=\a" in sent


async def test_the_answer_under_the_cursor_is_copied(scripted: Scripted) -> None:
    app, _engine = scripted((Say("A **red** circle."),), (Say("Nothing else."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("What is there?")
        await hand.answered()
        await hand.ask("And what else?")
        await hand.answered(2)
        pane = hand.screen.query_one(ConversationPane)
        pane.focus()
        await hand.until(lambda: pane.has_focus)
        await pilot.press("y")
        assert app.clipboard.startswith("Nothing else.")
        await pilot.press("g", "y")
        assert app.clipboard.startswith("A red circle.")
        await hand.until(lambda: any("the answer" in notice for notice in hand.notices()))
