"""Keys pressed in the real app, and how long until what the terminal is sent shows what they did. A process of its own.

One key at a time: it is posted as the driver posts it, and counts as answered with the first bytes written after the widget
that it changes was drawn in its new state. The next follows after a pause of random length, so that keys meet every moment of
what the app does meanwhile.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.app import SightlineApp
from tui.screens.main import MainScreen
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.file_list import FileList
from tui.widgets.findings_table import FindingsTable
from tui.widgets.picture_pane import PicturePane
from tui.widgets.picture_view import PictureView
from tui.widgets.question_line import QuestionLine

from .interface import ZOOM
from .real_app import (
    ENCODING,
    LOADING,
    OVER,
    Nowhere,
    WatchedAsker,
    asked,
    main_screen,
    model_named,
    opening_on,
    running,
)
from .subprocesses import serve

LETTER, LIST, TAB = "letter", "list", "Tab"
_PAUSE_S = 0.01, 0.06
_PATIENCE_S = 5.0
"""After which a key counts as answered that late."""
_ENCODING_S = 6.0
"""For which keys are pressed while the model may be reading the picture."""
_QUESTION = "What do you see?"


@dataclass
class Watched:
    """One widget, and when it was drawn in the state that is waited for."""

    widget: Widget
    changed: Callable[[], bool] = lambda: False
    drawn: bool = False

    def __post_init__(self) -> None:
        draw = self.widget.render_lines

        def render_lines(crop: Region) -> list[Strip]:
            self.drawn = self.drawn or self.changed()
            return draw(crop)

        self.widget.render_lines = render_lines  # type: ignore[method-assign]


@dataclass
class Typist:
    """Presses keys and keeps how late each was answered, by phase and kind."""

    app: SightlineApp
    screen: MainScreen
    asker: WatchedAsker
    late: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(1)
        self._written = asyncio.Event()
        self._written_at = 0.0
        kinds = (QuestionLine, FileList, PictureView, ConversationPane, FindingsTable, PicturePane)
        self._parts = [widget for kind in kinds for widget in self.screen.query(kind)]
        self._watched: dict[Widget, Watched] = {widget: Watched(widget) for widget in self._parts}
        assert isinstance(self.app._driver, Nowhere)
        self.app._driver.written = self._wrote

    def _wrote(self) -> None:
        if not self._written.is_set() and any(one.drawn for one in self._watched.values()):
            self._written_at = time.perf_counter()
            self._written.set()

    async def press(self, kind: str, key: str, *shows: tuple[Widget, Callable[[], bool]]) -> None:
        """`shows`: which widgets change, any of them, and how one knows that they have."""
        await asyncio.sleep(self._chance.uniform(*_PAUSE_S))
        self._written.clear()
        for widget, changed in shows:
            self._watched[widget].changed = changed
        phase, started = self.asker.phase, time.perf_counter()
        self.app.post_message(events.Key(key, {"space": " "}.get(key, key if len(key) == 1 else None)))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._written.wait(), _PATIENCE_S)
        answered = self._written_at if self._written.is_set() else time.perf_counter()
        self.late.setdefault((phase, kind), []).append((answered - started) * 1000)
        for one in self._watched.values():
            one.changed, one.drawn = lambda: False, False

    async def round(self) -> None:
        """Some of each kind."""
        screen = self.screen
        line, files = screen.query_one(QuestionLine), screen.query_one(FileList)
        await self._focus(line)
        for letter in "where is it":
            before = line.value
            await self.press(LETTER, "space" if letter == " " else letter, (line, lambda before=before: line.value != before))  # type: ignore[misc]
        self.app.call_later(line.clear)
        for _ in range(3):
            await self._tab()
        await self._focus(files)
        for key, by in (("j", 1), ("k", -1)) * 2:
            there = files.cursor + by
            await self.press(LIST, key, (files, lambda there=there: files.cursor == there))  # type: ignore[misc]
        view = screen.query_one(PictureView)
        await self._focus(screen.query_one(PicturePane))
        await self._rest()
        for key in ("plus", "minus"):
            frame = view.frame
            await self.press(ZOOM, key, (view, lambda frame=frame: view.frame is not frame))  # type: ignore[misc]

    async def _tab(self) -> None:
        """Shown where the part that was left, or the one that is gone to, is drawn."""
        left = self.app.focused

        def moved(widget: Widget) -> bool:
            return self.app.focused is not left and not {left, self.app.focused}.isdisjoint(widget.ancestors_with_self)

        for part in self._parts:
            for shown in (*part.query("*"), *part._get_virtual_dom()):  # which cover it
                if shown not in self._watched:
                    self._watched[shown] = Watched(shown)
        await self.press(TAB, "tab", *((widget, partial(moved, widget)) for widget in self._watched))

    async def _focus(self, widget: Widget) -> None:
        self.app.call_later(widget.focus)
        while self.app.focused is not widget:
            await asyncio.sleep(0.002)

    async def _rest(self) -> None:
        """Until the picture is on the screen that the cursor is on."""
        while self.screen.query_one(PicturePane).busy:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)


async def typed(model_name: str, picture: Path, questions: int, patience_s: float) -> dict[tuple[str, str], list[float]]:
    """Milliseconds for each key, by phase and kind: the model is loaded, the picture is read, questions are answered."""
    model = model_named(model_name)
    asker = WatchedAsker(model)
    async with asyncio.timeout(patience_s), running(opening_on(picture), model, asker) as app:
        screen = await main_screen(app)
        typist = Typist(app, screen, asker)
        end = time.perf_counter() + _ENCODING_S
        while asker.phase == LOADING or time.perf_counter() < end:
            if asker.phase == LOADING:
                end = time.perf_counter() + _ENCODING_S
            await typist.round()
        for _ in range(questions):
            asker.phase = ENCODING
            await asked(screen, _QUESTION)
            while asker.phase != OVER:
                await typist.round()
    return typist.late


def main() -> None:
    """The process."""

    def answer(order: dict[str, Any]) -> Iterator[tuple[str, str, list[float]]]:
        late = asyncio.run(typed(order["model"], Path(order["picture"]), order["questions"], order["patience_s"]))
        for (phase, kind), values in late.items():
            yield phase, kind, values

    serve(answer)


if __name__ == "__main__":
    main()
