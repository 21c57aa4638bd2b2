"""A grid of cells that is painted once and then frozen into a frame.

Colours are 0xRRGGBB integers or None (the terminal's own): a hundred columns by sixty rows are six thousand cells, and
integers in flat lists keep painting them within a few milliseconds without numpy.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

Colour = int | None


_BLOCKS = frozenset("▘▝▀▖▌▞▛▗▚▐▜▄▙▟")
"""Characters whose two colours are both the picture's."""
_LEGIBLE = 55_000
"""Least difference in luminance at which a thin line is seen well on what lies behind it."""


def packed(rgb: tuple[int, int, int]) -> int:
    """Red, green and blue in one integer."""
    return rgb[0] << 16 | rgb[1] << 8 | rgb[2]


def unpacked(colour: int) -> tuple[int, int, int]:
    """The inverse of `packed`."""
    return colour >> 16, colour >> 8 & 255, colour & 255


def luminance(colour: int) -> int:
    """Rec. 601 luma, 0…255 000."""
    red, green, blue = unpacked(colour)
    return 299 * red + 587 * green + 114 * blue


def darkened(colour: int) -> int:
    """Half as bright, all three channels at once."""
    return (colour & 0xFEFEFE) >> 1


def shaded(colour: int) -> int:
    """Five eighths as bright."""
    return darkened(colour) + ((colour & 0xF8F8F8) >> 3)


def lightened(colour: int) -> int:
    """Three eighths of the way to white."""
    return shaded(colour) + 0x5F5F5F


def _apart(one: int, other: int) -> int:
    return abs(luminance(one) - luminance(other))


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cells of one style."""

    text: str
    foreground: Colour = None
    background: Colour = None
    bold: bool = False


RUN_BYTES = 200
"""Of one run with its text and its place in the row, as CPython holds them; a little more than was measured."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A finished picture in cells; every row is exactly `width` cells wide."""

    width: int
    height: int
    rows: tuple[tuple[Run, ...], ...]

    @property
    def weight(self) -> int:
        """Bytes that it takes in memory, roughly."""
        return RUN_BYTES * sum(map(len, self.rows))

    def text(self) -> str:
        """The characters alone."""
        return "\n".join("".join(run.text for run in row) for row in self.rows)


class Canvas:
    """Cells that can be painted over."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.characters: list[str] = [" "] * (width * height)
        """One per cell; the cell after a wide character holds the empty string."""
        self.foreground: list[Colour] = [None] * (width * height)
        self.background: list[Colour] = [None] * (width * height)
        self.bold = bytearray(width * height)

    def put(
        self, column: int, row: int, character: str, foreground: Colour, background: Colour = None, *, bold: bool = False
    ) -> None:
        """Paint one narrow character; outside the canvas nothing happens. Half a wide character left behind is blanked."""
        if not (0 <= column < self.width and 0 <= row < self.height):
            return
        at = row * self.width + column
        if self.characters[at] == "" and column:
            self.characters[at - 1] = " "
        if column + 1 < self.width and self.characters[at + 1] == "":
            self.characters[at + 1] = " "
        self.characters[at] = character
        self.foreground[at] = foreground
        self.background[at] = background
        self.bold[at] = bold

    def write(
        self, column: int, row: int, text: str, foreground: Colour, background: Colour = None, *, bold: bool = False
    ) -> None:
        """Paint text to the right of a cell; it must fit (see `rich.cells.set_cell_size`)."""
        for character in text:
            width = cell_len(character)
            if width == 0:
                continue
            self.put(column, row, character, foreground, background, bold=bold)
            if width == 2:
                self.put(column + 1, row, " ", foreground, background, bold=bold)
                if 0 <= row < self.height and 0 < column + 1 < self.width:
                    self.characters[row * self.width + column + 1] = ""
            column += width

    def beneath(self, column: int, row: int, ink: Colour) -> Colour:
        """What a character of colour `ink` should have behind it: the mean of the picture's two colours, darker; or lighter
        where a dark `ink` would be hard to tell from it. So an outline has a casing on any picture."""
        at = row * self.width + column
        upper, lower = self.foreground[at], self.background[at]
        if lower is None or upper is None or ink is None:
            return lower
        mean = ((upper & 0xFEFEFE) >> 1) + ((lower & 0xFEFEFE) >> 1) if self.characters[at] in _BLOCKS else lower
        return next(
            (ground for ground in (shaded(mean), darkened(mean)) if _apart(ground, ink) >= _LEGIBLE),
            max(darkened(mean), lightened(mean), key=lambda ground: _apart(ground, ink)),
        )

    def frozen(self) -> Frame:
        return Frame(self.width, self.height, tuple(self._runs(row) for row in range(self.height)))

    def _runs(self, row: int) -> tuple[Run, ...]:
        runs: list[Run] = []
        start = row * self.width
        end = start + self.width
        while start < end:
            style = (self.foreground[start], self.background[start], self.bold[start])
            stop = start + 1
            while stop < end and (self.foreground[stop], self.background[stop], self.bold[stop]) == style:
                stop += 1
            runs.append(Run("".join(self.characters[start:stop]), style[0], style[1], bool(style[2])))
            start = stop
        return tuple(runs)
