"""A task in the real app's event loop that asks to be woken every few milliseconds and notes the delay.

Whatever holds the loop up, a redraw, a handler or a thread that keeps the interpreter, shows there. A process of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .real_app import LOADING, WatchedAsker, ask, main_screen, model_named, opening_on, running
from .subprocesses import serve

BEAT_S = 0.004
_QUESTION = "Locate the red circle"


async def beats(model_name: str, picture: Path, patience_s: float) -> dict[str, list[float]]:
    """Milliseconds by which each beat was late, by phase: the model is loaded, then one question is answered."""
    model = model_named(model_name)
    asker = WatchedAsker(model)
    late: dict[str, list[float]] = {}

    async def beat() -> None:
        while True:
            phase, before = asker.phase, time.perf_counter()
            await asyncio.sleep(BEAT_S)
            late.setdefault(phase, []).append(max(0.0, time.perf_counter() - before - BEAT_S) * 1000)

    async with asyncio.timeout(patience_s), running(opening_on(picture), model, asker) as app:
        screen = await main_screen(app)
        heart = asyncio.create_task(beat())
        while asker.phase == LOADING:
            await asyncio.sleep(0.02)
        await ask(screen, _QUESTION)
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
