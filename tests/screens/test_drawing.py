"""The screens of the guide: what the app writes to a terminal, as that terminal would draw it."""

from __future__ import annotations

import numpy as np
from PIL import Image

from scripts.screens.drawing import CELL, HEIGHT, WIDTH, drawn
from scripts.screens.terminal import Terminal
from tests.tui.preview.decoders import Pixels
from tui.preview.kitty import KittyPicture
from tui.preview.pixels import Ledger, Patch

RED, BLUE = (255, 0, 0), (0, 0, 255)
IN_COLOUR = "\x1b[38;2;255;0;0;48;2;0;0;255m"
"""Red on blue."""


def cells(written: str, columns: int, rows: int = 1) -> Pixels:
    """The screen without its margin: rows × columns × RGB."""
    terminal = Terminal(columns, rows)
    terminal.write(written)
    whole = np.asarray(drawn(terminal.rows()), np.int64)
    margin = (whole.shape[1] - columns * WIDTH) // 2
    return whole[margin : margin + rows * HEIGHT, margin : margin + columns * WIDTH]


def test_half_blocks_are_two_colours_with_nothing_between() -> None:
    drawn_ = cells(f"{IN_COLOUR}▀▀", 2)
    assert (drawn_[: HEIGHT // 2] == RED).all()
    assert (drawn_[HEIGHT // 2 :] == BLUE).all()


def test_quadrants_eighths_and_dots_lie_where_unicode_puts_them() -> None:
    quadrant, eighth, dots = np.split(cells(f"{IN_COLOUR}▞▎⢀", 3), 3, axis=1)
    red = (quadrant == RED).all(-1)
    assert red[: HEIGHT // 2, WIDTH // 2 :].all()
    assert red[HEIGHT // 2 :, : WIDTH // 2].all()
    assert red.mean() == 0.5
    assert ((eighth == RED).all(-1)[0] == [True] * 3 + [False] * 9).all()
    lit = np.argwhere((dots == RED).all(-1))
    assert (lit.min(0) > (HEIGHT * 3 // 4 - 1, WIDTH // 2 - 1)).all()


def test_lines_join_from_cell_to_cell() -> None:
    frame = (cells(f"{IN_COLOUR}╭──╮\r\n│  │\r\n╰──╯", 4, 3) == RED).all(-1)
    middle_x, middle_y = WIDTH // 2, HEIGHT // 2
    assert frame[middle_y, WIDTH:-WIDTH].all()
    assert frame[-middle_y, WIDTH:-WIDTH].all()
    assert frame[HEIGHT:-HEIGHT, middle_x].all()
    assert frame[HEIGHT:-HEIGHT, -middle_x].all()
    across, down = np.argwhere(frame.any(0)).ravel(), np.argwhere(frame.any(1)).ravel()
    assert (np.diff(across) == 1).all()
    assert (np.diff(down) == 1).all()


def test_a_picture_that_was_handed_over_is_where_its_cells_are() -> None:
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (2 * HEIGHT, 3 * WIDTH, 3), np.uint8))
    picture, ledger = KittyPicture.of(image, (3, 2)), Ledger()
    pieces = [picture.piece(Patch(0, row, 3, row + 1), (1, row), ledger) for row in range(2)]
    shown = cells(f"\x1b[1;2H{pieces[0]}\x1b[2;2H{pieces[1]}", 5, 2)
    assert (shown[:, WIDTH : 4 * WIDTH] == np.asarray(image, np.int64)).all()


def test_faint_letters_are_between_their_colour_and_the_ground() -> None:
    terminal = Terminal(2, 1)
    terminal.write("\x1b[2;38;2;255;0;0mx\x1b[0my")
    assert [cell.faint for cell in terminal.rows()[0]] == [True, False]
    assert CELL == (WIDTH, HEIGHT)
