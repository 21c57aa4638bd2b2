"""The picture itself on the canvas: two square pixels a cell as half-blocks, finer mosaics, or one character of a ramp."""

from __future__ import annotations

import math

from PIL import Image

from backend.scene import Picture, Window
from tui.preview import mosaic
from tui.preview.canvas import Canvas, darkened, luminance
from tui.preview.capabilities import Capabilities
from tui.preview.geometry import CellBox, Fit

_RAMP = " .:-=+*#%@"
"""From black to white, for light characters on a dark background."""
_MARGIN = 4
"""Pixels around a part that the resampling may look at."""


def sample(picture: Picture, fit: Fit, capabilities: Capabilities) -> bytes:
    """What is shown of the picture at the terminal's resolution, RGB rows. The slow half of a frame; findings do not change
    it."""
    across, down = capabilities.dots
    columns, rows = fit.columns * across, fit.rows * down
    image, box = _stored(picture, fit.part)
    shrinks = columns < box[2] - box[0] and rows < box[3] - box[1]
    enlarging = Image.Resampling.BOX if fit.part is None else Image.Resampling.BICUBIC
    return image.resize(
        (columns, rows),
        Image.Resampling.HAMMING if shrinks else enlarging,
        box=box,
        reducing_gap=2.0 if shrinks else None,
    ).tobytes()


def _stored(picture: Picture, part: Window | None) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """The pixels that are held of a part, with a margin for the filter, and where in them the part lies. Only these are
    brought into Pillow's own layout: for a whole photograph that alone would take longer than a key may."""
    width, height = picture.stored_size
    if part is None:
        return Image.frombuffer("RGB", (width, height), picture.rgb, "raw", "RGB", 0, 1), (0, 0, width, height)
    by_x, by_y = width / picture.width, height / picture.height
    x1, y1 = part.left * by_x, part.top * by_y
    x2, y2 = min((part.left + part.width) * by_x, width), min((part.top + part.height) * by_y, height)
    left, top = max(0, math.floor(x1) - _MARGIN), max(0, math.floor(y1) - _MARGIN)
    right, bottom = min(width, math.ceil(x2) + _MARGIN), min(height, math.ceil(y2) + _MARGIN)
    stride = 3 * width
    rows = picture.rgb[top * stride + 3 * left : (bottom - 1) * stride + 3 * right]
    image = Image.frombuffer("RGB", (right - left, bottom - top), rows, "raw", "RGB", stride, 1)
    return image, (x1 - left, y1 - top, x2 - left, y2 - top)


def coarse(pixels: bytes, fit: Fit, fine: Capabilities, coarse: Capabilities) -> bytes:
    """What was sampled for one way of drawing, brought to the resolution of another that needs less."""
    across, down = fine.dots
    image = Image.frombytes("RGB", (fit.columns * across, fit.rows * down), pixels)
    across, down = coarse.dots
    return image.resize((fit.columns * across, fit.rows * down), Image.Resampling.BOX).tobytes()


def paint(canvas: Canvas, pixels: bytes, fit: Fit, capabilities: Capabilities) -> None:
    """Lay sampled pixels on the canvas."""
    match capabilities.protocol:
        case "quadrants":
            mosaic.quadrants(canvas, pixels, fit)
        case "braille":
            mosaic.braille(canvas, pixels, fit, light=capabilities.light)
        case "ascii":
            _characters(canvas, pixels, fit, capabilities)
        case _:
            _half_blocks(canvas, pixels, fit)


def _half_blocks(canvas: Canvas, pixels: bytes, fit: Fit) -> None:
    colours = [red << 16 | green << 8 | blue for red, green, blue in zip(pixels[0::3], pixels[1::3], pixels[2::3], strict=True)]
    blocks = ["▀"] * fit.columns
    for row in range(fit.rows):
        at = (fit.top + row) * canvas.width + fit.left
        upper = 2 * row * fit.columns
        lower = upper + fit.columns
        canvas.characters[at : at + fit.columns] = blocks
        canvas.foreground[at : at + fit.columns] = colours[upper:lower]
        canvas.background[at : at + fit.columns] = colours[lower : lower + fit.columns]


def _characters(canvas: Canvas, pixels: bytes, fit: Fit, capabilities: Capabilities) -> None:
    steps = len(_RAMP)
    ramp = _RAMP[::-1] if capabilities.light else _RAMP
    for row in range(fit.rows):
        for column in range(fit.columns):
            at = (row * fit.columns + column) * 3
            red, green, blue = pixels[at], pixels[at + 1], pixels[at + 2]
            colour = red << 16 | green << 8 | blue
            cell = (fit.top + row) * canvas.width + fit.left + column
            canvas.characters[cell] = ramp[min(steps - 1, luminance(colour) * steps // 255_001)]
            if capabilities.colour:
                canvas.foreground[cell] = colour


def spotlight(canvas: Canvas, fit: Fit, lit: tuple[CellBox, ...]) -> None:
    """Darken the picture outside the cells `lit`, so that what is selected stands out."""
    for row in range(fit.top, fit.top + fit.rows):
        for column in range(fit.left, fit.left + fit.columns):
            if any(box.left <= column <= box.right and box.top <= row <= box.bottom for box in lit):
                continue
            at = row * canvas.width + column
            if (upper := canvas.foreground[at]) is not None:
                canvas.foreground[at] = darkened(upper)
            if (lower := canvas.background[at]) is not None:
                canvas.background[at] = darkened(lower)
