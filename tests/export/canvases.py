"""Pictures to draw on."""

from __future__ import annotations

from backend.scene import Picture

Rgb = tuple[int, ...]


def plain(width: int, height: int, colour: Rgb = (128, 128, 128)) -> Picture:
    """A picture of one colour."""
    return Picture("plain.png", width, height, bytes(colour) * (width * height), "0" * 64)
