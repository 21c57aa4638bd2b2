"""All that is written on the screen can be read on what it stands on, in every theme: measured on what is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.command import CommandPalette
from textual.geometry import Region
from textual.screen import Screen

from backend.ask import Asker
from tests.scripted import Say, ScriptedEngine
from tests.tui.conftest import MODEL, Hand, located
from tests.tui.test_theme import LEAST, contrast
from tui.app import SightlineApp
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.screens.first import FirstScreen
from tui.theme import THEMES
from tui.widgets.model_offers import ModelOffers

EXEMPT = ("#picture-view", "ActionFooter", "#timeline", "#tabs")
"""Pictures; and what cannot be done now, which WCAG exempts."""
CHIPS = 4.5
"""For the numbers of findings, whose colours are those of the boxes in every theme."""


def hard_to_read(screen: Screen[object], least: float, inside: Region | None = None) -> dict[str, float]:
    """Text with less contrast than that, each with its ratio; `inside`: of a dialog, which lies on a dimmed screen."""
    region = inside or screen.region
    exempt = [widget.region for part in EXEMPT for widget in screen.query(part)]
    found: dict[str, float] = {}
    for y, strip in enumerate(screen._compositor.render_strips()):
        x = 0
        for segment in strip:
            style = segment.style
            here = region.contains(x, y) and not any(one.contains(x, y) for one in exempt)
            if here and style is not None and any(char.isalnum() for char in segment.text):
                colours = [
                    one.triplet.hex for one in (style.color, style.bgcolor) if one is not None and one.triplet is not None
                ]
                chip = segment.text.strip().isdecimal()
                if len(colours) == 2 and (ratio := contrast(*colours)) < (CHIPS if chip else least):
                    found[f"{segment.text.strip()} {colours}"] = round(ratio, 2)
            x += segment.cell_length
    return found


def test_the_measure_is_that_of_the_themes() -> None:
    assert contrast(Color.parse("white").hex, Color.parse("black").hex) == pytest.approx(21)


@pytest.mark.parametrize("name", list(THEMES))
async def test_the_main_screen_and_its_dialogs_can_be_read(scenes: Path, name: str) -> None:
    engine = ScriptedEngine((Say(located(1)),))
    look, least = THEMES[name], LEAST[name]
    app = SightlineApp(Opening(scenes), MODEL, Capabilities(), look=look, open_asker=lambda model: Asker(model, engine))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        for part in ("#conversation", "#findings", "#question", "#file-list"):
            (hand.screen.query(part) or hand.screen.query("FileList")).first().focus()
            await hand.settled()
            assert hard_to_read(app.screen, least) == {}, part
        for key, dialog in (("f1", "#help"), ("f12", "#export"), ("ctrl+r", "#search-box"), ("ctrl+p", "")):
            hand.files.focus()
            await hand.settled()
            await pilot.press(key)
            await hand.until(lambda: app.screen is not hand.screen)
            await hand.until(
                lambda: not isinstance(app.screen, CommandPalette) or app.screen.query_one("CommandList").region.height
            )
            inside = app.screen.query_one(dialog or "CommandList").region
            assert hard_to_read(app.screen, least, inside) == {}, key
            await pilot.press("escape")
            await hand.until(lambda: app.screen is hand.screen)


@pytest.mark.parametrize("name", list(THEMES))
async def test_the_first_screen_can_be_read(name: str) -> None:
    app = SightlineApp(Opening(Path.cwd()), None, Capabilities(), look=THEMES[name])
    async with app.run_test(size=(100, 30)) as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: isinstance(app.screen, FirstScreen) and app.screen.query_one(ModelOffers).option_count > 1)
        assert hard_to_read(app.screen, LEAST[name]) == {}
