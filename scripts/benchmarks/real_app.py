"""The real app with the real engine, drawn whole and written nowhere: what is measured is all but the terminal itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual import events
from textual.drivers.headless_driver import HeadlessDriver

from backend.ask import Asker, Question
from backend.catalog import InstalledModel, ModelStore, consider, load_catalog
from backend.events import AskEvent, Loading, Token
from tui.app import SightlineApp
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.screens.main import MainScreen
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.picture_view import PictureView
from tui.widgets.question_line import QuestionLine

SIZE = (120, 34)
LOADING, ENCODING, GENERATING, OVER = PHASES = ("loading", "encoding", "generating", "over")


class WatchedAsker(Asker):
    """Says which phase its engine is in; set by the threads that drain it."""

    phase = LOADING

    def warm(self) -> Iterator[Loading]:
        yield from super().warm()
        self.phase = ENCODING  # the app may let the engine look at the picture before it is asked about

    def ask(self, *questions: Question) -> Generator[AskEvent, None, None]:
        for event in super().ask(*questions):
            if isinstance(event, Token):
                self.phase = GENERATING
            yield event
        self.phase = OVER


class Nowhere(HeadlessDriver):
    """Takes what a terminal would be sent, so that it is made, and tells when."""

    written: Callable[[], None] | None = None

    @property
    def is_headless(self) -> bool:
        return False  # for which Textual would leave out the last step of drawing

    def write(self, data: str) -> None:
        if data and self.written is not None:
            self.written()


def model_named(name: str) -> InstalledModel:
    return consider(load_catalog(), ModelStore(), name).model


@asynccontextmanager
async def running(opening: Opening, model: InstalledModel, asker: Asker) -> AsyncIterator[SightlineApp]:
    """The app from its start to its end, on a screen of 120×34."""
    app = SightlineApp(
        opening, model, Capabilities(colour=True, unicode=True), open_asker=lambda _model: asker, driver_class=Nowhere
    )
    run = asyncio.create_task(app.run_async(size=SIZE))
    try:
        yield app
    finally:
        app.exit()
        await run


async def main_screen(app: SightlineApp) -> MainScreen:
    """Once it shows its first picture."""
    while True:
        screen = app.screen_stack[-1] if app.screen_stack else None
        if isinstance(screen, MainScreen) and any(view.frame is not None for view in screen.query(PictureView)):
            return screen
        await asyncio.sleep(0.005)


async def ask(screen: MainScreen, question: str) -> None:
    """Type a question, send it, and wait until all that was asked is answered."""
    await asked(screen, question)
    while not all(turn.exchange.stage.over for turn in screen.query_one(ConversationPane).turns):
        await asyncio.sleep(0.02)


async def asked(screen: MainScreen, question: str) -> None:
    """Type a question and send it; until it stands in the conversation."""
    line, before = screen.query_one(QuestionLine), len(screen.query_one(ConversationPane).turns)

    def write() -> None:
        line.focus()
        line.value = question

    screen.call_later(write)
    while screen.focused is not line or line.value != question:
        await asyncio.sleep(0.002)
    screen.app.post_message(events.Key("enter", None))
    while len(screen.query_one(ConversationPane).turns) == before:
        await asyncio.sleep(0.005)


def opening_on(picture: Path) -> Opening:
    return Opening(picture.parent, picture)
