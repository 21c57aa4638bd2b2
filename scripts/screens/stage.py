"""The real app without a terminal, its keys pressed and its screen taken: the demo model answers, nothing is made up."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import cairosvg  # type: ignore[import-untyped]
from textual.pilot import Pilot
from textual.widgets import Input

from backend.ask import Asker
from backend.catalog import ModelStore, consider, load_catalog
from tui import theme
from tui.app import SightlineApp
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.preview.views import View
from tui.screens.main import MainScreen
from tui.screens.one_line import OneLine
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.model_offers import ModelOffers
from tui.widgets.picture_pane import PicturePane
from tui.widgets.viewer import Viewer

FONT = "DejaVu Sans Mono"
"""Textual's SVG asks for a font from the network; this one is on most machines."""
CHINESE_FONT = "WenQuanYi Zen Hei Mono"
"""For what that one lacks (Debian: fonts-wqy-zenhei); two cells to an ideograph, as in a terminal."""
BRAILLE_FONT = "DejaVu Sans"
"""Lines of dots are of Braille, which the font of fixed width lacks."""
_IDEOGRAPHS = re.compile(r"<text (?=[^>]*>[^<]*[\u2e80-\uffef])")
_BRAILLE = re.compile(r"<text (?=[^>]*>[^<]*[\u2801-\u28ff])")
PATIENCE_S = 120.0


@dataclass
class Stage:
    """An app that is running, and what a user does with it."""

    pilot: Pilot[None]

    @property
    def app(self) -> SightlineApp:
        assert isinstance(self.pilot.app, SightlineApp)
        return self.pilot.app

    async def until(self, condition: Callable[[], object]) -> None:
        """Let the app work until something is the case."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():
                await self.pilot.pause(0.02)
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settled()

    async def type(self, text: str) -> None:
        """As an input method hands it over: Pilot has no keys for ideographs."""
        line = self.app.screen.query_one("#question", Input)
        line.insert_text_at_cursor(text)
        await self.pilot.pause()

    async def ask(self, question: str) -> None:
        """From the file list or the question line: type, Enter, and wait for the answer."""
        before = self.over
        line = self.app.screen.query_one("#question")
        line.focus()
        await self.pilot.pause()
        await self.type(question)
        await self.pilot.press("enter")
        await self.until(lambda: self.over > before)
        await self.settled()

    async def confirm(self, line: str) -> None:
        """Answer the line that a dialog asks for."""
        await self.until(lambda: isinstance(self.app.screen, OneLine))
        self.app.screen.query_one(Input).value = line
        await self.pilot.press("enter")

    @property
    def view(self) -> View:
        """Which tab of the picture is shown."""
        return self._main.query_one(Viewer).view

    @property
    def _main(self) -> MainScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, MainScreen))

    @property
    def over(self) -> int:
        """Questions that have been answered."""
        return sum(turn.exchange.stage.over for turn in self._main.query_one(ConversationPane).turns)

    async def settled(self) -> None:
        """The picture is drawn as the focus has laid its pane out, with nothing newer on its way."""
        await self.pilot.pause(0.3)
        await self.until(lambda: not self._main.query_one(PicturePane).busy)

    def svg(self) -> str:
        """The screen as SVG, with letters that are on this machine."""
        drawn = self.app.export_screenshot(title="sightline")
        drawn = re.sub(r"@font-face\s*{[^}]*}", "", drawn).replace("Fira Code", FONT)
        drawn = _BRAILLE.sub(f'<text font-family="{BRAILLE_FONT}" ', drawn)
        return _IDEOGRAPHS.sub(f'<text font-family="{CHINESE_FONT}" ', drawn)

    def png(self, width: int) -> bytes:
        """The screen as PNG, so many pixels across."""
        return bytes(cairosvg.svg2png(bytestring=self.svg().encode(), output_width=width))


@asynccontextmanager
async def staged(
    opening: Path, size: tuple[int, int], *, light: bool = False, ascii_only: bool = False, first: bool = False
) -> AsyncIterator[Stage]:
    """The app on a picture or a folder, in a terminal of `size` (columns, rows), its model loaded; `first`: as it is the
    first time, when there is no model yet."""
    folder, picture = (opening, None) if opening.is_dir() else (opening.parent, opening)
    model = None if first else consider(load_catalog(), ModelStore(), "demo").model
    capabilities = Capabilities(colour=not ascii_only, unicode=not ascii_only)
    app = SightlineApp(Opening(folder, picture), model, capabilities, open_asker=Asker)
    async with app.run_test(size=size) as pilot:
        stage = Stage(pilot)
        if light:
            app.theme = theme.LIGHT.name
        if first:
            await stage.until(lambda: app.screen.query_one(ModelOffers).option_count)
            yield stage
            return
        await stage.until(lambda: isinstance(app.screen, MainScreen))
        await stage.until(lambda: app.screen.query_one(PicturePane).frame is not None)
        await stage.settled()
        yield stage
