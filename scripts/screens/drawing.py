"""A terminal's cells as a picture. What terminals draw by themselves, so that it joins from cell to cell, is drawn here too:
blocks, lines and Braille; letters come from fonts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageColor, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont
from rich.cells import cell_len

from backend.export.fonts import font_for, writes
from scripts.screens.terminal import BACKGROUND, Cell

CELL = WIDTH, HEIGHT = 12, 24
"""Pixels of a cell."""
_BASELINE = 18
_SIZE = 20
"""Of the letters: their advance is then a cell's width (0.602 em in DejaVu Sans Mono)."""
_MARGIN = 12
_FACES = {(False, False): "", (True, False): "-Bold", (False, True): "-Oblique", (True, True): "-BoldOblique"}

Rgb = tuple[int, ...]
Edges = tuple[float, float, float, float]

_EIGHTHS = {0x2580: (0, 0, 8, 4), 0x2590: (4, 0, 8, 8), 0x2594: (0, 0, 8, 1), 0x2595: (7, 0, 8, 8)}
"""Blocks of one rectangle: left, top, right and bottom in eighths of a cell (Unicode, Block Elements)."""
_EIGHTHS |= {0x2580 + part: (0, 8 - part, 8, 8) for part in range(1, 9)}
_EIGHTHS |= {0x2588 + part: (0, 0, 8 - part, 8) for part in range(1, 8)}
_QUADRANTS = {0x2596: "c", 0x2597: "d", 0x2598: "a", 0x2599: "acd", 0x259A: "ad", 0x259B: "abc", 0x259C: "abd", 0x259D: "b"}
_QUADRANTS |= {0x259E: "bc", 0x259F: "bcd"}
"""`a` and `b` above, `c` and `d` below, from left to right."""
_LINES = {"─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "rud", "┤": "lud", "┬": "lrd", "┴": "lru"}
_LINES |= {"┼": "lrud", "╭": "rd", "╮": "ld", "╰": "ru", "╯": "lu", "╴": "l", "╵": "u", "╶": "r", "╷": "d"}
"""Which edges of its cell a line reaches: left, right, up, down."""
_HEAVY = dict(zip("━┃┏┓┗┛┣┫┳┻╋", ("lr", "ud", "rd", "ld", "ru", "lu", "rud", "lud", "lrd", "lru", "lrud"), strict=True))
_ROUND = {"╭": (1, 1, 180), "╮": (-1, 1, 270), "╰": (1, -1, 90), "╯": (-1, -1, 0)}
"""Where the middle of the arc lies, right and below, and the angle at which it begins."""
_BRAILLE = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of each bit's dot."""


def drawn(rows: Sequence[Sequence[Cell]]) -> Image.Image:
    """The screen, with a margin around it."""
    size = len(rows[0]) * WIDTH + 2 * _MARGIN, len(rows) * HEIGHT + 2 * _MARGIN
    image = Image.new("RGB", size, _rgb(_commonest(rows)))
    pen = ImageDraw.Draw(image)
    placed: list[tuple[Cell, int, int]] = []
    for row, cells in enumerate(rows):
        placed += [(cell, _MARGIN + column * WIDTH, _MARGIN + row * HEIGHT) for column, cell in enumerate(cells)]
    for cell, x, y in placed:  # all of them before the letters, of which some are wider than their cell
        pen.rectangle((x, y, x + WIDTH - 1, y + HEIGHT - 1), fill=_rgb(cell.background))
        if cell.part is not None:
            image.paste(cell.part.resize(CELL, Image.Resampling.LANCZOS), (x, y))
    for cell, x, y in placed:
        if cell.text.strip():
            _draw(pen, cell, x, y)
    return image


def _commonest(rows: Sequence[Sequence[Cell]]) -> str:
    """The ground at the screen's edge."""
    edge = [cell.background for row in (rows[0], rows[-1]) for cell in row]
    return max(set(edge), key=edge.count, default=BACKGROUND)


def _draw(pen: ImageDraw.ImageDraw, cell: Cell, x: int, y: int) -> None:
    ground, colour = _rgb(cell.background), _rgb(cell.foreground)
    if cell.faint:
        colour = tuple((one + other) // 2 for one, other in zip(colour, ground, strict=True))
    char, code = cell.text[0], ord(cell.text[0])
    if code in _EIGHTHS:
        _fill(pen, x, y, _EIGHTHS[code], colour)
    elif code in _QUADRANTS:
        for part in _QUADRANTS[code]:
            left, top = 4 * (part in "bd"), 4 * (part in "cd")
            _fill(pen, x, y, (left, top, left + 4, top + 4), colour)
    elif 0x2801 <= code <= 0x28FF:
        _dots(pen, x, y, code - 0x2800, colour)
    elif char in _LINES or char in _HEAVY:
        _line(pen, x, y, char, colour)
    else:
        middle = x + cell_len(cell.text) * WIDTH / 2
        pen.text((middle, y + _BASELINE), cell.text, fill=colour, font=_font(cell), anchor="ms")
    if cell.underlined:
        pen.line((x, y + _BASELINE + 3, x + WIDTH - 1, y + _BASELINE + 3), fill=colour)


def _fill(pen: ImageDraw.ImageDraw, x: int, y: int, eighths: Edges, colour: Rgb) -> None:
    left, right = (x + at * WIDTH / 8 for at in eighths[::2])
    top, bottom = (y + at * HEIGHT / 8 for at in eighths[1::2])
    pen.rectangle((left, top, right - 1, bottom - 1), fill=colour)


def _dots(pen: ImageDraw.ImageDraw, x: int, y: int, bits: int, colour: Rgb) -> None:
    for bit, (column, row) in enumerate(_BRAILLE):
        if bits >> bit & 1:
            left, top = x + column * WIDTH // 2 + 1, y + row * HEIGHT // 4 + 1
            pen.ellipse((left, top, left + 3, top + 3), fill=colour)


def _line(pen: ImageDraw.ImageDraw, x: int, y: int, char: str, colour: Rgb) -> None:
    width = 4 if char in _HEAVY else 2
    middle_x, middle_y = x + WIDTH // 2, y + HEIGHT // 2
    if char in _ROUND:
        right, down, start = _ROUND[char]
        radius = WIDTH // 2
        centre = middle_x + right * radius, middle_y + down * radius
        box = (centre[0] - radius - 1, centre[1] - radius - 1, centre[0] + radius, centre[1] + radius)
        pen.arc(box, start, start + 90, fill=colour, width=width)
        far = y + HEIGHT - 1 if down > 0 else y
        pen.rectangle((middle_x - 1, min(centre[1], far), middle_x, max(centre[1], far)), fill=colour)
        return
    half = width // 2
    for edge in _LINES.get(char) or _HEAVY[char]:
        left, right = (x if edge == "l" else middle_x - half), (x + WIDTH - 1 if edge == "r" else middle_x + half - 1)
        top, bottom = (y if edge == "u" else middle_y - half), (y + HEIGHT - 1 if edge == "d" else middle_y + half - 1)
        pen.rectangle((left, top, right, bottom), fill=colour)


def _font(cell: Cell) -> FreeTypeFont:
    """That of fixed width where it has the letter, else whichever has it."""
    fixed = _fixed(_FACES[cell.bold, cell.italic])
    if writes(fixed, cell.text):
        return fixed
    other = font_for(cell.text, _SIZE)
    if other is None:
        sys.exit(f"no font here has {cell.text} (Debian: fonts-dejavu, fonts-wqy-zenhei)")
    return other


@cache
def _fixed(face: str) -> FreeTypeFont:
    try:
        return ImageFont.truetype(f"DejaVuSansMono{face}.ttf", _SIZE)
    except OSError:
        sys.exit(f"the font DejaVuSansMono{face}.ttf is not here (Debian: fonts-dejavu)")


def _rgb(colour: str) -> Rgb:
    return ImageColor.getrgb(f"#{colour}")
