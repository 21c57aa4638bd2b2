"""Theme and language are chosen while the app runs: everything on the screen follows, and the next start begins with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from backend import language
from backend.language import _
from backend.last_chosen import LastChosen, NotRemembered
from backend.preferences import Preferences
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, help_of, located, text_of
from tui.app import SightlineApp
from tui.choices import Choices
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.screens.first import FirstScreen
from tui.screens.help import HelpScreen
from tui.theme import DARK
from tui.widgets.action_footer import ActionFooter
from tui.widgets.findings_table import FindingsTable


def remembering(app: SightlineApp, file: Path, said: Preferences | None = None) -> LastChosen:
    """Have an app remember what is chosen, as a start from the command line has it."""
    last = LastChosen(file)
    app._choices = Choices(app, said or Preferences(), last, light=None)
    return last


def words(app: SightlineApp) -> set[str]:
    """All that stands on the screen and was written by the program."""
    footer = {key.label for part in app.screen.query(ActionFooter) for key in part.keys}
    statics = {str(widget.visual) for widget in app.screen.query(Static)}
    return footer | statics | {widget.placeholder for widget in app.screen.query(Input)}


async def test_everything_on_the_screen_speaks_the_other_language_at_once(scripted: Scripted) -> None:
    app, _engine = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        hand.files.focus()
        await hand.settled()
        spoken = ["ready", "Ask where something is", "Leave", "demo model: knows only generated scenes", "filter"]
        await hand.until(lambda: set(spoken[1:]) <= words(app))  # the footer is made once more when the focus has moved
        english = words(app)

        await app.run_action("switch_language")
        assert language.spoken() == "zh_CN"
        await hand.until(lambda: _("Leave") in words(app) and "Leave" not in words(app))
        chinese = words(app)
        assert {_(one) for one in spoken[1:]} <= chinese
        assert not set(spoken) & chinese
        assert hand.line.placeholder == _("Ask where something is") != "Ask where something is"

        await app.run_action("speak('en')")
        await hand.until(lambda: words(app) == english)


async def test_the_answer_stays_and_its_frame_is_told_anew(scripted: Scripted) -> None:
    app, _engine = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        rows, before = hand.screen.query_one(FindingsTable).row_count, hand.reply()
        await app.run_action("speak('zh_CN')")
        await hand.until(lambda: hand.reply() != before)
        assert hand.turns[0].exchange.question == "Locate every object"
        assert hand.screen.query_one(FindingsTable).row_count == rows > 0
        assert "demo model" not in hand.reply()
        await app.run_action("speak('en')")
        await hand.until(lambda: hand.reply() == before)


async def test_the_invitation_and_the_line_of_an_edit_follow(scripted: Scripted) -> None:
    app, _engine = scripted((Say("No."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await app.run_action("speak('zh_CN')")
        await hand.until(lambda: _("Ask about this picture") in text_of(hand.screen, ".invitation"))
        assert "框出所有物体" in text_of(hand.screen, ".invitation")
        assert text_of(hand.screen, ".invitation").endswith("Where is the red circle?")
        hand.line.edit("Where?")
        assert hand.line.border_title == _("instead of the question above")
        await app.run_action("speak('en')")
        assert hand.line.border_title == "instead of the question above"
        assert hand.line.value == "Where?"


async def test_the_help_that_is_opened_then_speaks_it(scripted: Scripted) -> None:
    app, _engine = scripted()
    async with app.run_test(size=(100, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await app.run_action("speak('zh_CN')")
        await pilot.press("f1")
        await hand.until(lambda: isinstance(app.screen, HelpScreen) and help_of(app.screen))
        written = help_of(app.screen)
        assert _("Leave sightline") in written
        assert "Leave sightline" not in written


async def test_the_first_screen_follows() -> None:
    app = SightlineApp(Opening(Path.cwd()), None, Capabilities())
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, FirstScreen))
        assert any("Ask a picture" in one for one in words(app))
        await app.run_action("speak('zh_CN')")
        await until(pilot, lambda: not any("Ask a picture" in one for one in words(app)))
        assert _("No model for real photographs is installed yet.") in words(app)


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    await Hand(pilot).until(condition)


@pytest.mark.parametrize("action", ["switch_theme", "use_theme('light')"])
async def test_a_theme_is_remembered(scripted: Scripted, tmp_path: Path, action: str) -> None:
    app, _engine = scripted()
    last = remembering(app, tmp_path / "chosen.json")
    async with app.run_test() as pilot:
        await Hand(pilot).ready()
        assert app.theme == DARK.name
        await app.run_action(action)
        assert app.theme == "sightline-light"
        await until(pilot, last.file.exists)
    assert last.over(Preferences()).theme == "light"


async def test_of_many_choices_the_last_one_is_remembered(scripted: Scripted, tmp_path: Path) -> None:
    app, _engine = scripted()
    last = remembering(app, tmp_path / "chosen.json")
    async with app.run_test() as pilot:
        await Hand(pilot).ready()
        for _time in range(5):
            await app.run_action("switch_theme")
        await app.run_action("speak('zh_CN')")
        await until(pilot, lambda: not any(worker.group == "choices" for worker in app.workers))
    assert (last.over(Preferences()).theme, last.over(Preferences()).language) == ("high-contrast", "zh_CN")


async def test_what_cannot_be_remembered_is_said_and_holds_all_the_same(scripted: Scripted, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    app, _engine = scripted()
    last = remembering(app, tmp_path / "file" / "chosen.json")
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("ctrl+t")
        await hand.until(lambda: any("cannot be remembered" in notice for notice in hand.notices()))
        assert app.theme == "sightline-light"
    assert last.over(Preferences()) == Preferences()


async def test_a_damaged_file_is_said_at_the_start(tmp_path: Path, scenes: Path) -> None:
    file = tmp_path / "chosen.json"
    file.write_text("{")
    last = LastChosen(file)
    with pytest.raises(NotRemembered, match="damaged") as found:
        last.read()
    app = SightlineApp(Opening(scenes), None, Capabilities(), last_chosen=last, not_remembered=found.value)
    async with app.run_test() as pilot:
        await until(pilot, lambda: any("damaged" in notice for notice in Hand(pilot).notices()))
