"""Boxes and points on the canvas, as box-drawing characters over the picture.

Characters keep an edge one cell thin and legible on any picture, where half-block pixels would hide what they enclose.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.preview.canvas import Canvas
from tui.preview.geometry import CellBox, Fit


@dataclass(frozen=True, slots=True)
class Edges:
    """The characters one kind of box is drawn with."""

    top_left: str
    top_right: str
    bottom_left: str
    bottom_right: str
    across: str
    down: str
    point: str
    speck: str
    """A box of a single cell."""


LIGHT = Edges("┌", "┐", "└", "┘", "─", "│", "●", "□")
HEAVY = Edges("┏", "┓", "┗", "┛", "━", "┃", "◉", "■")
PLAIN = Edges("+", "+", "+", "+", "-", "|", "o", "o")
PLAIN_HEAVY = Edges("#", "#", "#", "#", "=", "#", "@", "@")


def edges(*, unicode: bool, selected: bool) -> Edges:
    if unicode:
        return HEAVY if selected else LIGHT
    return PLAIN_HEAVY if selected else PLAIN


def draw_box(
    canvas: Canvas, box: CellBox, colour: int | None, style: Edges, *, bold: bool = False, within: Fit | None = None
) -> None:
    """The outline of `box`; one that is a single cell high or wide becomes a stroke, a single cell a speck. `within`: nothing
    is drawn beside that picture."""

    def put(column: int, row: int, character: str) -> None:
        if within is not None and not within.holds(column, row):
            return
        canvas.put(column, row, character, colour, canvas.beneath(column, row, colour), bold=bold)

    if box.width == 1 and box.height == 1:
        put(box.left, box.top, style.speck)
        return
    if box.height == 1:
        for column in range(box.left, box.right + 1):
            put(column, box.top, style.across)
        return
    if box.width == 1:
        for row in range(box.top, box.bottom + 1):
            put(box.left, row, style.down)
        return
    for column in range(box.left + 1, box.right):
        put(column, box.top, style.across)
        put(column, box.bottom, style.across)
    for row in range(box.top + 1, box.bottom):
        put(box.left, row, style.down)
        put(box.right, row, style.down)
    put(box.left, box.top, style.top_left)
    put(box.right, box.top, style.top_right)
    put(box.left, box.bottom, style.bottom_left)
    put(box.right, box.bottom, style.bottom_right)


def draw_point(canvas: Canvas, column: int, row: int, colour: int | None, style: Edges) -> None:
    """A point is always bold: it is a single cell."""
    canvas.put(column, row, style.point, colour, canvas.beneath(column, row, colour), bold=True)
