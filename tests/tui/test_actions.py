"""One registry: what it lists exists, and what exists is listed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, help_of, located
from tui.actions import ACTIONS, Where, shown_keys
from tui.app import SightlineApp
from tui.screens.add_files import AddFiles
from tui.screens.export import ExportDialog
from tui.screens.first import FirstScreen
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.screens.one_line import OneLine
from tui.screens.search import SearchScreen
from tui.screens.sessions import SessionsScreen
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.file_list import FileList
from tui.widgets.findings_table import FindingsTable
from tui.widgets.pick_list import PickList
from tui.widgets.picture_pane import PicturePane
from tui.widgets.question_line import QuestionLine

OWNERS: dict[Where, type] = {
    Where.ANYWHERE: SightlineApp,
    Where.PICTURE: MainScreen,
    Where.VIEW: PicturePane,
    Where.FILES: FileList,
    Where.QUESTION: QuestionLine,
    Where.FINDINGS: FindingsTable,
    Where.CONVERSATION: ConversationPane,
    Where.SEARCH: SearchScreen,
    Where.FIRST: FirstScreen,
    Where.SESSIONS: SessionsScreen,
    Where.LIST: PickList,
    Where.EXPORT: ExportDialog,
    Where.ADD_FILES: AddFiles,
    Where.ONE_LINE: OneLine,
}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.where.name}-{action.name}")
def test_every_action_can_be_done(action: object) -> None:
    from tui.actions import Action

    assert isinstance(action, Action)
    name = action.name.removeprefix("app.").partition("(")[0]
    owner = SightlineApp if action.name.startswith("app.") else OWNERS[action.where]
    assert callable(getattr(owner, f"action_{name}"))


@pytest.mark.parametrize("where", list(Where))
def test_no_key_means_two_things_in_one_place(where: Where) -> None:
    keys = Counter(key for action in ACTIONS if action.where is where for key in action.keys.split(","))
    assert [key for key, count in keys.items() if count > 1] == []


async def test_the_help_lists_every_action_and_closes(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(100, 60)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f1")
        await hand.until(lambda: isinstance(app.screen, HelpScreen) and help_of(app.screen))
        written = help_of(app.screen)
        for action in ACTIONS:
            assert action.help in written
            assert " ".join(shown_keys(action).split()) in written
        await pilot.press("escape")
        await hand.until(lambda: isinstance(app.screen, MainScreen))


async def test_what_cannot_be_done_is_greyed_out(scripted: Scripted) -> None:
    app, _ = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()

        def enabled(action: str) -> bool:
            return any(active.binding.action == action and active.enabled for active in app.screen.active_bindings.values())

        assert not enabled("save_overlay")
        assert not enabled("new_conversation")
        await hand.ask("Locate every object")
        await hand.answered()
        await hand.until(lambda: enabled("save_overlay") and enabled("new_conversation"))


async def test_the_palette_finds_a_command_by_its_name(scripted: Scripted, scenes: Path) -> None:
    app, _ = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        await pilot.press("ctrl+p", *"save")
        await hand.until(lambda: app.screen.query("OptionList > *") or app.screen.query_one("CommandList").option_count > 0)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await hand.until((scenes / "scene-1-sightline.png").exists)


async def test_the_theme_can_be_switched(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("ctrl+t")
        assert app.theme == "sightline-light"
        await pilot.press("ctrl+t")
        assert app.theme == "sightline-high-contrast"
        await pilot.press("ctrl+t")
        assert app.theme == "sightline-dark"
