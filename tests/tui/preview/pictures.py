"""Small pictures with known pixels."""

from __future__ import annotations

from collections.abc import Sequence

from backend.scene import Picture

Rgb = tuple[int, int, int]


def picture(rows: Sequence[Sequence[Rgb]]) -> Picture:
    """A picture from its pixels."""
    flat = bytes(channel for row in rows for pixel in row for channel in pixel)
    return Picture("test.png", len(rows[0]), len(rows), flat, "0" * 64)


def plain(width: int, height: int, colour: Rgb = (90, 120, 150)) -> Picture:
    """A picture of one colour."""
    return Picture("plain.png", width, height, bytes(colour) * (width * height), "0" * 64)
