"""Straight lines at any angle, for the edges of solid boxes.

Braille dots resolve a cell into 2×4, so a receding edge stays a line; in ASCII each cell takes the stroke nearest to the
line's slope. Lines are cut to the picture first: a projected corner may lie thousands of pixels outside it.
"""

from __future__ import annotations

import math

from backend.spatial.box3d import Segment
from tui.preview.canvas import Canvas
from tui.preview.geometry import Fit

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Braille dot bits by row and column within the cell."""


def clip(segment: Segment, width: float, height: float) -> Segment | None:
    """The part of a segment inside 0…width × 0…height (Liang–Barsky), None where nothing is."""
    (x1, y1), (x2, y2) = segment
    if not all(map(math.isfinite, (x1, y1, x2, y2))):
        return None
    dx, dy = x2 - x1, y2 - y1
    first, last = 0.0, 1.0
    for step, room in ((-dx, x1), (dx, width - x1), (-dy, y1), (dy, height - y1)):
        if step == 0:
            if room < 0:
                return None
            continue
        at = room / step
        if step < 0:
            first = max(first, at)
        else:
            last = min(last, at)
    if first > last:
        return None
    return (x1 + first * dx, y1 + first * dy), (x1 + last * dx, y1 + last * dy)


def visible(segment: Segment, fit: Fit) -> Segment | None:
    """The part of a segment that lies in what is shown of the picture, None where nothing does."""
    seen = fit.seen
    (x1, y1), (x2, y2) = segment
    cut = clip(((x1 - seen.left, y1 - seen.top), (x2 - seen.left, y2 - seen.top)), seen.width, seen.height)
    if cut is None:
        return None
    (x1, y1), (x2, y2) = cut
    return (x1 + seen.left, y1 + seen.top), (x2 + seen.left, y2 + seen.top)


def draw_segments(
    canvas: Canvas, fit: Fit, segments: tuple[Segment, ...], colour: int | None, *, unicode: bool, bold: bool = False
) -> None:
    """Draw the edges of one solid in one colour."""
    inside = [cut for segment in segments if (cut := visible(segment, fit)) is not None]
    cells = _braille(fit, inside) if unicode else _strokes(fit, inside)
    for (column, row), character in cells.items():
        canvas.put(column, row, character, colour, canvas.beneath(column, row, colour), bold=bold)


def _braille(fit: Fit, segments: list[Segment]) -> dict[tuple[int, int], str]:
    dots: dict[tuple[int, int], int] = {}
    for (x1, y1), (x2, y2) in segments:
        ca, ra = fit.column(x1) * 2, fit.row(y1) * 4
        cb, rb = fit.column(x2) * 2, fit.row(y2) * 4
        steps = max(1, math.ceil(max(abs(cb - ca), abs(rb - ra))))
        for step in range(steps + 1):
            across = math.floor(ca + (cb - ca) * step / steps)
            down = math.floor(ra + (rb - ra) * step / steps)
            cell = (across // 2, down // 4)
            if fit.holds(*cell):
                dots[cell] = dots.get(cell, 0) | _DOTS[down % 4][across % 2]
    return {cell: chr(0x2800 + bits) for cell, bits in dots.items()}


def _strokes(fit: Fit, segments: list[Segment]) -> dict[tuple[int, int], str]:
    cells: dict[tuple[int, int], str] = {}
    for (x1, y1), (x2, y2) in segments:
        ca, ra, cb, rb = fit.column(x1), fit.row(y1), fit.column(x2), fit.row(y2)
        stroke = _stroke(cb - ca, (rb - ra) * 2)
        steps = max(1, math.ceil(max(abs(cb - ca), abs(rb - ra)) * 2))
        for step in range(steps + 1):
            cell = (math.floor(ca + (cb - ca) * step / steps), math.floor(ra + (rb - ra) * step / steps))
            if fit.holds(*cell):
                cells[cell] = stroke
    return cells


def _stroke(across: float, down: float) -> str:
    """The character nearest to a direction; `down` in the same unit as `across`."""
    if abs(down) < abs(across) * 0.4:
        return "-"
    if abs(across) < abs(down) * 0.4:
        return "|"
    return "\\" if (across > 0) == (down > 0) else "/"
