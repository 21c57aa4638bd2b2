"""What the app looks like: one picture of the screen for each size it must look good at, and for each screen it has.

`pytest tests/tui/test_snapshots.py --snapshot-update` takes them anew; look at the differences before committing them.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from backend.catalog import Entry, Memory, entries, load_catalog
from backend.catalog.store import ModelStore
from backend.language import use
from tests.scripted import EndThought, Say, Step, Think
from tests.tui.conftest import Hand, Scripted, located
from tui.app import SightlineApp
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.screens import first
from tui.theme import LIGHT
from tui.widgets.findings_table import FindingsTable
from tui.widgets.model_offers import ModelOffers

Compare = Callable[..., bool]
Before = Callable[[Pilot[None]], Awaitable[None]]

CONVERSATION: tuple[tuple[Step, ...], ...] = ((Say("There is no red circle."),), (Say(located(1)),))


def asked(*, selected: bool = False, questions: tuple[str, str] = ("Is there a red circle?", "Locate every object")) -> Before:
    """Two questions about the first scene."""

    async def before(pilot: Pilot[None]) -> None:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask(questions[0])
        await hand.answered()
        await hand.ask(questions[1])
        await hand.answered(2)
        await hand.until(lambda: "┌" in hand.picture or "+--" in hand.picture)
        hand.files.focus()
        if selected:
            hand.screen.query_one(FindingsTable).focus()
            await pilot.press("down")
            await hand.until(lambda: "┃" in hand.picture)
        for exchange in (turn.exchange for turn in hand.turns):
            assert exchange.answer is not None
        await hand.settled()

    return before


@pytest.fixture(autouse=True)
def steady_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer takes the same time."""
    for clock in ("backend.ask.posing.perf_counter", "backend.ask.reading.perf_counter"):
        monkeypatch.setattr(clock, lambda: 0.0)


CHINESE: tuple[tuple[Step, ...], ...] = ((Say("没有红色圆形。"),), (Say(located(1)),))


@pytest.mark.parametrize("light", [False, True], ids=["dark", "light"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_main_screen(snap_compare: Compare, scripted: Scripted, size: tuple[int, int], language: str, light: bool) -> None:
    """In every size, language and theme that it must look good in."""
    use(language)
    app, _ = scripted(*(CONVERSATION if language == "en" else CHINESE))
    questions = ("Is there a red circle?", "Locate every object") if language == "en" else ("有红色圆形吗？", "定位所有物体")
    look = asked(questions=questions)

    async def before(pilot: Pilot[None]) -> None:
        if light:
            pilot.app.theme = LIGHT.name
        await look(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)


def test_a_selected_finding(snap_compare: Compare, scripted: Scripted) -> None:
    app, _ = scripted(*CONVERSATION)
    assert snap_compare(app, terminal_size=(120, 40), run_before=asked(selected=True))


def reasoned(*, unfolded: bool) -> Before:
    """An answer that was reasoned about, and whose two claims geometry rules on; the second one's row is selected."""

    async def before(pilot: Pilot[None]) -> None:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Is the red circle right of the blue square?")
        await hand.answered()
        if unfolded:
            await pilot.press("ctrl+o")
        hand.screen.query_one(FindingsTable).focus()
        await pilot.press("down", "down", "down")
        await hand.until(lambda: "┃" in hand.picture)
        await hand.settled()

    return before


@pytest.mark.parametrize("unfolded", [False, True], ids=["folded", "unfolded"])
def test_reasoning_and_claims(snap_compare: Compare, scripted: Scripted, unfolded: bool) -> None:
    def at(left: int, label: str) -> tuple[Step, ...]:
        return (Say(json.dumps([{"bbox_2d": [left, 400, left + 100, 500], "label": label}])),)

    said = "No: the red circle is left of the blue square. The blue square is left of the red circle."
    thought = (Think("I see a red circle on the left, and a blue square."), EndThought(312))
    app, _ = scripted((*thought, Say(said)), at(100, "red circle"), at(700, "blue square"))
    assert snap_compare(app, terminal_size=(120, 40), run_before=reasoned(unfolded=unfolded))


def test_in_ascii_without_colour(snap_compare: Compare, scripted: Scripted) -> None:
    app, _ = scripted(*CONVERSATION, capabilities=Capabilities(colour=False, unicode=False))
    assert snap_compare(app, terminal_size=(100, 30), run_before=asked())


def test_the_help(snap_compare: Compare, scripted: Scripted) -> None:
    app, _ = scripted()

    async def before(pilot: Pilot[None]) -> None:
        await Hand(pilot).ready()
        await pilot.press("f1")
        await pilot.pause()

    assert snap_compare(app, terminal_size=(100, 50), run_before=before)


def test_the_first_screen(snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine with 6 GB free, whatever machine this is."""
    monkeypatch.setenv("SIGHTLINE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    listed: list[Entry] = entries(load_catalog(), ModelStore(), Memory(6_000_000_000))
    monkeypatch.setattr(first, "entries", lambda *_: listed)
    app = SightlineApp(Opening(tmp_path), None, Capabilities())

    async def before(pilot: Pilot[None]) -> None:
        await pilot.pause()
        while app.screen.query_one(ModelOffers).option_count == 0:
            await pilot.pause()
        await pilot.press("down")

    assert snap_compare(app, terminal_size=(80, 24), run_before=before)
