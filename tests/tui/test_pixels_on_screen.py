"""Pictures in pixels in the app: what the compositor writes, however rows are cut, and what lies over them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.style import Style
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static

from tests.tui.conftest import Hand, Scripted
from tests.tui.preview.decoders import Kitty, sixel
from tests.tui.preview.pictures import plain
from tui.preview.capabilities import Capabilities
from tui.preview.kitty import PLACEHOLDER
from tui.preview.pixels import Ledger, PixelFrame
from tui.preview.render import render
from tui.preview.sixel import SixelPicture
from tui.widgets.picture_view import PictureView
from tui.widgets.strips import pixel_strips, strips

KITTY, SIXEL = Capabilities(graphics="kitty"), Capabilities(graphics="sixel")
CONSOLE = Console(force_terminal=True, color_system="truecolor")


def rows_of(capabilities: Capabilities, ledger: Ledger) -> tuple[PixelFrame, list[Strip]]:
    """A picture with empty cells on both sides, at column 7 and row 3 of the screen."""
    frame = render(plain(100, 100), (), 40, 10, capabilities)
    assert isinstance(frame, PixelFrame)
    assert 0 < frame.place.left < frame.place.right < 40
    return frame, pixel_strips(frame, strips(frame, Style()), (7, 3), ledger)


@given(st.sets(st.integers(1, 39), max_size=6), st.integers(0, 9))
def test_however_a_row_is_cut_every_cell_is_drawn_once_where_it_belongs(cuts: set[int], row: int) -> None:
    ledger, terminal = Ledger(), Kitty()
    frame, rows = rows_of(KITTY, ledger)
    parts = rows[row].divide([*sorted(cuts), 40])
    assert [part.cell_length for part in parts] == np.diff([0, *sorted(cuts), 40]).tolist()
    drawn = [cell for part in parts for cell in terminal.read(part.render(CONSOLE))]
    assert [(column, at) for _, column, at in drawn] == [(n, row) for n in range(frame.place.right - frame.place.left)]
    assert "".join(part.text for part in parts) == rows[row].text


@given(st.integers(0, 39), st.integers(1, 40))
def test_a_piece_that_is_uncovered_is_painted_alone(start: int, length: int) -> None:
    ledger = Ledger()
    frame, rows = rows_of(SIXEL, ledger)
    stop = min(40, start + length)
    for row in (4, 5):
        rows[row].crop(start, stop).render(CONSOLE)
    painted = ledger.repairs()
    left, right = max(start, frame.place.left), min(stop, frame.place.right)
    if left >= right:
        assert painted == ""
        return
    assert painted.startswith(f"\x1b7\x1b[{3 + 4 + 1};{7 + left + 1}H")
    pixels = sixel(painted[painted.index("\x1bP") : painted.rindex("\x1b8")])
    assert pixels.shape == (40, (right - left) * 10, 3)


def test_cells_beside_the_picture_keep_their_style() -> None:
    _, rows = rows_of(KITTY, Ledger())
    assert rows[0].crop(0, 3).render(CONSOLE).strip("\x1b[0m ") == ""
    assert PLACEHOLDER not in rows[0].text, "what is seen below a dialog must be the picture in cells"


async def test_the_app_shows_it_and_below_a_dialog_the_same_in_cells(scripted: Scripted) -> None:
    app, _ = scripted(capabilities=KITTY)
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.settled()
        view = hand.screen.query_one(PictureView)
        assert isinstance(view.frame, PixelFrame)
        text = "".join(row.render(app.console) for row in view.render_lines(view.size.region))
        terminal = Kitty()
        cells = terminal.read(text)
        assert len(terminal.pictures) == 1
        (columns, rows), *others = terminal.places.values()
        assert (len(cells), others) == (columns * rows, [])
        app.push_screen(Dialog())
        await pilot.pause()
        below = app.export_screenshot()
        assert PLACEHOLDER not in below
        assert "▀" in below


async def test_sixels_know_where_they_are_on_the_screen(scripted: Scripted) -> None:
    app, _ = scripted(capabilities=SIXEL)
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.settled()
        app.ledger.repairs()
        view = hand.screen.query_one(PictureView)
        assert isinstance(view.frame, PixelFrame)
        for line in view.render_lines(view.size.region):
            line.render(app.console)
        assert isinstance(view.frame.pixels, SixelPicture)
        column, row = view.region.x + view.frame.place.left, view.region.y + view.frame.place.top
        assert app.ledger.repairs() == f"\x1b7\x1b[{row + 1};{column + 1}H{view.frame.pixels.whole}\x1b8"


class Dialog(ModalScreen[None]):
    """Something small over the picture."""

    def compose(self) -> ComposeResult:
        yield Static("a dialog")
