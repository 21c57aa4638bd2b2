"""What a terminal makes of what the app writes: cells in their colours, and the pictures that kitty's protocol hands over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np
import pyte
from PIL import Image
from pyte.graphics import FG_BG_256
from textual.drivers.headless_driver import HeadlessDriver

from tests.tui.preview.decoders import Kitty
from tui.preview.kitty import DIACRITICS, PLACEHOLDER

FOREGROUND, BACKGROUND = "d0d4dc", "0f1419"
"""Where a program names no colour."""
_COMMAND = re.compile(r"\x1b_[^\x1b]*\x1b\\")
pyte.graphics.TEXT[2] = "+blink"  # it passes over faint letters; nothing blinks in the app


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, or the first of two that hold one wide letter; the second is empty."""

    text: str
    foreground: str
    background: str
    """Both as six hexadecimal digits."""
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    faint: bool = False
    part: Image.Image | None = None
    """What it shows of a picture, of whatever size."""


class Terminal:
    """Of that many columns and rows."""

    def __init__(self, columns: int, rows: int) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._pictures = Kitty()

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Apps that run without a terminal have this one meanwhile."""

        def write(_driver: HeadlessDriver, data: str) -> None:
            self.write(data)

        with (
            patch.object(HeadlessDriver, "is_headless", False),  # for which Textual leaves out the last step of drawing
            patch.object(HeadlessDriver, "write", write),
        ):
            yield

    def write(self, data: str) -> None:
        """What a program writes, in pieces that break no escape sequence."""
        self._pictures.read(data)
        self._stream.feed(_COMMAND.sub("", data))

    def rows(self) -> list[list[Cell]]:
        """Of the whole screen, from above."""
        buffer = self._screen.buffer
        return [
            [self._cell(buffer[row][column]) for column in range(self._screen.columns)] for row in range(self._screen.lines)
        ]

    def _cell(self, char: Any) -> Cell:
        foreground = FOREGROUND if char.fg == "default" else char.fg
        background = BACKGROUND if char.bg == "default" else char.bg
        if char.reverse:
            foreground, background = background, foreground
        if char.data.startswith(PLACEHOLDER):
            return Cell(" ", foreground, background, part=self._part(char.data[1:], char.fg))
        return Cell(char.data, foreground, background, char.bold, char.italics, char.underscore, char.blink)

    def _part(self, marks: str, colour: str) -> Image.Image:
        """The marks name row, column and the highest byte of the picture's number, the colour its lowest."""
        row, column, high = map(DIACRITICS.index, marks)
        number = next(one for one in self._pictures.pictures if one >> 24 == high and FG_BG_256[one & 255] == colour)
        pixels, (columns, rows) = self._pictures.pictures[number], self._pictures.places[number]
        height, width = pixels.shape[:2]
        top, bottom = (round(height * edge / rows) for edge in (row, row + 1))
        left, right = (round(width * edge / columns) for edge in (column, column + 1))
        return Image.fromarray(pixels[top:bottom, left:right].astype(np.uint8))
