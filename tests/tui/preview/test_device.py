"""Findings on a picture in pixels of the screen."""

from __future__ import annotations

import numpy as np
import pytest
from rich.console import Console
from rich.style import Style

from backend.export import overlay
from backend.export.fonts import font_for
from backend.export.palette import colour_of
from backend.scene import Box, Box3D, Finding, Point
from backend.terminal import Graphics
from tests.tui.preview.decoders import Kitty, Pixels, sixel
from tests.tui.preview.pictures import plain
from tui.preview.capabilities import Capabilities
from tui.preview.kitty import KittyPicture
from tui.preview.pixels import Ledger, PixelFrame
from tui.preview.render import render
from tui.preview.sixel import SixelPicture
from tui.widgets.strips import pixel_strips, strips

GREY = (90, 120, 150)


def shown(
    findings: tuple[Finding, ...],
    graphics: Graphics = "kitty",
    selected: frozenset[int] = frozenset(),
    size: tuple[int, int] = (40, 15),
) -> Pixels:
    """A plain picture of 400 × 300 pixels with findings, as the terminal shows it."""
    frame = render(plain(400, 300, GREY), findings, *size, Capabilities(graphics=graphics), selected)
    assert isinstance(frame, PixelFrame)
    match frame.pixels:
        case KittyPicture():
            terminal = Kitty()
            terminal.read(frame.pixels.transmission())
            return terminal.pictures[frame.pixels.number]
        case SixelPicture():
            return sixel(frame.pixels.whole)
    raise AssertionError(frame.pixels)


def has(pixels: Pixels, colour: tuple[int, int, int], within: int = 0) -> bool:
    return bool((np.abs(pixels - np.array(colour)).max(-1) <= within).any())


@pytest.mark.parametrize("graphics", ["kitty", "sixel"])
def test_a_box_lies_where_it_is_in_its_colour_with_a_casing(graphics: Graphics) -> None:
    pixels = shown((Box(100, 100, 300, 200, "star"),), graphics)
    near = 6 if graphics == "sixel" else 0  # 256 colours, in per cent
    assert pixels.shape == (300, 400, 3)
    assert np.abs(pixels[199, 250] - np.array(colour_of(0))).max() <= near
    assert np.abs(pixels[150, 200] - np.array(GREY)).max() <= near
    assert pixels[200, 250].max() < 40  # the casing
    assert has(pixels[75:100, 100:160], colour_of(0), near)  # the chip, above


def test_every_kind_of_finding_is_drawn() -> None:
    solid = Box3D((0.0, 0.0, 4.0), (2.0, 2.0, 2.0), 0.0, 0.4, 0.0, "crate")
    pixels = shown((Box(10, 10, 60, 60, "a"), Point(300, 80, "b"), solid))
    for index in range(3):
        assert has(pixels, colour_of(index))


def test_what_is_selected_stays_light() -> None:
    boxes = (Box(20, 20, 80, 80, "a"), Box(200, 150, 350, 280, "b"))
    pixels = shown(boxes, selected=frozenset((1,)))
    assert tuple(pixels[220, 280]) == GREY
    assert tuple(pixels[50, 50]) == tuple(channel // 2 for channel in GREY)
    assert not has(pixels[:100, :100], colour_of(0))  # its lines are darkened as well
    assert has(pixels, colour_of(1))


def test_a_chip_begins_with_the_number_in_the_table() -> None:
    """Of two pictures that differ in nothing but the finding's place in the list, only colour and number differ."""
    alone, second = Box(100, 100, 300, 200, "star"), (Point(390, 290, "x"), Box(100, 100, 300, 200, "star"))
    first_chip, second_chip = shown((alone,))[75:100, 100:160], shown(second)[75:100, 100:160]
    ink = (np.abs(chip - np.array(colour_of(index))).max(-1) > 60 for index, chip in enumerate((first_chip, second_chip)))
    assert (next(ink) != next(ink)).any()


@pytest.mark.parametrize("graphics", ["kitty", "sixel"])
def test_a_label_that_no_font_here_has_is_written_by_the_terminal(graphics: Graphics, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server without Chinese fonts, and a terminal that has them."""
    monkeypatch.setattr(overlay, "font_for", lambda text, size: font_for(text, size) if text.isascii() else None)
    findings = (Box(100, 100, 300, 200, "红色圆形"), Box(20, 220, 80, 280, "star"))
    frame = render(plain(400, 300, GREY), findings, 40, 15, Capabilities(graphics=graphics))
    assert isinstance(frame, PixelFrame)
    (hole,) = frame.holes
    ledger = Ledger()
    row = pixel_strips(frame, strips(frame, Style()), (0, 0), ledger)[hole.top]
    assert "红色圆形" in row.crop(hole.left, hole.right).text
    written = row.render(Console(force_terminal=True, color_system="truecolor"))
    assert "1 红色圆形" in written
    if graphics == "kitty":
        assert [column for _, column, _ in Kitty().read(written[written.index("\x1b[38;5") :])] == [
            column for column in range(40) if not hole.left <= column < hole.right
        ]
    else:
        assert ledger.repairs().count("\x1bP") == 2  # beside the text on both sides, and not over it


def test_in_tmux_a_picture_and_words_of_the_terminal_on_it_are_drawn_in_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is written there takes the picture away."""
    drawn_by_tmux = Capabilities(graphics="sixel", tmux_draws=True)
    cup = (Box(20, 20, 80, 80, "杯子"),)
    monkeypatch.setattr(overlay, "font_for", lambda text, size: font_for(text, size) if text.isascii() else None)
    frame = render(plain(100, 100), cup, 40, 20, drawn_by_tmux)
    assert not isinstance(frame, PixelFrame)
    assert "1 杯子" in frame.text()
    assert isinstance(render(plain(100, 100), (Box(20, 20, 80, 80, "cup"),), 40, 20, drawn_by_tmux), PixelFrame)


def test_pixels_keep_the_shape_where_cells_are_narrow() -> None:
    frame = render(plain(400, 400), (), 40, 40, Capabilities(graphics="kitty", cell=(8, 20)))
    assert isinstance(frame, PixelFrame)
    place = frame.place
    assert abs((place.right - place.left) * 8 - (place.bottom - place.top) * 20) <= 20


def test_more_cells_than_kitty_can_name_are_drawn_in_characters() -> None:
    frame = render(plain(4000, 500), (), 320, 40, Capabilities(graphics="kitty", cell=(2, 4)))
    assert not isinstance(frame, PixelFrame)
    assert "▀" in frame.text()


def test_below_a_dialog_the_same_is_there_in_half_blocks() -> None:
    frame = render(plain(400, 300, GREY), (Box(100, 100, 300, 200, "star"),), 40, 15, Capabilities(graphics="sixel"))
    plainly = render(plain(400, 300, GREY), (Box(100, 100, 300, 200, "star"),), 40, 15, Capabilities())
    assert frame.rows == plainly.rows
