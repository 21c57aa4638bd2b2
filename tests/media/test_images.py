"""Every kind of picture that people have becomes upright RGB of the right size, or a message that says why not."""

from __future__ import annotations

import hashlib
import io
import math
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from backend.errors import UnreadablePicture
from backend.media import images
from backend.scene import Picture
from tests.media.samples import CORNERS, encoded, grey_png_16, png_claiming, quarters, rgb_png_16, wide_profile

pytestmark = pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")  # pytest resets the program's own filter

STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""EXIF orientation → how an upright picture lies in a file of that orientation."""


def as_stored(upright: Image.Image, orientation: int) -> Image.Image:
    turn = STORED_AS.get(orientation)
    return upright if turn is None else upright.transpose(turn)


def pixel(picture: Picture, x: int, y: int) -> tuple[int, ...]:
    start = (y * picture.stored_size[0] + x) * 3
    return tuple(picture.rgb[start : start + 3])


def corner_colours(picture: Picture) -> list[tuple[int, ...]]:
    width, height = picture.stored_size
    return [pixel(picture, x, y) for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]


def assert_upright(picture: Picture, tolerance: int) -> None:
    for seen, wanted in zip(corner_colours(picture), CORNERS, strict=True):
        assert all(abs(a - b) <= tolerance for a, b in zip(seen, wanted, strict=True)), f"{seen} is not {wanted}"


@pytest.mark.parametrize(
    ("kind", "tolerance"),
    [(kind, 0) for kind in ("PNG", "BMP", "TIFF", "PPM", "QOI", "GIF")]
    + [(kind, 12) for kind in ("JPEG", "WEBP", "JPEG2000", "HEIF", "AVIF")],
)
def test_every_format_is_read(kind: str, tolerance: int, tmp_path: Path) -> None:
    path = tmp_path / "picture.bin"
    path.write_bytes(encoded(quarters(), kind))
    picture = images.load(path)
    assert (picture.width, picture.height, picture.stored_size) == (48, 32, (48, 32))
    assert len(picture.rgb) == 48 * 32 * 3
    assert picture.path == path
    assert picture.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert_upright(picture, tolerance)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone_exactly(orientation: int) -> None:
    upright = quarters(46, 33)
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = images.load_bytes(encoded(as_stored(upright, orientation), "PNG", exif=exif.tobytes()), "-")
    assert (picture.width, picture.height) == (46, 33)
    assert picture.rgb == upright.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "WEBP", "HEIF", "AVIF"])
def test_exif_orientation_in_every_format_that_has_it(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = images.load_bytes(encoded(as_stored(quarters(), orientation), kind, exif=exif.tobytes()), "-")
    assert (picture.width, picture.height) == (48, 32)
    assert_upright(picture, 16)


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_no_turn(value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    assert images.load_bytes(encoded(quarters(), "PNG", exif=exif.tobytes()), "-").rgb == quarters().tobytes()


def test_damaged_exif_leaves_the_picture_readable_and_is_noted() -> None:
    picture = images.load_bytes(encoded(quarters(), "WEBP", lossless=True, exif=b"Exif\0\0XX*\0nonsense"), "-")
    assert picture.rgb == quarters().tobytes()
    assert any("EXIF" in note for note in picture.notes)


def test_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    picture = images.load_bytes(grey_png_16([0, 257, 32768, 65535, 256 * 128]), "-")
    assert [pixel(picture, x, 0)[0] for x in range(5)] == [0, 1, 128, 255, 128]
    assert picture.notes == ("16 bits per channel reduced to 8",)


def test_sixteen_bit_colour_is_scaled_and_noted() -> None:
    picture = images.load_bytes(rgb_png_16([(0, 0x8000, 0xFFFF), (0xFFFF, 0x0180, 0)]), "-")
    assert [pixel(picture, x, 0) for x in range(2)] == [(0, 128, 255), (255, 1, 0)]
    assert picture.notes == ("16 bits per channel reduced to 8",)


def test_big_endian_sixteen_bit_tiff() -> None:
    grey = Image.frombytes("I;16B", (3, 1), struct.pack(">3H", 0, 32896, 65535))
    picture = images.load_bytes(encoded(grey, "TIFF"), "-")
    assert [pixel(picture, x, 0)[0] for x in range(3)] == [0, 128, 255]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ((0.0, 0.5, 1.0, 0.25), [0, 128, 255, 64]),
        ((0.0, 128.0, 255.0, 1.0), [0, 128, 255, 1]),
        ((-1.0, 0.0, 1.0, 1.0), [0, 128, 255, 255]),
        ((math.nan, 0.0, 1.0, math.inf), [0, 0, 255, 255]),
        ((7e5, 7e5, 7e5, 7e5), [0, 0, 0, 0]),
    ],
)
def test_floating_point_tiff(values: tuple[float, ...], wanted: list[int]) -> None:
    data = encoded(Image.frombytes("F", (4, 1), struct.pack("4f", *values)), "TIFF")
    picture = images.load_bytes(data, "-")
    assert [pixel(picture, x, 0)[0] for x in range(4)] == wanted
    assert "floating-point" in picture.notes[0]


def test_thirty_two_bit_grey_of_unknown_range_is_stretched_and_says_so() -> None:
    data = encoded(Image.frombytes("I", (3, 1), struct.pack("3i", -1000, 0, 1000)), "TIFF")
    picture = images.load_bytes(data, "-")
    assert [pixel(picture, x, 0)[0] for x in range(3)] == [0, 128, 255]
    assert picture.notes == ("32-bit values from -1000 to 1000 scaled to 8 bits",)


def test_cmyk_jpeg_with_adobes_inversion() -> None:
    picture = images.load_bytes(encoded(quarters().convert("CMYK"), "JPEG", quality=95), "-")
    assert_upright(picture, 16)


@pytest.mark.parametrize("mode", ["1", "L", "P", "YCbCr"])
def test_other_modes(mode: str) -> None:
    data = encoded(quarters().convert(mode), "TIFF")
    assert images.load_bytes(data, "-").rgb == Image.open(io.BytesIO(data)).convert("RGB").tobytes()


def test_lab_tiff() -> None:
    data = encoded(Image.new("LAB", (2, 2), (255, 128, 128)), "TIFF")
    assert all(channel >= 253 for channel in pixel(images.load_bytes(data, "-"), 0, 0))


def test_transparency_is_laid_on_white_and_noted() -> None:
    image = Image.new("RGBA", (3, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (200, 0, 0, 255))
    image.putpixel((2, 0), (0, 0, 0, 128))
    picture = images.load_bytes(encoded(image, "PNG"), "-")
    assert [pixel(picture, x, 0) for x in range(3)] == [(255, 255, 255), (200, 0, 0), (127, 127, 127)]
    assert picture.notes == ("transparent parts shown on white",)


def test_transparent_palette_and_grey() -> None:
    palette = Image.new("P", (2, 1), 0)
    palette.putpalette([10, 20, 30, 200, 100, 0])
    palette.putpixel((1, 0), 1)
    picture = images.load_bytes(encoded(palette, "PNG", transparency=0), "-")
    assert [pixel(picture, x, 0) for x in range(2)] == [(255, 255, 255), (200, 100, 0)]
    assert pixel(images.load_bytes(encoded(Image.new("LA", (1, 1), (0, 0)), "PNG"), "-"), 0, 0) == (255, 255, 255)


def test_an_opaque_alpha_channel_is_nothing_to_speak_of() -> None:
    picture = images.load_bytes(encoded(quarters().convert("RGBA"), "PNG"), "-")
    assert (picture.rgb, picture.notes) == (quarters().tobytes(), ())


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_used(kind: str) -> None:
    second = Image.new("RGB", (48, 32), (1, 2, 3))
    data = encoded(quarters(), kind, save_all=True, append_images=[second])
    picture = images.load_bytes(data, "-")
    assert_upright(picture, 12)
    assert picture.notes == ("animated: the first frame is used",)


def test_of_a_tiff_with_pages_the_first_is_used() -> None:
    data = encoded(quarters(), "TIFF", save_all=True, append_images=[quarters().rotate(180)])
    picture = images.load_bytes(data, "-")
    assert (picture.rgb, picture.notes) == (quarters().tobytes(), ("first page of several",))


def test_a_wide_profile_is_converted_to_srgb() -> None:
    row = Image.new("RGB", (2, 1), (200, 100, 100))
    row.putpixel((1, 0), (128, 128, 128))
    picture = images.load_bytes(encoded(row, "PNG", icc_profile=wide_profile()), "-")
    # Worked out apart from littlecms: gamma 2.2, the primaries to XYZ, Lindbloom's D50 matrix to linear sRGB, its curve.
    assert all(abs(seen - true) <= 2 for seen, true in zip(pixel(picture, 0, 0), (216, 93, 97), strict=True))
    assert all(abs(channel - 128) <= 2 for channel in pixel(picture, 1, 0))
    assert picture.notes == ("colours converted to sRGB from Wide test",)


def test_srgb_and_senseless_profiles_change_nothing() -> None:
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = images.load_bytes(encoded(quarters(), "PNG", icc_profile=usual), "-")
    assert (same.rgb, same.notes) == (quarters().tobytes(), ())
    for profile in (b"not a profile", wide_profile()[:200]):
        broken = images.load_bytes(encoded(quarters(), "PNG", icc_profile=profile), "-")
        assert (broken.rgb, broken.notes) == (quarters().tobytes(), ("its colour profile is damaged and was ignored",))
    other = images.load_bytes(encoded(quarters().convert("CMYK"), "JPEG", icc_profile=wide_profile(), quality=95), "-")
    assert_upright(other, 16)


def test_one_pixel_and_a_ribbon() -> None:
    assert images.load_bytes(encoded(Image.new("RGB", (1, 1), (9, 8, 7)), "PNG"), "-").rgb == bytes((9, 8, 7))
    ribbon = images.load_bytes(encoded(Image.new("RGB", (20000, 30)), "PNG"), "-")
    assert (ribbon.width, ribbon.height, ribbon.stored_size) == (20000, 30, (20000, 30))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "L"), ("PNG", "1")])
def test_200_megapixels_keep_their_size_for_coordinates(kind: str, mode: str) -> None:
    huge = Image.new(mode, (16320, 12240))
    huge.paste(255, (0, 0, 8160, 6120))
    picture = images.load_bytes(encoded(huge, kind), "-")
    assert (picture.width, picture.height, picture.stored_size) == (16320, 12240, (8160, 6120))
    assert len(picture.rgb) == 8160 * 6120 * 3
    assert pixel(picture, 4000, 3000) == (255, 255, 255)
    assert pixel(picture, 4090, 3000) == (0, 0, 0)
    assert picture.notes == ("16320×12240 pixels held as 8160×6120; boxes are in the original's pixels",)


def test_a_bomb_is_refused_with_numbers() -> None:
    with pytest.raises(UnreadablePicture, match=r"claims 3,600 megapixels, and 256 is the limit") as refused:
        images.load_bytes(png_claiming(60000, 60000), "bomb.png")
    assert refused.value.cure
    assert refused.value.exit_code == 3


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "HEIF", "AVIF", "PPM"])
def test_a_truncated_file_is_refused(kind: str) -> None:
    data = encoded(Image.radial_gradient("L").convert("RGB"), kind)
    with pytest.raises(UnreadablePicture, match=r"too early|rest is missing") as refused:
        images.load_bytes(data[: len(data) // 2], "half")
    assert "again" in refused.value.cure


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"eggs\nmilk\n", "it holds text"),
        ("牛奶\n".encode(), "it holds text"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\0\0\0\x20ftypisom", "video"),
        (b"GGUF\3\0\0\0", "model"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "it holds text"),
        (b"\0\1\2\3\4", "no picture format"),
        (b"", "empty"),
    ],
)
def test_what_is_no_picture_is_told_apart(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadablePicture, match=reason):
        images.load_bytes(data, "-")


def test_a_preview_is_small_upright_and_cheap(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(quarters(4000, 1000).transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif.tobytes()))
    preview = images.load_preview(path, 200, 200)
    assert (preview.mode, preview.size) == ("RGB", (200, 50))
    for index, colour in enumerate(CORNERS):
        seen = preview.getpixel((50 + index % 2 * 100, 12 + index // 2 * 25))
        assert isinstance(seen, tuple)
        assert all(abs(a - b) < 12 for a, b in zip(seen, colour, strict=True))


def test_a_preview_does_not_enlarge(tmp_path: Path) -> None:
    path = tmp_path / "small.png"
    path.write_bytes(encoded(quarters(), "PNG"))
    assert images.load_preview(path, 500, 500).size == (48, 32)


def test_many_threads_may_load_at_once() -> None:
    samples = [encoded(quarters(), kind) for kind in ("HEIF", "AVIF", "JPEG", "PNG", "WEBP", "TIFF")] * 8
    with ThreadPoolExecutor(8) as pool:
        pictures = list(pool.map(lambda data: images.load_bytes(data, "-"), samples))
    for picture in pictures:
        assert_upright(picture, 12)
