"""Frames as Textual strips.

Styles are made once per pair of colours and kept: a photograph has thousands of them on one screen, and the next frame
of the same picture has the same ones again.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.preview.canvas import Colour, Frame, Run, unpacked


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
    """Every row of a frame."""
    return [strip(row, frame.width, under) for row in frame.rows]
