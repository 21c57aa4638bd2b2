"""What is copied reaches the terminal, and the user is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located, scene
from tui.clipboard import MOST, USUAL, copy
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


async def test_what_is_long_is_sent_with_a_doubt_and_what_is_too_long_is_not(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert copy(hand.files, "x" * USUAL, "a part")
        assert not any("hterm" in notice for notice in hand.notices())
        assert copy(hand.files, "x" * MOST, "all")
        await hand.until(lambda: any("hterm" in notice and f"{MOST:,}" in notice for notice in hand.notices()))
        assert not copy(hand.files, "y" * (MOST + 1), "all")
        assert app.clipboard == "x" * MOST
        await hand.until(lambda: any("too long" in notice and "F12" in notice for notice in hand.notices()))


async def test_the_picture_copies_what_stands_out_or_is_in_view(scripted: Scripted) -> None:
    app, _engine = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        hand.pane.focus()
        await pilot.press("y", "Y")
        await hand.until(lambda: len(hand.notices()) == 2)
        assert app.clipboard == ""
        await hand.ask("Locate every object")
        await hand.answered()
        await hand.settled()
        things = scene(1).objects
        hand.pane.focus()
        await pilot.press("y")
        assert [line.split("  ")[:2] for line in app.clipboard.splitlines()] == [
            [str(number), thing.name] for number, thing in enumerate(things, 1)
        ]
        hand.pane.mark(tuple(hand.turns[0].exchange.findings), frozenset((1,)))
        await pilot.press("y")
        assert app.clipboard.startswith(f"2  {things[1].name}  ")
        assert "\n" not in app.clipboard
        hand.pane.mark(tuple(hand.turns[0].exchange.findings))
        await pilot.press(*("plus",) * 8)  # towards the second one
        await pilot.press("y")
        assert f"2  {things[1].name}  " in app.clipboard
        assert len(app.clipboard.splitlines()) < len(things)


async def test_an_answer_is_copied_as_the_published_json(scripted: Scripted) -> None:
    hostile = '[{"bbox_2d": [100, 100, 300, 300], "label": "杯子\\u202e\\u001b[31m"}]'
    app, _engine = scripted((Say(hostile),), (Say("Nothing else."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        answers = [hand.turns[0].exchange.answer]
        table = hand.screen.query_one(FindingsTable)
        table.focus()
        await hand.until(lambda: table.has_focus)
        await pilot.press("Y")
        assert "杯子" in app.clipboard
        assert all(char == "\n" or char.isprintable() for char in app.clipboard)
        assert answers[0] is not None
        assert json.loads(app.clipboard) == json.loads(json.dumps(answers[0].as_dict()))
        await hand.ask("And what else?")
        await hand.answered(2)
        hand.pane.focus()
        await pilot.press("Y")
        assert json.loads(app.clipboard)["text"] == "Nothing else."
        pane = hand.screen.query_one(ConversationPane)
        pane.focus()
        await hand.until(lambda: pane.has_focus)
        await pilot.press("g", "Y")
        assert json.loads(app.clipboard) == json.loads(json.dumps(answers[0].as_dict()))


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
