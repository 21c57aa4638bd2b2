"""Where a picture lies among the cells, and which cells a box in its pixels covers.

A terminal cell is taken to be twice as tall as wide where the terminal does not say better. Cells are counted from the top
left of the frame; a box covers every cell it touches, so that no finding is ever too small to be drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CellBox:
    """Cells from (left, top) to (right, bottom), both inclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left + 1

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1


@dataclass(frozen=True, slots=True)
class Fit:
    """A picture of `width` × `height` pixels shown on `columns` × `rows` cells whose top left cell is (left, top)."""

    width: int
    height: int
    left: int
    top: int
    columns: int
    rows: int

    @classmethod
    def into(cls, width: int, height: int, columns: int, rows: int, aspect: float = 2.0) -> Fit:
        """The largest centred place for the picture in `columns` × `rows` cells that keeps its shape (at least one cell).
        `aspect`: how much taller than wide a cell is."""
        scale = min(columns / width, aspect * rows / height)
        across = min(columns, max(1, round(width * scale)))
        down = min(rows, max(1, round(height * scale / aspect)))
        return cls(width, height, (columns - across) // 2, (rows - down) // 2, across, down)

    def column(self, x: float) -> float:
        """Picture pixels → cells, fractional, in the frame."""
        return self.left + x / self.width * self.columns

    def row(self, y: float) -> float:
        return self.top + y / self.height * self.rows

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The cell under a point; one outside the picture is drawn on its edge."""
        return self._inside_across(math.floor(self.column(x))), self._inside_down(math.floor(self.row(y)))

    def box(self, x1: float, y1: float, x2: float, y2: float) -> CellBox:
        """The cells that a box touches, cut to the picture."""
        left, top = self.cell(x1, y1)
        right = max(left, self._inside_across(math.ceil(self.column(x2)) - 1))
        bottom = max(top, self._inside_down(math.ceil(self.row(y2)) - 1))
        return CellBox(left, top, right, bottom)

    def holds(self, column: int, row: int) -> bool:
        return self.left <= column < self.left + self.columns and self.top <= row < self.top + self.rows

    def _inside_across(self, column: int) -> int:
        return min(max(column, self.left), self.left + self.columns - 1)

    def _inside_down(self, row: int) -> int:
        return min(max(row, self.top), self.top + self.rows - 1)
