"""Cells that are painted over."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from backend.export.palette import colour_of
from tui.preview.canvas import Canvas, packed, unpacked


def text(canvas: Canvas) -> str:
    return canvas.frozen().text()


def test_half_a_wide_character_is_never_left() -> None:
    for column, left in ((1, " x c"), (2, "  xc")):
        canvas = Canvas(4, 1)
        canvas.write(0, 0, "a红c", 1)
        canvas.put(0, 0, " ", 1)
        canvas.put(column, 0, "x", 1)
        assert text(canvas) == left
        assert cell_len(text(canvas)) == 4


def test_painting_outside_does_nothing() -> None:
    canvas = Canvas(2, 2)
    for column, row in ((-1, 0), (0, -1), (2, 0), (0, 2)):
        canvas.put(column, row, "x", 1)
        canvas.write(column, row, "", 1)
    assert text(canvas) == "  \n  "


@pytest.mark.parametrize("ground", [0x000000, 0x202020, 0x808080, 0xC08040, 0xFFFFFF])
@pytest.mark.parametrize("index", range(7))
def test_an_outline_shows_on_any_ground(ground: int, index: int) -> None:
    canvas = Canvas(1, 1)
    canvas.put(0, 0, "▀", ground, ground)
    ink = packed(colour_of(index))
    casing = canvas.beneath(0, 0, ink)
    assert casing is not None
    assert max(abs(a - b) for a, b in zip(unpacked(casing), unpacked(ink), strict=True)) >= 48


def test_colours_are_packed_and_unpacked() -> None:
    assert packed((1, 2, 3)) == 0x010203
    assert unpacked(0x010203) == (1, 2, 3)
