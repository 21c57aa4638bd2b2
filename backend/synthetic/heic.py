"""HEIC files as phones write them: a picture with its depth and its camera, or with a small one of itself to be shown first.
No library here can write either by itself.

libheif encodes both images as items of one file; what makes the second one the first one's thumbnail or depth is added to the
file's boxes afterwards (ISO/IEC 23008-12, HEIF): a `thmb` reference; or an `auxl` reference, an `auxC` property with the depth
representation message of HEVC (ITU-T H.265, Annex G.14.2.3), and for the camera a `cmin` property, whose lengths are in sides
of the picture.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

_DEPTH = b"urn:mpeg:hevc:2015:auxid:2\0"
_SHIFT = 24
"""Binary places of a `cmin` property's numbers."""


@dataclass(frozen=True, slots=True)
class Lens:
    """A camera in sides of the picture: focal length and principal point across, in widths, and down, in heights."""

    focal: float
    cx: float
    cy: float


def write_heic(
    path: Path, picture: Image.Image, depth: Image.Image, metres: tuple[float, float], lens: Lens, kind: int = 0
) -> None:
    """Write `picture` (RGB) with `depth` (L) beside it, and the camera.

    `kind` says what the depth's numbers are uniform in. 0: in 1 / distance, 255 being `metres[0]` and 0 `metres[1]`; 1: in
    disparity, from the first of the two numbers to the second; 2: in distance, 0 being `metres[0]`.
    """
    across, down, focal = (round(value * 2**_SHIFT) for value in (lens.cx, lens.cy, lens.focal))
    added = (
        _box(b"auxC", bytes(4) + _DEPTH + _depth_message(metres, kind)),
        _box(b"cmin", struct.pack(">Iiii", _SHIFT << 8, focal, across, down)),
    )
    path.write_bytes(_linked(_two(picture, depth), b"auxl", added))


def write_with_thumbnail(path: Path, picture: Image.Image, small: Image.Image, quality: int = 90) -> None:
    """Write `picture` (RGB) with `small` (RGB) to be shown until it is decoded. (Of one whose data are beyond 16 MiB in one
    piece, which no camera writes, libheif's decoder makes nothing.)"""
    path.write_bytes(_linked(_two(picture, small, quality), b"thmb", ()))


def _two(first: Image.Image, second: Image.Image, quality: int = 90) -> bytes:
    """A file of two pictures, the first of which is shown."""
    import pillow_heif

    file = pillow_heif.from_pillow(first)
    file.add_from_pillow(second)
    made = io.BytesIO()
    file.save(made, quality=quality, primary_index=0)
    return made.getvalue()


def _depth_message(metres: tuple[float, float], kind: int) -> bytes:
    """The SEI message that says what a depth image's numbers mean."""
    bits = "1100" if kind != 1 else "0011"
    bits += {0: "1", 1: "010", 2: "011"}[kind]
    bits += "1" if kind == 1 else ""  # of which view: the first
    bits += "".join(_real(value) for value in metres)
    bits += "0" * (-len(bits) % 8)
    payload = int(bits, 2).to_bytes(len(bits) // 8, "big")
    nal = bytes((39 << 1, 1, 177, len(payload))) + payload + b"\x80"
    return struct.pack(">II", len(nal) + 4, len(nal)) + nal


def _real(value: float) -> str:
    """HEVC's way to write a number: sign, exponent over 31, and the digits after the leading 1."""
    mantissa, exponent = value, 31
    while mantissa >= 2:
        mantissa, exponent = mantissa / 2, exponent + 1
    while mantissa < 1:
        mantissa, exponent = mantissa * 2, exponent - 1
    digits = 24
    return f"0{exponent:07b}{digits - 1:05b}{round((mantissa - 1) * 2**digits) % 2**digits:0{digits}b}"


def _linked(data: bytes, reference: bytes, added: tuple[bytes, ...]) -> bytes:
    """The file with its second picture belonging to the first in that way; `added`: a property of the second, one of the
    first."""
    top = _boxes(data)
    meta = next(body for name, body in top if name == b"meta")
    parts = _boxes(meta[4:])
    first, second = _items(dict(parts)[b"iloc"])
    made = []
    for name, body in parts:
        made.append((name, _with_properties(body, added, (second, first)) if name == b"iprp" else body))
    made.append((b"iref", bytes(4) + _box(reference, struct.pack(">HHH", second, 1, first))))
    grown = sum(len(body) + 8 for _, body in made) + 4 - len(meta)
    parts = [(name, _moved(body, grown) if name == b"iloc" else body) for name, body in made]
    meta = meta[:4] + b"".join(_box(name, body) for name, body in parts)
    return b"".join(_box(name, meta if name == b"meta" else body) for name, body in top)


def _with_properties(body: bytes, added: tuple[bytes, ...], items: tuple[int, int]) -> bytes:
    """`iprp` with more properties, one for each of the items."""
    (_, container), (_, links) = _boxes(body)
    count = len(_boxes(container))
    _, entries = struct.unpack(">II", links[:8])
    at, out = 8, links[:8]
    for _ in range(entries):
        item, many = struct.unpack(">HB", links[at : at + 3])
        old = links[at + 3 : at + 3 + many]
        at += 3 + many
        new = bytes(count + 1 + place for place, of in enumerate(items[: len(added)]) if of == item)
        out += struct.pack(">HB", item, many + len(new)) + old + new
    return _box(b"ipco", container + b"".join(added)) + _box(b"ipma", out)


def _items(body: bytes) -> tuple[int, int]:
    """The numbers of the file's two pictures, in their order."""
    numbers = [item for item, _, _ in _located(body)]
    return numbers[0], numbers[1]


def _moved(body: bytes, by: int) -> bytes:
    """`iloc` with what it locates so many bytes further on."""
    out = bytearray(body)
    for _, at, offset in _located(body):
        struct.pack_into(">I", out, at, offset + by)
    return bytes(out)


def _located(body: bytes) -> list[tuple[int, int, int]]:
    """Of each item of an `iloc` its number, where its offset stands, and that offset. As libheif writes it: 32-bit offsets,
    one extent an item."""
    version, sizes, base = body[0], body[4], body[5] >> 4
    at, found = 8, []
    for _ in range(struct.unpack(">H", body[6:8])[0]):
        (item,) = struct.unpack(">H", body[at : at + 2])
        at += (4 if version else 2) + 2 + base + 2
        found.append((item, at, struct.unpack(">I", body[at : at + 4])[0]))
        at += (sizes >> 4) + (sizes & 15)
    return found


def _boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    """Names and contents, one after the other."""
    found, at = [], 0
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at : at + 8])
        size = size or len(data) - at
        found.append((name, data[at + 8 : at + size]))
        at += size
    return found


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body
