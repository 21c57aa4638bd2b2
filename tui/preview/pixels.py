"""A picture in pixels of the screen, and how it gets there beside the cells.

The compositor writes cells: whole rows when a picture appears, and parts of rows when something that lay over it goes. So a
picture is asked for pieces of rows as well. One whose cells carry it (kitty) answers with all that draws the piece. One that
lies on top of the cells (sixel) answers with blanks, and the ledger remembers that they need painting, which happens once the
compositor is through: as few and as large paintings as possible, since terminals bound how many they keep (xterm: 16).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from tui.preview.canvas import RUN_BYTES, Frame

Spot = tuple[int, int]
"""Column and row on the screen, from 0."""


@dataclass(frozen=True, slots=True)
class Patch:
    """Cells of a picture: columns from `left` up to `right`, rows from `top` up to `bottom`."""

    left: int
    top: int
    right: int
    bottom: int


class Pixels(Protocol):
    """One picture on some cells."""

    @property
    def weight(self) -> int:
        """Bytes that it takes in memory, roughly."""
        ...

    def piece(self, patch: Patch, at: Spot, ledger: Ledger) -> str:
        """What draws a part of one row, with the cursor on its first cell `at` and left behind its last."""
        ...


class Painted(Pixels, Protocol):
    """A picture that lies on top of the cells."""

    def painting(self, patch: Patch) -> str:
        """What paints a part of it, with the cursor on the part's first cell; it ends somewhere."""
        ...


@dataclass(slots=True)
class _Held:
    """One picture that the terminal was sent."""

    digest: bytes
    remove: str


@dataclass(slots=True)
class Ledger:
    """What the terminal holds of pictures, and what it still has to be sent. Belongs to the event loop.

    The longest unused picture goes when there are too many: a terminal bounds what it keeps as well (kitty: 320 MB) and drops
    the rest in silence, so this limit has to be the lower.
    """

    limit: int = 12
    _held: dict[int, _Held] = field(default_factory=dict)
    _damaged: list[tuple[Painted, Patch, Spot]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._held)

    def first(self, number: int, digest: bytes, send: Callable[[], str], remove: str) -> str:
        """What has to be written before the picture `number` is shown: nothing where the terminal has it already."""
        held = self._held.pop(number, None)
        if held is not None and held.digest == digest:
            self._held[number] = held
            return ""
        gone = [self._held.pop(old).remove for old in list(self._held)[: max(0, len(self._held) + 1 - self.limit)]]
        self._held[number] = _Held(digest, remove)
        return "".join([*gone, send()])

    def damage(self, picture: Painted, patch: Patch, at: Spot) -> None:
        """The cells of a part of a row have just been blanked, and need painting."""
        if self._damaged:
            last, above, spot = self._damaged[-1]
            if last is picture and (above, spot) == (patch, at):
                return
            joins = (above.left, above.right, above.bottom) == (patch.left, patch.right, patch.top)
            if last is picture and joins and (spot[0], spot[1] + above.bottom - above.top) == at:
                self._damaged[-1] = picture, Patch(above.left, above.top, above.right, patch.bottom), spot
                return
        self._damaged.append((picture, patch, at))

    def repairs(self) -> str:
        """What paints all that was damaged since the last time; the cursor ends where it was."""
        painted = [
            f"\x1b7\x1b[{row + 1};{column + 1}H{picture.painting(patch)}\x1b8"
            for picture, patch, (column, row) in self._damaged
        ]
        self._damaged.clear()
        return "".join(painted)

    def forget(self) -> None:
        """Another terminal is there, which holds nothing."""
        self._held.clear()

    def clear(self) -> str:
        """What takes all pictures out of the terminal; whatever is shown afterwards is sent anew."""
        gone = "".join(held.remove for held in self._held.values())
        self._held.clear()
        self._damaged.clear()
        return gone


@dataclass(frozen=True, slots=True)
class PixelFrame(Frame):
    """A frame whose picture is drawn in pixels. Its cells are the same in half-blocks: what is seen of it below a dialog, and
    on a screenshot."""

    pixels: Pixels
    place: Patch
    """The cells of the frame that the picture takes."""
    holes: tuple[Patch, ...] = ()
    """Parts of single rows that are cells nevertheless, from left to right."""

    @property
    def weight(self) -> int:
        return RUN_BYTES * sum(map(len, self.rows)) + self.pixels.weight
