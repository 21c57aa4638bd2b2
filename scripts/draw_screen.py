"""The app as a picture of its screen: opened without a terminal, asked real questions of the demo model, saved as PNG.

Textual exports SVG with a font from the network; here it is drawn with one that is on the machine, so that the picture is the
same offline and everywhere it is shown.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import cairosvg

from backend.catalog import ModelStore, consider, load_catalog
from tui.app import SightlineApp
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.screens.main import MainScreen
from tui.widgets.turn_view import TurnView

SIZE = (128, 36)
"""Columns and rows: wide enough for three panes, narrow enough to be read in a README."""
WIDTH = 1600
"""Pixels across."""
FONT = "DejaVu Sans Mono"
PATIENCE_S = 60.0


async def draw(out: Path, picture: Path, questions: list[str]) -> None:
    """Open `picture`, ask the questions one after the other, save the screen."""
    model = consider(load_catalog(), ModelStore(), "demo").model
    app = SightlineApp(Opening(picture.parent, picture), model, Capabilities(colour=True, unicode=True))
    async with app.run_test(size=SIZE) as pilot:
        async with asyncio.timeout(PATIENCE_S):
            while not isinstance(app.screen, MainScreen):
                await pilot.pause()
            await pilot.press("a")
            for number, question in enumerate(questions, 1):
                await pilot.press(*("space" if key == " " else key for key in question), "enter")
                while sum(turn.exchange.stage.over for turn in app.screen.query(TurnView)) < number:
                    await asyncio.sleep(0.05)
                    await pilot.pause()
            await pilot.press("escape")
            await pilot.pause()
        svg = re.sub(r"@font-face\s*{[^}]*}", "", app.export_screenshot(title="sightline")).replace("Fira Code", FONT)
        cairosvg.svg2png(bytestring=svg.encode(), write_to=str(out), output_width=WIDTH)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit("usage: scripts/screenshot OUT.png PICTURE QUESTION…")
    asyncio.run(draw(Path(sys.argv[1]), Path(sys.argv[2]).absolute(), sys.argv[3:]))
