"""Hundreds of pictures looked at in the real app, one after the other, and what its process holds then. In one of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from textual import events

from tui.widgets.file_list import FileList
from tui.widgets.picture_pane import PicturePane

from .real_app import WatchedAsker, main_screen, model_named, opening_on, running
from .subprocesses import serve


async def looked_at(first: Path, patience_s: float) -> list[float]:
    """The resident memory of the app's own process, in MiB, after each picture of the folder."""
    model, memory = model_named("demo"), psutil.Process().memory_info
    held: list[float] = []
    async with asyncio.timeout(patience_s), running(opening_on(first), model, WatchedAsker(model)) as app:
        screen = await main_screen(app)
        files, pane = screen.query_one(FileList), screen.query_one(PicturePane)
        while True:
            entry = files.current
            while pane._told is None or entry is None or pane.busy or pane._told.path != entry.path:
                await asyncio.sleep(0.002)
            held.append(memory().rss / 2**20)
            if files.ahead is None:
                return held
            at = files.cursor
            app.post_message(events.Key("j", "j"))
            while files.cursor == at:
                await asyncio.sleep(0.002)


def main() -> None:
    """The process."""

    def answer(order: dict[str, Any]) -> Iterator[list[float]]:
        yield asyncio.run(looked_at(Path(order["first"]), order["patience_s"]))

    serve(answer)


if __name__ == "__main__":
    main()
