"""Photographs that are large enough for a short cut, and quick to make."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

WIDTH, HEIGHT = 3000, 2000


def photograph(path: Path, *, orientation: int = 1, thumbnail: tuple[int, int] | None = None) -> Path:
    """A large JPEG whose left half is red and whose right half is blue as it is stored; `thumbnail`: the size of one in its
    EXIF data, which is green where the picture is, with black bars where its shape is another."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (220, 30, 30))
    image.paste((30, 30, 220), (WIDTH // 2, 0, WIDTH, HEIGHT))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = exif.tobytes()
    if thumbnail is not None:
        data = _with_thumbnail(orientation, thumbnail)
    image.save(path, "JPEG", quality=80, exif=data)
    return path


def _with_thumbnail(orientation: int, size: tuple[int, int]) -> bytes:
    """EXIF data by hand: IFD0 with the orientation, IFD1 with the offset and length of a JPEG (Pillow writes no IFD1)."""
    small = Image.new("RGB", size)
    down = round(size[0] * HEIGHT / WIDTH)
    small.paste((30, 200, 30), (0, (size[1] - down) // 2, size[0], (size[1] + down) // 2))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=90)
    jpeg = file.getvalue()

    def entry(tag: int, kind: int, value: int) -> bytes:
        packed = value.to_bytes(2, "little") + b"\0\0" if kind == 3 else value.to_bytes(4, "little")
        return tag.to_bytes(2, "little") + kind.to_bytes(2, "little") + (1).to_bytes(4, "little") + packed

    first = (1).to_bytes(2, "little") + entry(0x0112, 3, orientation)
    at_second = 8 + len(first) + 4
    second_length = 2 + 3 * 12 + 4
    second = (
        (3).to_bytes(2, "little")
        + entry(0x0103, 3, 6)
        + entry(0x0201, 4, at_second + second_length)
        + entry(0x0202, 4, len(jpeg))
        + bytes(4)
    )
    header = b"II*\0" + (8).to_bytes(4, "little")
    return b"Exif\0\0" + header + first + at_second.to_bytes(4, "little") + second + jpeg
