"""Changes on a picture in pixels of the screen: the marks of `tui.preview.changes` with the strokes of exported pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.export.chips import Label, draw_labels, shortened
from backend.export.fonts import font_for
from backend.export.palette import Rgb
from backend.export.strokes import Line, Rect, draw_lines, draw_rectangle
from tui.preview.views import Ground

_DASH = 4
"""Length of a dash, and of the gap after it, in widths of the line."""


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """One change, in pixels of the upright original."""

    colour: Rgb
    here: Rect | None
    """Where the thing is."""
    there: Rect | None
    """Where it was."""
    lines: Sequence[Line]
    """The arrow of its way, or the cross over what is gone."""
    texts: Sequence[str]
    """What is written at it, the shorter ones for where there is no font for the others."""
    bold: bool = False


def paint_changes(ground: Ground, marks: Sequence[ChangeMark]) -> None:
    """Draw them in that order, and then what is written."""
    labels: list[Label] = []
    for mark in marks:
        pen = replace(ground.pen, line=round(ground.pen.line * 1.5)) if mark.bold else ground.pen
        if mark.there is not None:
            draw_lines(ground.image, _dashed(_placed(ground, mark.there), _DASH * pen.line), pen, mark.colour)
        if mark.here is not None:
            draw_rectangle(ground.image, _placed(ground, mark.here), pen, mark.colour)
        draw_lines(ground.image, [(ground.at(*start), ground.at(*end)) for start, end in mark.lines], pen, mark.colour)
        place = mark.here or mark.there
        if place is not None and mark.texts and (label := _label(ground, mark, _placed(ground, place))) is not None:
            labels.append(label)
    draw_labels(ground.image, labels)


def _placed(ground: Ground, rect: Rect) -> Rect:
    return *ground.at(*rect[:2]), *ground.at(*rect[2:])


def _label(ground: Ground, mark: ChangeMark, anchor: Rect) -> Label | None:
    width, height = ground.image.size
    if anchor[0] > width or anchor[1] > height or anchor[2] < 0 or anchor[3] < 0:
        return None
    for text in mark.texts:
        if (font := font_for(text, ground.pen.text)) is not None:
            fitting = shortened(text, font, width)
            return Label(fitting, font, mark.colour, anchor) if fitting else None
    return None


def _dashed(rect: Rect, length: float) -> list[Line]:
    left, top, right, bottom = rect
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    dashes: list[Line] = []
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        whole = max(abs(x2 - x1), abs(y2 - y1))
        count = min(400, int(whole / (2 * length)) + 1)
        for n in range(count):
            start, end = (min(1.0, 2 * n * length / whole), min(1.0, (2 * n + 1) * length / whole)) if whole else (0.0, 0.0)
            dashes.append(((x1 + (x2 - x1) * start, y1 + (y2 - y1) * start), (x1 + (x2 - x1) * end, y1 + (y2 - y1) * end)))
    return dashes
