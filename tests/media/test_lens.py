"""EXIF's word on the lens: taken where it can be, else left alone with a reason."""

from __future__ import annotations

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from backend.media.images import load_bytes
from backend.media.lens import focal_35mm
from tests.media.samples import encoded, quarters
from tests.spatial.tables import photograph

F35, FOCAL, ACROSS, DOWN, X, Y, UNIT = 0xA405, 0x920A, 0xA002, 0xA003, 0xA20E, 0xA20F, 0xA210


def test_the_equivalent_is_taken_before_anything_else() -> None:
    assert focal_35mm({F35: 26, FOCAL: 4.2, X: 100.0}, 4032, 3024) == (26, "")


def test_a_focal_length_alone_tells_nothing() -> None:
    assert focal_35mm({FOCAL: 4.2}, 4032, 3024) == (None, "")
    assert focal_35mm({}, 4032, 3024) == (None, "")


def test_an_unknown_equivalent_gives_way_to_the_sensor() -> None:
    value, note = focal_35mm({F35: 0, FOCAL: 50, X: 6000 / 36, UNIT: 4}, 6000, 4000)
    assert value == pytest.approx(50)
    assert note == ""


@pytest.mark.parametrize("unit", [0, 1, 99, None, "inch"])
def test_a_resolution_without_a_known_unit_is_in_inches(unit: object) -> None:
    value, _ = focal_35mm({FOCAL: 50, X: 6000 / 36 * 25.4, UNIT: unit}, 6000, 4000)
    assert value == pytest.approx(50)


@pytest.mark.parametrize("value", [0, -26, 3, 5000, 65535, float("nan"), "wide", b"\xff", (26, 27), IFDRational(1, 0)])
def test_what_no_lens_has_is_ignored_and_noted(value: object) -> None:
    equivalent, note = focal_35mm({F35: value}, 4032, 3024)
    assert equivalent is None
    assert "ignored" in note
    assert note.isprintable()


def test_a_picture_that_was_cropped_is_not_seen_through_its_lens_any_more() -> None:
    value, note = focal_35mm({F35: 26, ACROSS: 4032, DOWN: 3024}, 3000, 3000)
    assert value is None
    assert "cropped" in note
    assert focal_35mm({F35: 26, ACROSS: 4032, DOWN: 3024}, 1008, 756) == (26, ""), "resized is not cropped"
    assert focal_35mm({F35: 26, ACROSS: 4032, DOWN: 3024}, 3024, 4032) == (26, ""), "and turned is not"


@pytest.mark.parametrize("turned", range(1, 9))
def test_it_is_read_once_whichever_way_the_file_lies(turned: int) -> None:
    picture = load_bytes(photograph((64, 48), {"FocalLengthIn35mmFilm": 26}, turned), "-")
    assert (picture.width, picture.height, picture.focal_35mm) == (64, 48, 26)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", "HEIF", "AVIF"])
def test_in_every_format_that_has_it(kind: str) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[F35] = 28
    picture = load_bytes(encoded(quarters(), kind, exif=exif.tobytes()), "-")
    assert picture.focal_35mm == 28


def test_a_picture_without_exif_has_no_lens() -> None:
    picture = load_bytes(encoded(quarters(), "PNG"), "-")
    assert (picture.focal_35mm, picture.focal_note) == (None, "")


def test_damaged_exif_is_no_reason_to_fail() -> None:
    assert load_bytes(encoded(quarters(), "WEBP", exif=b"Exif\0\0XX*\0nonsense"), "-").focal_35mm is None
