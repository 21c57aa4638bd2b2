"""Dialogs by keyboard: each has its own help, its lists hear the same keys as all lists, and the user's own keys work in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from backend.catalog import ModelStore
from backend.memory.journal import Journal
from backend.memory.sessions import Sessions
from backend.preferences import Preferences
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located
from tui.actions import Where
from tui.actions.keys import keymap
from tui.app import SightlineApp
from tui.glyphs import glyphs
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.screens.add_files import AddFiles
from tui.screens.export import ExportDialog
from tui.screens.first import FirstScreen
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.screens.one_line import OneLine
from tui.screens.search import Row, SearchScreen
from tui.screens.sessions import SessionsScreen
from tui.widgets.model_offers import ModelOffers
from tui.widgets.pick_list import PickOne

Dialog = ExportDialog | AddFiles | OneLine | SearchScreen
SIGNS = glyphs(unicode=True)
ROWS = [Row(f"question {number:02}", "street.jpg", str(number)) for number in range(40)]


def export_dialog() -> ExportDialog:
    from tui.screens.export import Choice

    return ExportDialog(Choice(), {"answer": 1, "conversation": 2, "session": 3}, "street")


DIALOGS: dict[Where, Callable[[], Dialog]] = {
    Where.EXPORT: export_dialog,
    Where.ADD_FILES: lambda: AddFiles(ModelStore(), SIGNS),
    Where.ONE_LINE: lambda: OneLine("Follow", "Names of things"),
    Where.SEARCH: lambda: SearchScreen("Earlier questions", lambda: (ROWS, "")),
}


async def shown(hand: Hand, dialog: Dialog) -> None:
    """A dialog over the main screen, ready to be typed into."""
    hand.pilot.app.push_screen(dialog)
    await hand.until(lambda: hand.pilot.app.screen is dialog and dialog.focused is not None)


def headings(app: App[None]) -> list[str]:
    return [str(part.visual).split("  ")[0] for part in app.screen.query(".help-heading").results(Static)]


async def helped(pilot: Pilot[None], key: str = "f1") -> list[str]:
    """The help's headings, the first one first."""
    await pilot.press(key)
    await Hand(pilot).until(lambda: isinstance(pilot.app.screen, HelpScreen) and pilot.app.screen.focused is not None)
    return headings(pilot.app)


