"""Pictures that go wrong, and unusual ones that must not: each is made on the spot by the function of its name."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.e2e.conftest import two_shapes

HOSTILE = "evil\n\x1b[31m\x1b]0;owned\x07[red]markup[bold].png"
"""A file name that would break a line, colour the terminal, rename its window, and be read as markup."""
HOSTILE_SHOWN = "evil\\n\\e[31m\\e]0;owned\\x07[red]markup[bold].png"


def _scene() -> Image.Image:
    return two_shapes().render()


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def truncated(path: Path) -> None:
    data = _png(_scene())
    path.write_bytes(data[: len(data) // 2])


def truncated_jpeg(path: Path) -> None:
    file = io.BytesIO()
    _scene().save(file, "JPEG")
    path.write_bytes(file.getvalue()[:-1500])


def text_named_jpg(path: Path) -> None:
    path.write_text("milk\nbread\nbutter\n")


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def missing(path: Path) -> None:
    assert not path.exists()


def animated(path: Path) -> None:
    _scene().save(path, save_all=True, append_images=[Image.new("RGB", (320, 240), "white")], duration=100)


def sixteen_bit(path: Path) -> None:
    Image.new("I;16", (64, 48), 40000).save(path)


def cmyk(path: Path) -> None:
    _scene().convert("CMYK").save(path)


def palette(path: Path) -> None:
    _scene().quantize(16).save(path)


def rotated_by_exif(path: Path) -> None:
    """Stored lying on its side; upright it is 320×240."""
    exif = Image.Exif()
    exif[0x0112] = 6
    _scene().transpose(Image.Transpose.ROTATE_90).save(path, exif=exif)


def one_pixel(path: Path) -> None:
    Image.new("RGB", (1, 1), "red").save(path)


def very_wide(path: Path) -> None:
    Image.new("RGB", (20000, 30), "green").save(path)


def two_hundred_megapixels(path: Path) -> None:
    Image.new("1", (20000, 10000), 1).save(path)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot become a picture, and what must be said of it."""

    name: str
    make: Callable[[Path], None]
    says: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """An unusual picture, its upright size, and what must be noted with the answer (empty: nothing in particular)."""

    name: str
    make: Callable[[Path], None]
    size: tuple[int, int]
    notes: str = ""


REFUSED = (
    Refused("missing.png", missing, "no such file"),
    Refused("empty.png", empty, "empty"),
    Refused("truncated.png", truncated, "ends too early"),
    Refused("truncated.jpg", truncated_jpeg, "ends too early"),
    Refused("list.jpg", text_named_jpg, "holds text"),
    Refused("folder.png", folder, "is a folder"),
    Refused("pipe.png", pipe, "is a pipe"),
)
ACCEPTED = (
    Accepted("animated.gif", animated, (320, 240), "first frame"),
    Accepted("sixteen.png", sixteen_bit, (64, 48), "16"),
    Accepted("cmyk.jpg", cmyk, (320, 240)),
    Accepted("palette.png", palette, (320, 240)),
    Accepted("rotated.jpg", rotated_by_exif, (320, 240)),
    Accepted("pixel.png", one_pixel, (1, 1)),
    Accepted("wide.png", very_wide, (20000, 30)),
    Accepted("huge.png", two_hundred_megapixels, (20000, 10000), "held as"),
)
