"""What lies over the main screen: export, sessions, searches, jump mode, palette, help, at the smallest size and a usual one.

Taken anew as those of `test_snapshots.py`, and looked at before they are committed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from backend.language import use
from backend.memory.session_values import SessionHead, SessionSummary
from backend.memory.sessions import Sessions
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located
from tui.glyphs import UNICODE
from tui.screens.export import Choice, ExportDialog
from tui.screens.help import HelpScreen
from tui.screens.jump import JumpScreen
from tui.screens.one_line import OneLine
from tui.screens.search import Row, SearchScreen
from tui.screens.sessions import SessionsScreen
from tui.widgets.action_footer import ActionFooter
from tui.widgets.session_list import SessionList

Compare = Callable[..., bool]

both_sizes = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
both_languages = pytest.mark.parametrize("language", ["en", "zh_CN"])


@pytest.fixture(autouse=True)
def steady_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer takes the same time."""
    for clock in ("backend.ask.posing.perf_counter", "backend.ask.reading.perf_counter"):
        monkeypatch.setattr(clock, lambda: 0.0)


async def opened(pilot: Pilot[None], kind: type) -> None:
    """A screen of that kind is open and settled, and so is the one below it."""
    hand = Hand(pilot)
    await hand.until(lambda: isinstance(pilot.app.screen, kind))
    await hand.until(lambda: hand.screen.query_one(ActionFooter).up_to_date)
    await hand.until(lambda: pilot.app.screen.focused is not None or not pilot.app.screen.focus_chain)
    await pilot.wait_for_scheduled_animations()


@both_sizes
@both_languages
def test_the_export(snap_compare: Compare, scripted: Scripted, size: tuple[int, int], language: str) -> None:
    use(language)
    app, _ = scripted()

    async def before(pilot: Pilot[None]) -> None:
        await Hand(pilot).ready()
        app.push_screen(ExportDialog(Choice(), {"answer": 1, "conversation": 2, "session": 12}, "scenes/scene-1-sightline"))
        await opened(pilot, ExportDialog)

    assert snap_compare(app, terminal_size=size, run_before=before)


@both_sizes
@both_languages
def test_a_search(snap_compare: Compare, scripted: Scripted, size: tuple[int, int], language: str) -> None:
    use(language)
    rows = [
        Row("Where is the red circle?", "street.jpg", "1"),
        Row("Locate every object", "market.jpg", "2"),
        Row("红色圆形在哪里？", "街道.jpg", "3"),
    ]
    app, _ = scripted()

    async def before(pilot: Pilot[None]) -> None:
        hand = Hand(pilot)
        await hand.ready()
        app.push_screen(SearchScreen("Earlier questions", lambda: (rows, "")))
        await opened(pilot, SearchScreen)
        app.screen.query_one(Input).value = "rdcrc"
        await hand.until(lambda: app.screen.query_one(OptionList).option_count == 1)

    assert snap_compare(app, terminal_size=size, run_before=before)


class TwoSessions(Sessions):
    """Always the same, whenever it is."""

    def page(self, *_: object, **__: object) -> list[SessionSummary]:
        used = datetime(2026, 11, 24, 9, 30).astimezone()  # in whatever zone it is shown in
        kitchen = SessionHead("0" * 12, (Path("/pictures/kitchen"),), "demo", used, used, "Kitchen, before and after")
        street = SessionHead("1" * 12, (Path("/pictures/街道"),), "demo", used, used)
        return [
            SessionSummary(kitchen, 12, "Is the microwave right of the fridge?", 2),
            SessionSummary(street, 1, "红色圆形在哪里？"),
        ]

    def count(self, *_: object, **__: object) -> int:
        return 2


@both_sizes
@both_languages
def test_the_sessions(snap_compare: Compare, scripted: Scripted, size: tuple[int, int], language: str) -> None:
    use(language)
    app, _ = scripted()

    async def before(pilot: Pilot[None]) -> None:
        hand = Hand(pilot)
        await hand.ready()
        app.push_screen(SessionsScreen(TwoSessions(Path("journal.db")), "1" * 12, UNICODE))
        await opened(pilot, SessionsScreen)
        await hand.until(lambda: app.screen.query_one(SessionList).current is not None)

    assert snap_compare(app, terminal_size=size, run_before=before)


@both_sizes
def test_a_line_to_fill_in(snap_compare: Compare, scripted: Scripted, size: tuple[int, int]) -> None:
    app, _ = scripted()

    async def before(pilot: Pilot[None]) -> None:
        await Hand(pilot).ready()
        app.push_screen(OneLine("Follow through the film", "Names of things, with commas between.", example="red circle"))
        await opened(pilot, OneLine)

    assert snap_compare(app, terminal_size=size, run_before=before)


@both_sizes
@both_languages
def test_jump_mode(snap_compare: Compare, scripted: Scripted, size: tuple[int, int], language: str) -> None:
    use(language)
    app, _ = scripted((Say(located(1)),))

    async def before(pilot: Pilot[None]) -> None:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object" if language == "en" else "定位所有物体")
        await hand.answered()
        hand.files.focus()
        await hand.settled()
        await pilot.press("f11")
        await opened(pilot, JumpScreen)

    assert snap_compare(app, terminal_size=size, run_before=before)


@both_languages
def test_the_help_of_a_dialog(snap_compare: Compare, scripted: Scripted, language: str) -> None:
    use(language)
    app, _ = scripted()

    async def before(pilot: Pilot[None]) -> None:
        await Hand(pilot).ready()
        app.push_screen(ExportDialog(Choice(), {"answer": 1}, "scenes/scene-1-sightline"))
        await opened(pilot, ExportDialog)
        await pilot.press("f1")
        await opened(pilot, HelpScreen)

    assert snap_compare(app, terminal_size=(80, 24), run_before=before)


@both_sizes
def test_the_palette(snap_compare: Compare, scripted: Scripted, size: tuple[int, int]) -> None:
    app, _ = scripted()

    async def before(pilot: Pilot[None]) -> None:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("ctrl+p", *"save")
        await hand.until(lambda: app.screen.query("CommandList"))
        await hand.until(lambda: app.screen.query_one("CommandList").option_count == 1)  # type: ignore[attr-defined]

    assert snap_compare(app, terminal_size=size, run_before=before)
