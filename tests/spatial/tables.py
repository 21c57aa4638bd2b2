"""The tables of known projections and known lenses, and what the program makes of a row: for tests, and for scripts that count.

`projections()` and `lenses()` list the rows; `projection_error` and `lens_error` give how far off the program is.
"""

from __future__ import annotations

import io
import math
import tomllib
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from backend.ask.parsing import FindingParser
from backend.media.images import load_bytes
from backend.scene import Box3D, Picture, View
from backend.spatial.box3d import corners
from backend.spatial.camera import Camera
from backend.spatial.known_camera import camera_of

_FOLDER = Path(__file__).parent
CLOSE = 1e-3
"""Pixels and metres: the tables are written with four decimals and more."""
LENS_CLOSE = 1e-3
"""Share of a focal length."""


def projections() -> list[dict[str, Any]]:
    return _rows("projection_table.toml")


def lenses() -> list[dict[str, Any]]:
    return _rows("lens_table.toml")


def projection_error(row: dict[str, Any]) -> float:
    """The largest difference, in metres or pixels, from the model's words to the pixel."""
    box = solid(row["box"])
    index = sum(1 << axis for axis, sign in enumerate(row["end"]) if sign > 0)
    corner = corners(box)[index]
    focal, cx, cy = row["camera"]
    pixel = Camera(2 * cx, 2 * cy, focal, cx, cy).project(corner)
    return float(max(abs(a - b) for a, b in zip((*corner, *pixel), (*row["corner"], *row["pixel"]), strict=True)))


def lens_error(row: dict[str, Any]) -> float:
    """How far the focal length of a real file with that EXIF is off, as a share; infinite where none was taken from EXIF."""
    known = camera_of(load_bytes(photograph(tuple(row["size"]), row["exif"], row["turned"]), "-"))
    return math.inf if known.assumed else abs(known.camera.focal / float(row["focal"]) - 1)


def solid(numbers: list[float]) -> Box3D:
    """A 3D box as it is read from a model's words."""
    picture = Picture("", 100, 100, b"", "")
    parser = FindingParser([View(picture, picture.whole(), 100, 100)])
    parser.feed(f'{{"bbox_3d": {numbers}, "label": "box"}}')
    (found,) = parser.finish() or parser.findings
    assert isinstance(found, Box3D)
    return found


def photograph(size: tuple[int, int], exif: dict[str, float], turned: int = 1) -> bytes:
    """A JPEG of that upright size whose camera wrote these tags of the Exif IFD."""
    stored = size[::-1] if turned >= 5 else size
    tags = Image.Exif()
    tags[0x0112] = turned
    ifd = tags.get_ifd(0x8769)
    for name, value in exif.items():
        ifd[ExifTags.Base[name]] = value
    file = io.BytesIO()
    Image.new("RGB", stored, (90, 120, 150)).save(file, "JPEG", quality=20, exif=tags.tobytes())
    return file.getvalue()


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((_FOLDER / name).read_text("utf-8"))["row"]
    return rows
