"""The app without a terminal, with a task in its event loop that asks to be woken every few milliseconds and notes the delay.

Whatever holds the loop up, a redraw, a handler or a thread that keeps the interpreter, shows there. A process of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from backend.ask import Asker, Question
from backend.catalog import ModelStore, consider, load_catalog
from backend.events import AskEvent, Loading, Token
from tui.app import SightlineApp
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.screens.main import MainScreen
from tui.widgets.question_line import QuestionLine
from tui.widgets.turn_view import TurnView

from .subprocesses import serve

BEAT_S = 0.004
_SIZE = (120, 34)
_QUESTION = "Locate the red circle"


class _Watched(Asker):
    """Says which phase its engine is in; set by the threads that drain it."""

    phase = "loading"

    def warm(self) -> Iterator[Loading]:
        yield from super().warm()
        self.phase = "encoding"  # the app may let the engine look at the picture before it is asked about

    def ask(self, *questions: Question) -> Generator[AskEvent, None, None]:
        for event in super().ask(*questions):
            if isinstance(event, Token):
                self.phase = "generating"
            yield event
        self.phase = "over"


async def beats(model_name: str, picture: Path, patience_s: float) -> dict[str, list[float]]:
    """Milliseconds by which each beat was late, by phase: the model is loaded, then one question is answered."""
    model = consider(load_catalog(), ModelStore(), model_name).model
    asker = _Watched(model)
    app = SightlineApp(
        Opening(picture.parent, picture),
        model,
        Capabilities(colour=True, unicode=True),
        open_asker=lambda _model: asker,
    )
    late: dict[str, list[float]] = {}

    async def beat() -> None:
        while True:
            phase, before = asker.phase, time.perf_counter()
            await asyncio.sleep(BEAT_S)
            late.setdefault(phase, []).append(max(0.0, time.perf_counter() - before - BEAT_S) * 1000)

    async with app.run_test(size=_SIZE) as pilot, asyncio.timeout(patience_s):
        heart = asyncio.create_task(beat())
        while not isinstance(app.screen, MainScreen) or asker.phase == "loading":
            await asyncio.sleep(0.02)
        line = app.screen.query_one(QuestionLine)
        line.focus()
        line.value = _QUESTION
        await pilot.press("enter")
        while not any(turn.exchange.stage.over for turn in app.screen.query(TurnView)):
            await asyncio.sleep(0.02)
        heart.cancel()
    return late


def main() -> None:
    """The process."""

    def answer(order: dict[str, Any]) -> Iterator[tuple[str, list[float]]]:
        late = asyncio.run(beats(order["model"], Path(order["picture"]), order["patience_s"]))
        yield from late.items()

    serve(answer)


if __name__ == "__main__":
    main()
