"""Dual-tone lines: a dark casing with the finding's colour on it, which shows on light, dark and colourful pictures alike.

Upright rectangles fall on whole pixels and are drawn as they are. Slanted lines and rings are drawn enlarged on a mask
of their own and scaled down, because Pillow does not smooth edges.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from PIL import Image, ImageDraw

from backend.export.palette import CASING, Rgb

Spot = tuple[float, float]
"""Pixels of the drawing."""
Line = tuple[Spot, Spot]
Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the drawing."""

_SMOOTHING = 4
"""How much larger a mask is drawn; 16 steps of grey along an edge."""
_SMOOTHED_PIXELS = 2_000_000
"""Larger masks are drawn plain: on them, a line's edge is small."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Widths in pixels of the drawing."""

    line: int
    casing: int
    """Dark rim on either side of the line."""
    text: int
    """Height of the letters' body."""

    @classmethod
    def for_picture(cls, width: int, height: int) -> Self:
        """In proportion to the picture, but never too thin to see; a ribbon counts by its narrow side."""
        measure = min((width * height) ** 0.5, 4 * min(width, height))
        line = max(2, round(measure / 280))
        return cls(line, max(1, round(line / 2)), max(11, round(measure / 42)))


def draw_rectangle(image: Image.Image, rect: Rect, pen: Pen, colour: Rgb) -> None:
    """The line lies inside the rectangle, so that its outer edge is where the box ends; the rims lie on either side."""
    canvas = ImageDraw.Draw(image)
    left, top, right, bottom = rect
    box = [round(left), round(top), max(round(left), round(right) - 1), max(round(top), round(bottom) - 1)]
    rim = [box[0] - pen.casing, box[1] - pen.casing, box[2] + pen.casing, box[3] + pen.casing]
    canvas.rectangle(rim, outline=CASING, width=pen.line + 2 * pen.casing)
    canvas.rectangle(box, outline=colour, width=pen.line)


def draw_lines(image: Image.Image, lines: Sequence[Line], pen: Pen, colour: Rgb) -> Rect | None:
    """Straight lines with round ends, as far as they lie in the picture; returns the rectangle around what is drawn."""
    seen = [cut for line in lines if (cut := clipped(line, image.width, image.height)) is not None]

    def strokes(mask: ImageDraw.ImageDraw, scale: int, shift: Spot, width: float) -> None:
        for line in seen:
            ends = [((x - shift[0]) * scale, (y - shift[1]) * scale) for x, y in line]
            mask.line(ends, fill=255, width=round(width * scale))
            for x, y in ends:
                radius = width * scale / 2
                mask.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)

    bounds = around([end for line in seen for end in line])
    if bounds is not None:
        _paint(image, bounds, pen, colour, strokes)
    return bounds


def draw_ring(image: Image.Image, centre: Spot, radius: float, pen: Pen, colour: Rgb) -> None:
    """A circle around a spot, and the spot itself."""
    x, y = centre

    def strokes(mask: ImageDraw.ImageDraw, scale: int, shift: Spot, width: float) -> None:
        across, down = (x - shift[0]) * scale, (y - shift[1]) * scale
        outer, dot = (radius + width / 2) * scale, width * scale / 2
        mask.ellipse((across - outer, down - outer, across + outer, down + outer), outline=255, width=round(width * scale))
        mask.ellipse((across - dot, down - dot, across + dot, down + dot), fill=255)

    _paint(image, (x - radius, y - radius, x + radius, y + radius), pen, colour, strokes)


def clipped(line: Line, width: float, height: float) -> Line | None:
    """The part of a line inside a picture of that size (Liang and Barsky); None where there is none."""
    (x, y), (to_x, to_y) = line
    enter, leave = 0.0, 1.0
    for start, step, limit in ((x, to_x - x, width), (y, to_y - y, height)):
        if step == 0:
            if not 0 <= start <= limit:
                return None
            continue
        near, far = sorted((-start / step, (limit - start) / step))
        enter, leave = max(enter, near), min(leave, far)
    if enter > leave:
        return None
    return (
        (x + enter * (to_x - x), y + enter * (to_y - y)),
        (x + leave * (to_x - x), y + leave * (to_y - y)),
    )


def around(spots: Sequence[Spot]) -> Rect | None:
    """The upright rectangle around some spots; None around none."""
    if not spots:
        return None
    across, down = [x for x, _ in spots], [y for _, y in spots]
    return min(across), min(down), max(across), max(down)


def _paint(
    image: Image.Image,
    bounds: Rect,
    pen: Pen,
    colour: Rgb,
    strokes: Callable[[ImageDraw.ImageDraw, int, Spot, float], None],
) -> None:
    """Draw the casing and then the line through masks just large enough for what lies within `bounds`."""
    room = pen.line + 2 * pen.casing + 1
    left, top = max(0, int(bounds[0]) - room), max(0, int(bounds[1]) - room)
    right, bottom = min(image.width, int(bounds[2]) + room), min(image.height, int(bounds[3]) + room)
    if left >= right or top >= bottom:
        return
    scale = _SMOOTHING if (right - left) * (bottom - top) <= _SMOOTHED_PIXELS else 1
    for tone, width in ((CASING, pen.line + 2 * pen.casing), (colour, pen.line)):
        mask = Image.new("L", ((right - left) * scale, (bottom - top) * scale))
        strokes(ImageDraw.Draw(mask), scale, (left, top), width)
        image.paste(tone, (left, top), mask.reduce(scale) if scale > 1 else mask)
