"""Finer characters than half-blocks: quadrants hold four pixels in two colours, braille eight dots in none.

Both trade something: of four colours only two survive a quadrant, and braille knows light and dark alone.
"""

from __future__ import annotations

from PIL import Image

from tui.preview.canvas import Canvas
from tui.preview.geometry import Fit

_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By the bits of the lit quarters: 1 upper left, 2 upper right, 4 lower left, 8 lower right (U+2596…259F)."""
_BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bits of the dots by row and column (Unicode, Braille Patterns)."""


def quadrants(canvas: Canvas, pixels: bytes, fit: Fit) -> None:
    """Lay 2 × 2 pixels on every cell, in the two colours that are least wrong.

    Of the eight ways to part four pixels in two groups that one is taken whose groups lie nearest to their means (least sum of
    squares over the three channels).
    """
    import numpy as np

    values = np.frombuffer(pixels, np.uint8).reshape(fit.rows, 2, fit.columns, 2, 3)
    four = values.transpose(0, 2, 1, 3, 4).reshape(-1, 4, 3).astype(np.float32)
    lit = np.array([[bits >> quarter & 1 for quarter in range(4)] for bits in range(8)], np.float32)  # the others mirror them
    share = lit / np.maximum(1, lit.sum(1, keepdims=True)), (1 - lit) / (4 - lit.sum(1, keepdims=True))
    fore, back = (np.einsum("pq,nqc->npc", weights, four) for weights in share)
    shown = np.where(lit[None, :, :, None] > 0, fore[:, :, None, :], back[:, :, None, :])
    wrong = np.square(shown - four[:, None]).sum((2, 3))
    best = wrong.argmin(1)
    each = np.arange(len(best))
    colours = [
        (np.rint(means[each, best]).astype(np.int64) @ np.array([65536, 256, 1])).reshape(fit.rows, fit.columns)
        for means in (fore, back)
    ]
    marks = best.reshape(fit.rows, fit.columns)
    for row in range(fit.rows):
        at = (fit.top + row) * canvas.width + fit.left
        canvas.characters[at : at + fit.columns] = [_QUADRANTS[bits] for bits in marks[row].tolist()]
        canvas.foreground[at : at + fit.columns] = colours[0][row].tolist()
        canvas.background[at : at + fit.columns] = colours[1][row].tolist()


def braille(canvas: Canvas, pixels: bytes, fit: Fit, *, light: bool) -> None:
    """Lay 2 × 4 dots on every cell: brightness, dithered by Floyd and Steinberg's error diffusion. On a `light` background the
    dots stand for what is dark."""
    import numpy as np

    grey = Image.frombytes("RGB", (2 * fit.columns, 4 * fit.rows), pixels).convert("L")
    dots = np.asarray(grey.convert("1"), np.uint8).reshape(fit.rows, 4, fit.columns, 2)
    if light:
        dots = 1 - dots
    bits = np.einsum("rdca,da->rc", dots.astype(np.int64), np.array(_BRAILLE))
    for row in range(fit.rows):
        at = (fit.top + row) * canvas.width + fit.left
        canvas.characters[at : at + fit.columns] = [chr(0x2800 + each) if each else " " for each in bits[row].tolist()]
