"""Seeing a picture before it is decoded."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from backend.errors import UnreadablePicture
from backend.media import glimpse, images
from backend.scene import Picture
from backend.synthetic.heic import write_with_thumbnail
from tests.tui.preview.large import HEIGHT, WIDTH, photograph


def colour(picture: Picture, x: float, y: float) -> tuple[int, ...]:
    """The pixel at shares of the sides."""
    width, height = picture.stored_size
    at = 3 * (int(y * (height - 1)) * width + int(x * (width - 1)))
    return tuple(picture.rgb[at : at + 3])


@pytest.mark.parametrize(("wanted", "factor"), [((100, 60), 8), ((370, 250), 8), ((700, 9000), 4), ((9000, 900), 2)])
def test_a_fraction_is_no_smaller_than_what_is_wanted(tmp_path: Path, wanted: tuple[int, int], factor: int) -> None:
    picture = glimpse.reduced(photograph(tmp_path / "a.jpg"), *wanted)
    assert picture is not None
    assert (picture.width, picture.height) == (WIDTH, HEIGHT), "coordinates stay the original's"
    assert picture.stored_size == (WIDTH // factor, HEIGHT // factor)
    assert picture.sha256 == ""
    whole = images.load(tmp_path / "a.jpg")
    assert picture.notes == whole.notes
    assert colour(picture, 0.2, 0.5) == pytest.approx(colour(whole, 0.2, 0.5), abs=6)


def test_on_its_side_it_is_put_upright(tmp_path: Path) -> None:
    path = photograph(tmp_path / "a.jpg", orientation=6, thumbnail=(160, 120))
    whole, picture, small = images.load(path), glimpse.reduced(path, 100, 100), glimpse.embedded(path)
    assert picture is not None
    assert small is not None
    for one in (picture, small):
        assert (one.width, one.height) == (whole.width, whole.height) == (HEIGHT, WIDTH)
        assert one.stored_size[0] < one.stored_size[1]
    assert colour(picture, 0.5, 0.1) == pytest.approx(colour(whole, 0.5, 0.1), abs=6)


def test_what_has_no_short_cut_has_none(tmp_path: Path) -> None:
    large = photograph(tmp_path / "a.jpg")
    assert glimpse.reduced(large, 9000, 9000) is None
    assert glimpse.embedded(large) is None
    Image.new("RGB", (WIDTH, HEIGHT)).save(tmp_path / "a.png", compress_level=1)
    assert glimpse.reduced(tmp_path / "a.png", 10, 10) is None
    Image.new("RGB", (300, 200)).save(tmp_path / "small.jpg")
    assert glimpse.reduced(tmp_path / "small.jpg", 10, 10) is None


def test_a_thumbnail_loses_its_bars(tmp_path: Path) -> None:
    small = glimpse.embedded(photograph(tmp_path / "a.jpg", thumbnail=(160, 120)))
    assert small is not None
    assert (small.width, small.height) == (WIDTH, HEIGHT)
    assert small.stored_size == (160, 107)
    for y in (0.0, 0.5, 1.0):
        assert colour(small, 0.5, y)[1] > 120, "the picture's green, and no black"


@pytest.mark.parametrize("cut", [20, 200, 900])
def test_a_damaged_file_has_no_thumbnail_and_says_why_when_it_is_decoded(tmp_path: Path, cut: int) -> None:
    path = photograph(tmp_path / "a.jpg", thumbnail=(160, 120))
    path.write_bytes(path.read_bytes()[:cut])
    glimpse.embedded(path)
    with pytest.raises(UnreadablePicture):
        images.load(path)
    with suppress(UnreadablePicture):
        assert glimpse.reduced(path, 10, 10) is None


def test_what_is_not_there_is_said_by_whoever_decodes_it(tmp_path: Path) -> None:
    assert glimpse.embedded(tmp_path / "gone.jpg") is None
    with pytest.raises(UnreadablePicture):
        glimpse.reduced(tmp_path / "gone.jpg", 10, 10)


def halves(size: tuple[int, int]) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, (220, 30, 30))
    image.paste((30, 30, 220), (size[0] // 2, 0, *size))
    return image


def test_a_heic_files_thumbnail_is_seen_first_in_the_pictures_own_pixels(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    write_with_thumbnail(path, halves((WIDTH, HEIGHT)), halves((320, 240)))  # 4:3, of a picture that is 3:2
    small, whole = glimpse.embedded(path), images.load(path)
    assert small is not None
    assert (small.width, small.height) == (whole.width, whole.height) == (WIDTH, HEIGHT)
    assert small.stored_size == (320, 213)
    assert small.sha256 == ""
    for x in (0.2, 0.8):
        assert colour(small, x, 0.5) == pytest.approx(colour(whole, x, 0.5), abs=8)


def test_a_thumbnail_that_lies_otherwise_than_its_picture_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    write_with_thumbnail(path, halves((HEIGHT, WIDTH)), halves((320, 240)))
    assert glimpse.embedded(path) is None


def test_a_heic_file_without_one_and_a_damaged_one_have_none(tmp_path: Path) -> None:
    plain, cut = tmp_path / "plain.heic", tmp_path / "cut.heic"
    images.load(write_plain(plain))  # which is readable
    assert glimpse.embedded(plain) is None
    write_with_thumbnail(cut, halves((WIDTH, HEIGHT)), halves((320, 213)))
    data = cut.read_bytes()
    cut.write_bytes(data[: len(data) // 2])
    with suppress(UnreadablePicture):
        glimpse.reduced(cut, 10, 10)
    glimpse.embedded(cut)  # something or nothing, and no exception


def write_plain(path: Path) -> Path:
    import pillow_heif

    pillow_heif.from_pillow(halves((WIDTH, HEIGHT))).save(path, quality=60)
    return path
