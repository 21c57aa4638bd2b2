"""Jump mode: a letter goes to its part of the screen, everything else goes back."""

from __future__ import annotations

from functools import partial

import pytest
from textual import events
from textual.app import App
from textual.widget import Widget
from textual.widgets import Static

from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located
from tui.screens.jump import JumpScreen
from tui.screens.main import MainScreen
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.findings_table import FindingsTable


async def _jumping(hand: Hand, key: str = "f11") -> dict[str, Static]:
    """The letters that are on the screen, by the letter."""
    await hand.pilot.press(key)
    app = hand.pilot.app
    await hand.until(lambda: isinstance(app.screen, JumpScreen) and bool(app.screen.query(".jump-letter").first(Static).region))
    return {str(label.visual).strip(): label for label in app.screen.query(".jump-letter").results(Static)}


def _letter_over(letters: dict[str, Static], part: Widget) -> str:
    return next(letter for letter, label in letters.items() if part.region.contains_region(label.region))


def _is_back_at(app: App[None], part: Widget) -> bool:
    return isinstance(app.screen, MainScreen) and part.has_focus


async def test_letters_lie_over_the_parts_and_go_there(scripted: Scripted) -> None:
    app, _engine = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        await hand.until(lambda: hand.screen.query_one(FindingsTable).row_count)
        parts = [
            hand.files,
            hand.pane,
            hand.screen.query_one(FindingsTable),
            hand.screen.query_one(ConversationPane),
            hand.line,
        ]
        assert hand.line.has_focus
        for part in parts:
            letters = await _jumping(hand)
            assert set(letters) >= set("asdfg")
            assert hand.line.value == ""
            await pilot.press(_letter_over(letters, part))
            await hand.until(partial(_is_back_at, app, part))


@pytest.mark.parametrize("key", ["escape", "f11", "ctrl+@", "1", "enter"])
async def test_anything_else_goes_back(scripted: Scripted, key: str) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        hand.line.focus()
        await hand.until(lambda: hand.line.has_focus)
        for opening in ("ctrl+@", "ctrl+space"):
            await _jumping(hand, opening)
            await pilot.press(key)
            await hand.until(lambda: isinstance(app.screen, MainScreen))
            assert hand.line.has_focus
            assert hand.line.value == ""


async def test_a_click_goes_to_the_part_below_it(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        letters = await _jumping(hand)
        label = letters[_letter_over(letters, hand.pane)]
        await pilot.click(offset=label.region.offset)
        await hand.until(lambda: isinstance(app.screen, MainScreen) and hand.pane.has_focus)


async def test_files_that_gave_their_room_away_are_reached(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(80, 24)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        hand.line.focus()
        await hand.until(lambda: hand.files.region.width < 3)
        letters = await _jumping(hand)
        screen = app.screen.region
        assert all(screen.contains_region(label.region) and label.region.width == 3 for label in letters.values())
        assert len({label.region for label in letters.values()}) == len(letters)
        await pilot.press("a")
        await hand.until(lambda: hand.files.has_focus and hand.files.region.width > 3)


async def test_letters_go_when_the_terminal_is_resized(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await _jumping(hand)
        await pilot.resize_terminal(100, 30)
        await hand.until(lambda: isinstance(app.screen, MainScreen))


async def test_two_keys_at_once_close_one_screen(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await _jumping(hand)
        app.screen.post_message(events.Key("s", "s"))
        app.screen.post_message(events.Key("escape", None))
        await hand.until(lambda: isinstance(app.screen, MainScreen) and hand.pane.has_focus)