@pytest.mark.parametrize("where", DIALOGS, ids=lambda where: where.name)
async def test_f1_tells_of_the_dialog_and_esc_goes_back_to_it(scripted: Scripted, where: Where) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(100, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await shown(hand, dialog := DIALOGS[where]())
        line = next(iter(dialog.query(Input).results()))
        line.focus()
        await hand.until(lambda: line.has_focus)
        await pilot.press("k", "question_mark")
        typed = line.value
        assert typed.endswith("k?")  # letters are letters on a line
        assert (await helped(pilot))[0] == where.value
        await pilot.press("escape")
        await hand.until(lambda: app.screen is dialog)
        assert line.value == typed
        assert line.has_focus
        await pilot.press("escape")
        await hand.until(lambda: isinstance(app.screen, MainScreen))


async def test_the_sessions_and_the_lines_in_them_have_their_help(scripted: Scripted, tmp_path: Path, scenes: Path) -> None:
    journal = Journal(tmp_path / "data" / "journal.db")
    sessions = Sessions(journal.path)
    app, _engine = scripted((Say(located(1)),), journal=journal, session=sessions.begin((scenes,)))
    async with app.run_test(size=(100, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        await pilot.press("f10")
        await hand.until(lambda: isinstance(app.screen, SessionsScreen) and app.screen.focused is not None)
        dialog = app.screen
        assert (await helped(pilot, "question_mark"))[0] == Where.SESSIONS.value
        await pilot.press("escape")
        await hand.until(lambda: app.screen is dialog)
        await hand.until(lambda: dialog.query_one("SessionList").current is not None)  # type: ignore[attr-defined]
        await pilot.press("r", "A", "question_mark")
        assert dialog.query_one("#session-name", Input).value == "A?"
        assert (await helped(pilot))[0] == Where.SESSIONS.value
        await pilot.press("escape", "escape", "f10")
        await hand.until(lambda: isinstance(app.screen, MainScreen))


async def test_sessions_do_not_open_over_a_dialog(scripted: Scripted, tmp_path: Path, scenes: Path) -> None:
    journal = Journal(tmp_path / "data" / "journal.db")
    app, _engine = scripted(journal=journal, session=Sessions(journal.path).begin((scenes,)))
    async with app.run_test(size=(100, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await shown(hand, dialog := export_dialog())
        await pilot.press("f10")
        assert app.screen is dialog


async def test_the_choices_of_a_dialog_hear_the_keys_of_lists(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(100, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await shown(hand, dialog := export_dialog())
        pick = dialog.query_one("#export-what", PickOne)
        pick.focus()
        await hand.until(lambda: pick.has_focus)
        assert (await helped(pilot, "question_mark"))[:2] == [Where.LIST.value, Where.EXPORT.value]
        await pilot.press("escape", "j", "G")
        await hand.until(lambda: pick.expanded and pick.query_one(OptionList).highlighted == 2)
        await pilot.press("k", "l")
        await hand.until(lambda: not pick.expanded and pick.value == "conversation")
        await pilot.press("escape")
        await hand.until(lambda: isinstance(app.screen, MainScreen))


async def test_what_was_found_is_walked_through_without_arrows(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(100, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        chosen: list[str | None] = []
        dialog = SearchScreen("Earlier questions", lambda: (ROWS, ""))
        app.push_screen(dialog, chosen.append)
        await hand.until(lambda: app.screen is dialog and dialog.focused is not None)
        await hand.until(lambda: dialog.query_one(OptionList).option_count == len(ROWS))
        listed, line = dialog.query_one(OptionList), dialog.query_one(Input)
        await pilot.press("pagedown")
        assert (page := listed.highlighted or 0) > 5
        await pilot.press("tab", "j", "j", "k")
        assert listed.highlighted == page + 1
        await pilot.press("ctrl+u", "ctrl+d")
        assert listed.highlighted == page + 1
        await pilot.press("slash", "3", "9")
        await hand.until(lambda: line.value == "39" and listed.option_count == 1)
        await pilot.press("enter")
        await hand.until(lambda: chosen == ["39"])


async def test_the_first_screen_hears_them_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    app = SightlineApp(Opening(tmp_path), None, Capabilities())
    async with app.run_test(size=(80, 24)) as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: isinstance(app.screen, FirstScreen) and app.screen.query_one(ModelOffers).option_count > 2)
        offers = app.screen.query_one(ModelOffers)
        assert (await helped(pilot, "question_mark"))[0] == Where.LIST.value
        await pilot.press("escape", "j", "j", "k")
        assert offers.highlighted == 1
        await pilot.press("G")
        assert offers.highlighted == offers.option_count - 1
        await pilot.press("l")
        await hand.until(lambda: isinstance(app.screen, AddFiles) and app.screen.focused is not None)
        assert (await helped(pilot))[0] == Where.ADD_FILES.value
        await pilot.press("escape", "escape")
        await hand.until(lambda: isinstance(app.screen, FirstScreen))


async def test_keys_of_lists_and_dialogs_are_the_users_to_choose(scripted: Scripted) -> None:
    app, _engine = scripted()
    own = {"list_cursor_down": ("n",), "export_leave": ("f2",), "help": ("f3",)}
    app.preferences = Preferences(keys=own)
    app._keymap = keymap(own)
    async with app.run_test(size=(100, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await shown(hand, dialog := export_dialog())
        assert (await helped(pilot, "f3"))[0] == Where.EXPORT.value
        await pilot.press("escape")
        await hand.until(lambda: app.screen is dialog)
        pick = dialog.query_one("#export-as", PickOne)
        pick.focus()
        await pilot.press("n")
        await hand.until(lambda: pick.expanded)
        at = pick.query_one(OptionList).highlighted
        assert at is not None
        await pilot.press("n", "j", "n")  # j is no key of it any more
        assert pick.query_one(OptionList).highlighted == at + 2
        await pilot.press("enter", "f2")
        await hand.until(lambda: isinstance(app.screen, MainScreen))
