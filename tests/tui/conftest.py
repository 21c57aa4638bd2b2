"""Scenes to look at, an app over a scripted engine, and waiting for what is meant to happen instead of for time to pass."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static

from backend.ask import Asker
from backend.catalog import InstalledModel, ModelCard
from backend.catalog.card import SamplingRule, TokenBudget
from backend.memory.journal import Journal
from backend.memory.sessions import OpenSession
from backend.scene import Units
from backend.spatial.known_camera import GivenCamera
from backend.synthetic.scenes import Scene, draw_scene
from tests.scripted import ScriptedEngine, Step
from tui.app import SightlineApp
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.widgets.action_footer import ActionFooter
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.file_list import FileList
from tui.widgets.picture_pane import PicturePane
from tui.widgets.question_line import QuestionLine
from tui.widgets.turn_view import TurnView

PATIENCE = 30.0
"""Seconds after which a test gives up waiting for a condition."""

_GREEDY = SamplingRule()
CARD = ModelCard(
    name="demo",
    title="Demo (drawn scenes only)",
    text="text.gguf",
    mmproj="mmproj.gguf",
    repo=None,
    bundled=True,
    coordinates=Units.REL1000,
    image_tokens=TokenBudget(4, 256, 64),
    text_sampling=_GREEDY,
    box_sampling=_GREEDY,
    context=4096,
    gpu_layers=0,
    max_tokens=512,
    thinking=False,
    parameters=0.01,
    download_bytes=0,
)
MODEL = InstalledModel(CARD, Path("text.gguf"), Path("mmproj.gguf"))

SEEDS = (40, 41, 42)
SIZE = (480, 360)


def scene(number: int) -> Scene:
    """What `scene-<number>.png` shows, counted from 1."""
    return draw_scene(SEEDS[number - 1], SIZE)


def located(number: int) -> str:
    """The right answer to "Locate every object" on that scene, as the model writes it."""
    shown = scene(number)
    scale = (1000 / shown.width, 1000 / shown.height) * 2
    return json.dumps(
        [
            {"bbox_2d": [round(v * by) for v, by in zip(thing.box, scale, strict=True)], "label": thing.name}
            for thing in shown.objects
        ]
    )


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    """A folder with three scenes and an empty folder beside them."""
    folder = tmp_path / "scenes"
    (folder / "more").mkdir(parents=True)
    for number in (1, 2, 3):
        scene(number).render().save(folder / f"scene-{number}.png")
    return folder


Scripted = Callable[..., tuple[SightlineApp, ScriptedEngine]]


@pytest.fixture
def scripted(scenes: Path) -> Scripted:
    """An app on the scenes whose engine plays the given scripts."""

    def build(
        *scripts: tuple[Step, ...],
        opening: Opening | None = None,
        capabilities: Capabilities | None = None,
        journal: Journal | None = None,
        ahead: tuple[tuple[Step, ...], ...] = (),
        camera: GivenCamera | None = None,
        session: OpenSession | None = None,
    ) -> tuple[SightlineApp, ScriptedEngine]:
        engine = ScriptedEngine(*scripts, ahead=ahead)
        app = SightlineApp(
            opening or Opening(scenes),
            MODEL,
            capabilities or Capabilities(),
            journal,
            camera=camera,
            session=session,
            open_asker=lambda model: Asker(model, engine),
        )
        return app, engine

    return build


class Hand:
    """What a user does and sees, over a pilot."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot

    @property
    def screen(self) -> MainScreen:
        return next(screen for screen in self.pilot.app.screen_stack if isinstance(screen, MainScreen))

    @property
    def files(self) -> FileList:
        return self.screen.query_one(FileList)

    @property
    def pane(self) -> PicturePane:
        return self.screen.query_one(PicturePane)

    @property
    def line(self) -> QuestionLine:
        return self.screen.query_one(QuestionLine)

    @property
    def turns(self) -> list[TurnView]:
        return list(self.screen.query_one(ConversationPane).turns)

    @property
    def picture(self) -> str:
        """The characters of the frame that is shown."""
        return self.pane.frame.text() if self.pane.frame else ""

    @property
    def caption(self) -> str:
        """What stands above the picture."""
        return text_of(self.screen, "#picture-caption")

    @property
    def status(self) -> str:
        return text_of(self.screen, "#status-left")

    def reply(self, index: int = -1) -> str:
        """What stands below a question."""
        return self.turns[index].words

    def notices(self) -> list[str]:
        return [notice.message for notice in self.pilot.app._notifications]

    async def until(self, condition: Callable[[], object]) -> None:
        """Let the app work until something is the case."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await self.pilot.pause()
        await self.pilot.pause()

    async def status_says(self, words: str) -> None:
        await self.until(lambda: words in self.status)

    async def ready(self) -> None:
        """The first picture is on the screen."""
        await self.until(lambda: len(self.pilot.app.screen_stack) > 1 and self.pane.frame is not None)

    async def settled(self) -> None:
        """The picture fills its pane as the focus has laid it out, nothing newer is coming, and the footer is the focus's."""
        await self.pilot.pause()
        footer = self.screen.query_one(ActionFooter)
        await self.until(
            lambda: (
                self.pane.frame is not None
                and self.pane.frame.width == self.pane.content_size.width
                and not self.pane.busy
                and footer.up_to_date
            )
        )

    async def ask(self, question: str) -> None:
        self.line.focus()
        self.line.value = question
        await self.pilot.press("enter")

    async def answered(self, turns: int = 1) -> None:
        """So many questions are over and shown."""
        await self.until(lambda: len(self.turns) >= turns and all(turn.exchange.stage.over for turn in self.turns))


@asynccontextmanager
async def at_work(app: SightlineApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Hand]:
    """A user before an app that shows its first picture, on a terminal of that many columns and rows."""
    async with app.run_test(size=size) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        yield hand


def help_of(screen: HelpScreen | Screen[object]) -> str:
    """All lines of the help, as they are drawn, with single spaces; empty until it is laid out."""
    parts = list(screen.query(".help-lines").results(Static))
    if not all(part.size.width for part in parts if part.display):
        return ""
    rows = [part.render_line(row).text for part in parts for row in range(part.size.height)]
    return " ".join(" ".join(rows).split())


def text_of(parent: MainScreen | TurnView, selector: str) -> str:
    """The text of a static widget."""
    from textual.widgets import Static

    return str(parent.query_one(selector, Static).visual)


@pytest.fixture(autouse=True)
def steady_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    """No blinking: a snapshot must not depend on when it was taken."""
    monkeypatch.setattr(Input, "cursor_blink", False)
