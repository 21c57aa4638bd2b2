"""A picture seen before it is decoded: the thumbnail that a camera put into its file, and JPEGs at a fraction of their size.

A PNG has no short cut: its rows are one stream of zlib, each coded by the one above it, and all of it has to be undone for the
last one.

What comes of it is a Picture whose pixels are few and whose `sha256` is empty: to be looked at, never to be asked about.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from backend.errors import UnreadablePicture
from backend.media import files, images
from backend.scene import Picture

if TYPE_CHECKING:
    from PIL import Image

LARGE = 4_000_000
"""Pixels below which a picture is decoded whole in no time."""
_JPEG = b"\xff\xd8\xff"
_SHAPE = 0.02
"""By how much of itself the ratio of a thumbnail's sides may be off before it is taken to have bars at its edges."""


def reduced(path: Path, width: float, height: float) -> Picture | None:
    """The picture in a large JPEG at the smallest fraction of its size that can be scaled down until it fits into `width` ×
    `height`; None where no fraction is, and for all other files: their readers know no short cut. Raises UnreadablePicture."""
    data = files.read(path)
    if not data.startswith(_JPEG):
        return None
    known = _header(data)
    if known is None:
        return None
    sideways, (across, down) = known
    if across * down < LARGE:
        return None
    if sideways:
        across, down = down, across
    factor = max((step for step in (8, 4, 2) if across >= step * width or down >= step * height), default=1)
    return None if factor == 1 else images.load_fraction(data, path, factor)


def embedded(path: Path) -> Picture | None:
    """The thumbnail in a large file, upright and without bars; None where there is none that can be read, or it lies otherwise
    than the picture."""
    try:
        data = files.read(path)
    except UnreadablePicture:  # said by whoever decodes it
        return None
    known = _header(data)
    if known is None or known[1][0] * known[1][1] < LARGE:
        return None
    thumbnail = images.thumbnail_in(data)
    if thumbnail is None:
        return None
    sideways, (across, down) = known
    if sideways:
        across, down = down, across
    if (across > down) != (thumbnail.width > thumbnail.height) and abs(across / down - 1) > _SHAPE:
        return None
    plain = _without_bars(thumbnail, across / down)
    return Picture(str(path), across, down, plain.tobytes(), "", path, stored_width=plain.width, stored_height=plain.height)


def _header(data: bytes) -> tuple[bool, tuple[int, int]] | None:
    """Whether it is stored on its side, and its width and height as they are stored; None where that cannot be read."""
    return images.size_in(data)


def _without_bars(thumbnail: Image.Image, shape: float) -> Image.Image:
    """Cameras put 3:2 pictures into 4:3 thumbnails, with black above and below."""
    width, height = thumbnail.size
    if abs(width / height / shape - 1) <= _SHAPE:
        return thumbnail
    across, down = (width, max(1, round(width / shape))) if width / height < shape else (max(1, round(height * shape)), height)
    left, top = (width - across) // 2, (height - down) // 2
    return thumbnail.crop((left, top, left + across, top + down))
