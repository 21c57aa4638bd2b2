"""Damaged files: an error that is meant for people, whatever the damage, and not a word on the terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.errors import UnreadablePicture
from backend.media import images
from tests.media.samples import encoded, quarters, wide_profile

EXIF = Image.Exif()
EXIF[0x0112] = 6
FILES = [
    *(encoded(quarters(24, 16), kind, exif=EXIF.tobytes()) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF")),
    *(encoded(quarters(24, 16), kind) for kind in ("GIF", "BMP", "PPM", "ICO", "QOI", "JPEG2000")),
    encoded(quarters(24, 16), "TIFF", compression="jpeg"),
    encoded(quarters(24, 16), "PNG", icc_profile=wide_profile()),
    encoded(quarters(24, 16).convert("CMYK"), "JPEG"),
]
"""One of each kind, small, so that every part of a file is hit."""

changes = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["set", "cut", "insert"]), st.binary(min_size=1, max_size=8)), max_size=4
)


def changed(data: bytes, where: float, how: str, by: bytes) -> bytes:
    at = int(where * len(data))
    match how:
        case "set":
            return data[:at] + by + data[at + len(by) :]
        case "cut":
            return data[:at] + data[at + len(by) :]
    return data[:at] + by + data[at:]


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PIL.Image.DecompressionBombWarning")  # pytest resets the filter
@settings(max_examples=300)
@given(st.sampled_from(FILES), changes)
def test_any_damage_is_a_picture_or_an_unreadable_picture(data: bytes, damage: list[tuple[float, str, bytes]]) -> None:
    for where, how, by in damage:
        data = changed(data, where, how, by)
    try:
        picture = images.load_bytes(data, "-")
    except UnreadablePicture:
        return
    width, height = picture.stored_size
    assert len(picture.rgb) == width * height * 3


def test_readers_do_not_write_on_the_terminal(tmp_path: Path) -> None:
    """libtiff, Pillow's warnings and its log all would; a full-screen app is what they would write across."""
    compressed = encoded(Image.effect_noise((64, 64), 90).convert("RGB"), "TIFF", compression="jpeg")
    for number, data in enumerate(
        [
            compressed[: len(compressed) // 2],
            *(compressed[:at] + b"\xff" * 9 + compressed[at + 9 :] for at in range(0, len(compressed), 97)),
        ]
    ):
        (tmp_path / f"{number:03}.tif").write_bytes(data)
    (tmp_path / "exif.webp").write_bytes(encoded(quarters(), "WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff"))
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from backend.errors import UnreadablePicture\n"
        "from backend.media.images import load\n"
        "for path in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    try:\n"
        "        load(path)\n"
        "    except UnreadablePicture:\n"
        "        pass\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
