"""The real app without a terminal, its keys pressed and its screen taken: the demo model answers, nothing is made up."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

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

from .drawing import CELL, drawn
from .terminal import Terminal

PATIENCE_S = 120.0
CELLS = Capabilities(cell=CELL)
"""A terminal that has nothing but its characters for a picture."""
KITTY = Capabilities(graphics="kitty", cell=CELL)
"""One that is handed pictures."""
ASCII = Capabilities(colour=False, unicode=False)


@dataclass
class Stage:
    """An app that is running, and what a user does with it."""

    pilot: Pilot[None]
    terminal: Terminal

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

    def png(self) -> bytes:
        """What the terminal shows."""
        out = io.BytesIO()
        drawn(self.terminal.rows()).save(out, "PNG", optimize=True)
        return out.getvalue()


@asynccontextmanager
async def staged(
    opening: Path, size: tuple[int, int], shows: Capabilities = CELLS, *, light: bool = False, first: bool = False
) -> AsyncIterator[Stage]:
    """The app on a picture or a folder, in a terminal of that many columns and rows that `shows` this, its model loaded;
    `first`: as it is the first time, when there is no model yet."""
    folder, picture = (opening, None) if opening.is_dir() else (opening.parent, opening)
    model = None if first else consider(load_catalog(), ModelStore(), "demo").model
    if not shows.colour:
        os.environ["NO_COLOR"] = "1"  # as the real start does
    app = SightlineApp(Opening(folder, picture), model, shows, open_asker=Asker)
    os.environ.pop("NO_COLOR", None)
    terminal = Terminal(*size)
    with terminal.attached():
        async with app.run_test(size=size) as pilot:
            stage = Stage(pilot, terminal)
            if light:
                app.theme = theme.LIGHT.name
            if first:
                await stage.until(lambda: app.screen.query_one(ModelOffers).option_count)
                yield stage
                return
            await stage.until(lambda: isinstance(app.screen, MainScreen))
            await stage.until(lambda: app.screen.query_one(PicturePane).frame is not None)
            app.screen.query_one("#question", Input).cursor_blink = False
            await stage.settled()
            yield stage
