"""Where a picture, or a part of it, lies among the cells, and which cells a box in its pixels covers.

A terminal cell is taken to be twice as tall as wide where the terminal does not say better. Cells are counted from the top
left of the frame; a box covers every cell it touches, so that no finding is ever too small to be drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from backend.scene import Window


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
    part: Window | None = None
    """What of the picture is shown there, where it is not all of it."""

    @classmethod
    def into(cls, width: int, height: int, columns: int, rows: int, aspect: float = 2.0, part: Window | None = None) -> Fit:
        """The largest centred place for the picture, or a part of it, in `columns` × `rows` cells that keeps its shape (at
        least one cell). `aspect`: how much taller than wide a cell is."""
        seen = part or Window(0.0, 0.0, float(width), float(height))
        scale = min(columns / seen.width, aspect * rows / seen.height)
        across = min(columns, max(1, round(seen.width * scale)))
        down = min(rows, max(1, round(seen.height * scale / aspect)))
        return cls(width, height, (columns - across) // 2, (rows - down) // 2, across, down, part)

    @property
    def seen(self) -> Window:
        """What is shown, in pixels of the picture."""
        return self.part or Window(0.0, 0.0, float(self.width), float(self.height))

    def column(self, x: float) -> float:
        """Picture pixels → cells, fractional, in the frame."""
        if self.part is None:
            return self.left + x / self.width * self.columns
        return self.left + (x - self.part.left) / self.part.width * self.columns

    def row(self, y: float) -> float:
        if self.part is None:
            return self.top + y / self.height * self.rows
        return self.top + (y - self.part.top) / self.part.height * self.rows

    def pixel(self, column: float, row: float) -> tuple[float, float]:
        """The inverse of both: a place among the cells → pixels of the picture."""
        seen = self.seen
        return (
            seen.left + (column - self.left) / self.columns * seen.width,
            seen.top + (row - self.top) / self.rows * seen.height,
        )

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The cell under a point; one outside of what is shown is drawn on its edge."""
        return self._inside_across(math.floor(self.column(x))), self._inside_down(math.floor(self.row(y)))

    def box(self, x1: float, y1: float, x2: float, y2: float) -> CellBox:
        """The cells that a box touches, cut to what is shown."""
        left, top = self.cell(x1, y1)
        right = max(left, self._inside_across(math.ceil(self.column(x2)) - 1))
        bottom = max(top, self._inside_down(math.ceil(self.row(y2)) - 1))
        return CellBox(left, top, right, bottom)

    def outline(self, x1: float, y1: float, x2: float, y2: float) -> CellBox | None:
        """Where the edges of a box are drawn: as `box`, but an edge that lies in a part of the picture which is not shown is
        one cell beside the picture (`holds` tells). None where nothing of the box is shown."""
        x1, x2 = (min(max(x, 0.0), float(self.width)) for x in (x1, x2))
        y1, y2 = (min(max(y, 0.0), float(self.height)) for y in (y1, y2))
        if not self.shows(x1, y1, x2, y2):
            return None
        seen, inside = self.seen, self.box(x1, y1, x2, y2)
        return CellBox(
            inside.left if x1 >= seen.left else self.left - 1,
            inside.top if y1 >= seen.top else self.top - 1,
            inside.right if x2 <= seen.left + seen.width else self.left + self.columns,
            inside.bottom if y2 <= seen.top + seen.height else self.top + self.rows,
        )

    def shows(self, x1: float, y1: float, x2: float, y2: float) -> bool:
        """Whether anything of a rectangle is shown; all of one that lies beside the whole picture is, on its edge."""
        if self.part is None:
            return True
        x1, x2 = (min(max(x, 0.0), float(self.width)) for x in (x1, x2))
        y1, y2 = (min(max(y, 0.0), float(self.height)) for y in (y1, y2))
        part = self.part
        return x2 >= part.left and x1 <= part.left + part.width and y2 >= part.top and y1 <= part.top + part.height

    def holds(self, column: int, row: int) -> bool:
        return self.left <= column < self.left + self.columns and self.top <= row < self.top + self.rows

    def _inside_across(self, column: int) -> int:
        return min(max(column, self.left), self.left + self.columns - 1)

    def _inside_down(self, row: int) -> int:
        return min(max(row, self.top), self.top + self.rows - 1)
