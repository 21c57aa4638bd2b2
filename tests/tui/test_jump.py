"""Jump mode: a letter goes to its part of the screen, everything else goes back."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.app import App
from textual.widget import Widget
from textual.widgets import Static

from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located, scene
from tui.landings import codes
from tui.preview.views import View
from tui.screens.jump import JumpScreen
from tui.screens.main import MainScreen
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.findings_table import FindingsTable
from tui.widgets.tab_strip import TabStrip


async def _jumping(hand: Hand, key: str = "f11") -> dict[str, Static]:
    """The letters that are on the screen, by the letter."""
    await hand.pilot.press(key)
    app = hand.pilot.app
    await hand.until(lambda: isinstance(app.screen, JumpScreen) and bool(app.screen.query(".jump-letter").first(Static).region))
    return {str(label.visual).strip(): label for label in app.screen.query(".jump-letter.-part").results(Static)}


def _inner(app: App[None]) -> dict[str, list[Static]]:
    """The letters over what lies within the parts, by the letters."""
    found: dict[str, list[Static]] = {}
    for label in app.screen.query(".jump-letter").results(Static):
        if not label.has_class("-part"):
            found.setdefault(str(label.visual), []).append(label)
    return found


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


async def test_a_finding_is_gone_to_from_its_row_and_its_box(scripted: Scripted) -> None:
    app, _engine = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        await hand.settled()
        table = hand.screen.query_one(FindingsTable)
        await hand.until(lambda: table.row_count > 1)
        await _jumping(hand)
        twice = {code: labels for code, labels in _inner(app).items() if len(labels) == 2}
        assert len(twice) == len(scene(1).objects)
        code, (row, box) = list(twice.items())[1]
        assert table.region.contains_region(row.region)
        assert hand.pane.region.contains_region(box.region)
        await pilot.press(*code)
        await hand.until(lambda: table.has_focus and table.cursor_row == 1 and hand.pane.lit == {1})
        await _jumping(hand)
        await pilot.click(offset=hand.pane.places[0].offset)
        await hand.until(lambda: isinstance(app.screen, MainScreen) and table.cursor_row == 0)


async def test_a_tab_a_turn_and_a_file_are_gone_to(scripted: Scripted) -> None:
    app, _engine = scripted((Say("One."),), (Say("Two."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("first?")
        await hand.answered()
        await hand.ask("second?")
        await hand.answered(2)
        await _jumping(hand)
        talk = hand.screen.query_one(ConversationPane)
        over = {code: labels[0] for code, labels in _inner(app).items()}
        first = next(code for code, label in over.items() if hand.turns[0].region.contains_region(label.region))
        await pilot.press(*first)
        await hand.until(lambda: talk.has_focus and talk.current is hand.turns[0].exchange)
        strip = hand.screen.query_one(TabStrip)
        letters = await _jumping(hand)
        over = {code: labels[0] for code, labels in _inner(app).items()}
        depth = [code for code, label in over.items() if strip.region.contains_region(label.region)][1]
        await pilot.press(*depth)
        await hand.until(lambda: hand.pane.view is View.DEPTH)
        await _jumping(hand)
        assert set(letters) == set("asdf")  # the parts keep theirs, whatever lies in them
        over = {code: labels[0] for code, labels in _inner(app).items()}
        lines = [code for code, label in over.items() if hand.files.region.contains_region(label.region)]
        assert len(lines) == len(hand.files.shown)
        await pilot.press(*lines[-1])
        await hand.until(lambda: hand.files.has_focus and hand.files.cursor == len(hand.files.shown) - 1)


def test_no_code_is_the_beginning_of_another() -> None:
    for count in (0, 1, 26, 27, 51, 52, 100, 676):
        given = codes(count)
        assert len(given) == len(set(given)) == count
        assert not any(one != other and other.startswith(one) for one in given for other in given)
    assert codes(30)[:5] == list("asdfg")


async def test_two_letters_where_one_does_not_do(scripted: Scripted, scenes: Path) -> None:
    for number in range(40):
        (scenes / f"zz-{number:02}.png").write_bytes((scenes / "scene-1.png").read_bytes())
    app, _engine = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await _jumping(hand)
        inner = _inner(app)
        code = next(code for code in inner if len(code) == 2)
        wanted = inner[code][0].region.y - hand.files.content_region.y
        await pilot.press(code[0])
        await hand.until(
            lambda: {str(one.visual)[0] for one in app.screen.query(".jump-letter").results(Static) if one.display} == {code[0]}
        )
        await pilot.press(code[1])
        await hand.until(lambda: hand.files.has_focus and hand.files.cursor == wanted)
        await _jumping(hand)
        await pilot.press(code[0], "escape")
        await hand.until(lambda: isinstance(app.screen, MainScreen))
        assert hand.files.cursor == wanted
