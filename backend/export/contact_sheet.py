"""Frames of a film beside each other on one sheet, each with its time below."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

from backend.export.fonts import font_for
from backend.media.images import as_image
from backend.scene import Picture
from backend.scene.moments import stamp

_GAP, _LINE, _LETTER = 8, 22, 14
"""Pixels between frames, of the line below each, and of its letters."""
_PAPER, _INK = (247, 247, 245), (50, 55, 60)
_SHAPE = 4 / 3
"""Width by height that the sheet comes as near to as whole rows allow."""


def draw_contact_sheet(frames: Sequence[Picture]) -> Image.Image:
    """The sheet, frames in their stored size and in that order. Raises ValueError for none."""
    if not frames:
        raise ValueError("a sheet of no frames")
    images = [as_image(frame) for frame in frames]
    wide, high = max(image.width for image in images) + _GAP, max(image.height for image in images) + _LINE + _GAP
    across = min(len(images), max(1, round(math.sqrt(len(images) * _SHAPE * high / wide))))
    down = -(-len(images) // across)
    sheet = Image.new("RGB", (across * wide + _GAP, down * high + _GAP), _PAPER)
    brush, font = ImageDraw.Draw(sheet), font_for("0:.", _LETTER)
    for number, (frame, image) in enumerate(zip(frames, images, strict=True)):
        row, column = divmod(number, across)
        left, top = _GAP + column * wide, _GAP + row * high
        sheet.paste(image, (left, top))
        if font is not None:
            brush.text((left, top + image.height + 3), stamp(frame.time or 0.0), fill=_INK, font=font)
    return sheet
