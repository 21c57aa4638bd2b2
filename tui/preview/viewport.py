"""Which part of a picture is looked at: its centre and how far it is enlarged, whatever the size of picture and terminal.

A value that follows from keys alone; how many pixels it shows is decided where both sizes are known, and only there. So a
window that is dragged larger, or the next frame of a film, is looked at in the same way.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from backend.scene import Window

STEP = 1.5
"""One key's enlargement."""
STRIDE = 0.25
"""Of what is seen, how far one key goes to the side."""
_DOTS_FOR_A_PIXEL = 4.0
"""The largest that a pixel of the original is shown, in dots of the terminal: beyond that there is nothing more to be seen."""
_LEAST_MOST = 4.0
"""How far even the smallest picture can be enlarged."""


@dataclass(frozen=True, slots=True)
class Room:
    """A picture of `width` × `height` pixels before `columns` × `rows` cells."""

    width: int
    height: int
    columns: int
    rows: int
    aspect: float = 2.0
    """How much taller than wide a cell is."""

    @property
    def scale(self) -> float:
        """Columns for one pixel of the picture where all of it is seen."""
        return min(self.columns / self.width, self.aspect * self.rows / self.height)

    def most(self, dots: int) -> float:
        """The largest zoom, on cells that are `dots` picture elements wide."""
        return max(_LEAST_MOST, _DOTS_FOR_A_PIXEL / (self.scale * dots))


@dataclass(frozen=True, slots=True)
class Viewport:
    """`x`, `y`: the centre, in shares of the picture's sides. `zoom`: 1 shows the whole picture, 2 all twice as large."""

    x: float = 0.5
    y: float = 0.5
    zoom: float = 1.0

    @property
    def is_whole(self) -> bool:
        return self.zoom <= 1.0

    def window(self, room: Room) -> Window:
        """What is seen, in pixels of the upright original: as much around the centre as fills the cells, and never anything
        beside the picture."""
        scale = room.scale * max(1.0, self.zoom)
        width = min(float(room.width), room.columns / scale)
        height = min(float(room.height), room.aspect * room.rows / scale)
        left = min(max(self.x * room.width - width / 2, 0.0), room.width - width)
        top = min(max(self.y * room.height - height / 2, 0.0), room.height - height)
        return Window(left, top, width, height)

    def zoomed(self, room: Room, factor: float, most: float, at: tuple[float, float] | None = None) -> Viewport:
        """Enlarged by `factor`, up to `most`; `at`: the pixel of the original that becomes the centre."""
        zoom = min(max(self.zoom * factor, 1.0), max(most, 1.0))
        if zoom < 1.0 + 1e-6:
            return WHOLE
        x, y = (at[0] / room.width, at[1] / room.height) if at is not None else (self.x, self.y)
        return Viewport(x, y, zoom).settled(room)

    def panned(self, room: Room, across: float, down: float) -> Viewport:
        """Moved by shares of what is seen, to the right and down, as far as there is picture."""
        seen = self.window(room)
        return replace(
            self,
            x=(seen.left + seen.width * (0.5 + across)) / room.width,
            y=(seen.top + seen.height * (0.5 + down)) / room.height,
        ).settled(room)

    def showing(self, room: Room, corners: tuple[float, float, float, float]) -> Viewport:
        """Moved only if the rectangle `corners` (x1, y1, x2, y2, pixels of the original) is not seen whole, or does not fill
        what is seen: then its centre becomes that of what is seen."""
        seen = self.window(room)
        x1, y1, x2, y2 = corners
        across = _seen_or_filling(x1, x2, seen.left, seen.left + seen.width)
        down = _seen_or_filling(y1, y2, seen.top, seen.top + seen.height)
        if not all(map(math.isfinite, corners)) or (across and down):
            return self
        x = self.x if across else (x1 + x2) / 2 / room.width
        y = self.y if down else (y1 + y2) / 2 / room.height
        return replace(self, x=x, y=y).settled(room)

    def settled(self, room: Room) -> Viewport:
        """With the centre where it is in fact, so that the next key moves at once, not only what was beside the picture."""
        seen = self.window(room)
        return replace(self, x=(seen.left + seen.width / 2) / room.width, y=(seen.top + seen.height / 2) / room.height)


def _seen_or_filling(start: float, end: float, first: float, last: float) -> bool:
    """Whether start…end lies in first…last, or goes beyond it on both sides."""
    return (first <= start and end <= last) or (start <= first and last <= end)


WHOLE = Viewport()
