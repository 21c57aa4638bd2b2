"""Frames as Textual strips.

Styles are made once per pair of colours and kept: a photograph has thousands of them on one screen, and the next frame
of the same picture has the same ones again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from rich.color import Color
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.preview.canvas import Colour, Frame, Run, unpacked
from tui.preview.pixels import Ledger, Patch, PixelFrame, Pixels


@lru_cache(maxsize=32768)
def _style(foreground: Colour, background: Colour, bold: bool) -> Style:
    return Style(color=_colour(foreground), bgcolor=_colour(background), bold=bold or None)


@lru_cache(maxsize=32768)
def _colour(value: Colour) -> Color | None:
    return None if value is None else Color.from_rgb(*unpacked(value))


def strip(runs: tuple[Run, ...], width: int, under: Style) -> Strip:
    """One row; cells without a background take that of `under`."""
    return Strip([Segment(run.text, under + _style(run.foreground, run.background, run.bold)) for run in runs], width)


def strips(frame: Frame, under: Style) -> list[Strip]:
    """Every row of a frame, in cells."""
    return [strip(row, frame.width, under) for row in frame.rows]


class PixelStrip(Strip):
    """A part of one row of a picture in pixels.

    Whoever cuts and joins strips (a dialog's dimmed background, a screenshot) sees the row's cells; only where the compositor
    writes the strip itself to the terminal, in `render`, the picture's own bytes take their place.
    """

    def __init__(self, cells: Strip, pixels: Pixels, patch: Patch, at: tuple[int, int], ledger: Ledger) -> None:
        super().__init__(cells, cells.cell_length)
        self._pixels = pixels
        self._patch = patch
        self._at = at
        """Column and row of the screen where it begins."""
        self._ledger = ledger

    def crop(self, start: int, end: int | None = None) -> Strip:
        start, end = max(0, start), self.cell_length if end is None else min(end, self.cell_length)
        cells = super().crop(start, end)
        if cells is self or end <= start:
            return cells
        return self._part(cells, start, end)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        parts: list[Strip] = []
        start = 0
        for cells in super().divide(cuts):
            end = start + cells.cell_length
            parts.append(cells if cells is self or end <= start else self._part(cells, start, end))
            start = end
        return parts

    def render(self, console: Console) -> str:
        del console  # whatever colours it knows: these are the terminal's affair
        return self._pixels.piece(self._patch, self._at, self._ledger)

    def _part(self, cells: Strip, start: int, end: int) -> PixelStrip:
        patch = Patch(self._patch.left + start, self._patch.top, self._patch.left + end, self._patch.bottom)
        return PixelStrip(cells, self._pixels, patch, (self._at[0] + start, self._at[1]), self._ledger)


class BesideStrip(Strip):
    """A row with a picture in it and cells on both sides; it falls apart into the three when it is cut or written."""

    def __init__(self, parts: Sequence[Strip]) -> None:
        whole = Strip.join(parts)
        super().__init__(whole, whole.cell_length)
        self._parts = parts

    def crop(self, start: int, end: int | None = None) -> Strip:
        start, end = max(0, start), self.cell_length if end is None else min(end, self.cell_length)
        if start == 0 and end == self.cell_length:
            return self
        kept: list[Strip] = []
        at = 0
        for part in self._parts:
            first, last = max(start, at) - at, min(end, at + part.cell_length) - at
            if first < last:
                kept.append(part.crop(first, last))
            at += part.cell_length
        return kept[0] if len(kept) == 1 else BesideStrip(kept)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        edges = [0, *(cut for cut in cuts if cut <= self.cell_length)]
        return [self.crop(start, end) for start, end in pairwise(edges)]

    def render(self, console: Console) -> str:
        return "".join(part.render(console) for part in self._parts)


def pixel_strips(frame: PixelFrame, cells: list[Strip], at: tuple[int, int], ledger: Ledger) -> list[Strip]:
    """Every row of a frame whose top left cell is `at` (column, row) of the screen."""
    place = frame.place
    rows = list(cells)
    for row in range(place.top, place.bottom):
        left, middle, right = (
            cells[row].crop(*ends) for ends in ((0, place.left), (place.left, place.right), (place.right, frame.width))
        )
        patch = Patch(0, row - place.top, place.right - place.left, row - place.top + 1)
        picture = PixelStrip(middle, frame.pixels, patch, (at[0] + place.left, at[1] + row), ledger)
        parts, at_column = [left], 0
        for hole in frame.holes:
            start, stop = hole.left - place.left, hole.right - place.left
            if hole.top == row and start >= at_column:
                parts += [picture.crop(at_column, start), middle.crop(start, stop)]
                at_column = stop
        parts += [picture.crop(at_column), right]
        rows[row] = BesideStrip([part for part in parts if part.cell_length])
    return rows
