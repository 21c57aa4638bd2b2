"""A large folder opened in the real app, and how late its event loop was meanwhile. A process of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textual.geometry import Region
from textual.strip import Strip

from tui.widgets.file_list import FileList

from .heartbeat import BEAT_S
from .real_app import Nowhere, WatchedAsker, main_screen, model_named, opening_on, running
from .subprocesses import serve

_SETTLED_S = 1.0
"""For which the loop is watched once the rows are there: what comes after them must not hold it up either."""


async def opened(picture: Path, folder: Path, count: int) -> tuple[float, list[float]]:
    """Milliseconds from the order to open the folder until its rows are written, and by how many each beat was late from then
    until everything has settled. The app is on another folder before."""
    model = model_named("demo")
    late: list[float] = []

    async def beat() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(BEAT_S)
            late.append(max(0.0, time.perf_counter() - before - BEAT_S) * 1000)

    async with asyncio.timeout(60), running(opening_on(picture), model, asker := WatchedAsker(model)) as app:
        screen = await main_screen(app)
        while asker.phase == "loading":
            await asyncio.sleep(0.02)
        await asyncio.sleep(_SETTLED_S)
        files, written = screen.query_one(FileList), asyncio.Event()
        draw, drawn = files.render_lines, False

        def render_lines(crop: Region) -> list[Strip]:
            nonlocal drawn
            drawn = drawn or len(files.shown) >= count
            return draw(crop)

        files.render_lines = render_lines  # type: ignore[method-assign]
        assert isinstance(app._driver, Nowhere)
        app._driver.written = lambda: written.set() if drawn else None
        heart = asyncio.create_task(beat())
        started = time.perf_counter()
        screen.call_later(files.open, folder)
        await written.wait()
        took = (time.perf_counter() - started) * 1000
        await asyncio.sleep(_SETTLED_S)
        heart.cancel()
    return took, late


def main() -> None:
    """The process."""

    def answer(order: dict[str, Any]) -> Iterator[tuple[float, list[float]]]:
        yield asyncio.run(opened(Path(order["picture"]), Path(order["folder"]), order["count"]))

    serve(answer)


if __name__ == "__main__":
    main()
