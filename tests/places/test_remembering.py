"""Answers about real files into memory, and the crop of a thing out of it again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from backend.answer import Answer, PictureRef
from backend.media.images import load
from backend.memory.filing import Clock
from backend.memory.places import Places
from backend.memory.recall import recall
from backend.places.crops import NothingToShow, crop
from backend.places.remembering import keep_views, remember
from backend.scene import Box, Picture

RED = (220, 40, 40)
CUP = Box(100, 60, 140, 100, "red cup", id="b1")


@pytest.fixture
def picture(tmp_path: Path) -> Picture:
    image = Image.new("RGB", (320, 200), (90, 90, 90))
    ImageDraw.Draw(image).rectangle((100, 60, 139, 99), fill=RED)
    exif = Image.Exif()
    exif[0x0132] = "2026:03:02 08:00:00"
    exif.get_ifd(0x8769).update({0x9003: "2026:03:02 08:00:00", 0x9011: "+00:00"})
    image.save(tmp_path / "shelf.png", exif=exif)
    return load(tmp_path / "shelf.png")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.db"


def answer(picture: Picture) -> Answer:
    return Answer("Where is the red cup?", "boxes", "", (PictureRef.of(picture),), (CUP,))


def _is_red(image: Image.Image) -> bool:
    red, green, _ = image.getpixel((image.width // 2, image.height // 2))  # type: ignore[misc]
    return bool(red > 180 and green < 80)


def test_the_crop_is_of_the_picture_itself_while_that_is_there(picture: Picture, database: Path) -> None:
    remember(database, answer(picture), [picture])
    (seen,) = recall(database, "red cup")
    assert (seen.view.when, seen.view.clock) == (datetime(2026, 3, 2, 8, tzinfo=UTC), Clock.EXIF)
    assert seen.view.thumbnail is None, "small copies are of places only"
    cut = crop(seen.view, CUP)
    assert (cut.note, cut.image.size) == ("", (52, 52))
    assert _is_red(cut.image)


@pytest.mark.parametrize("fate", ["gone", "replaced"])
def test_without_the_picture_the_crop_is_of_the_small_copy(picture: Picture, database: Path, fate: str) -> None:
    remember(database, answer(picture), [picture], place="shelf")
    assert picture.path is not None
    picture.path.unlink()
    if fate == "replaced":
        Image.new("RGB", (320, 200)).save(picture.path)
    (seen,) = recall(database, "red cup")
    assert seen.place == "shelf"
    cut = crop(seen.view, CUP)
    assert ("another picture" if fate == "replaced" else "no longer there") in cut.note
    assert _is_red(cut.image)


def test_without_either_there_is_nothing_to_show(picture: Picture, database: Path) -> None:
    remember(database, answer(picture), [picture])
    assert picture.path is not None
    picture.path.unlink()
    (seen,) = recall(database, "red cup")
    with pytest.raises(NothingToShow, match=r"shelf\.png cannot be shown"):
        crop(seen.view, CUP)


def test_a_films_frame_is_taken_from_the_film(tmp_path: Path, database: Path) -> None:
    from backend.media.film import open_film
    from backend.synthetic.filming import film_scene
    from backend.synthetic.moving import draw_moving

    film_scene(tmp_path / "film.mp4", draw_moving(3, (160, 120), 1.0))
    with open_film(tmp_path / "film.mp4") as film:
        (frame,) = film.frames([0.5])
    whole = Box(0, 0, 160, 120, "all of it", id="b1")
    remember(database, Answer("Where?", "boxes", "", (PictureRef.of(frame),), (whole,)))
    (seen,) = recall(database, "all of it")
    assert (seen.view.path, seen.view.time) == (tmp_path / "film.mp4", 0.5)
    cut = crop(seen.view, whole)
    assert (cut.image.size, cut.image.tobytes()) == ((160, 120), frame.rgb)
    (tmp_path / "film.mp4").write_bytes(b"another")
    with pytest.raises(NothingToShow, match="its film is no longer there"):
        crop(seen.view, whole)


def test_boxes_at_the_edge_are_cut_there(picture: Picture, database: Path) -> None:
    remember(database, answer(picture), [picture])
    (seen,) = recall(database, "red cup")
    assert crop(seen.view, Box(-50, -50, 10, 10, "")).image.size == (19, 19)
    assert crop(seen.view, Box(400, 300, 500, 400, "")).image.size == (1, 1)


def test_a_given_time_is_believed_before_all_others(picture: Picture, database: Path) -> None:
    keep_views(database, "shelf", [picture])
    when = datetime(2020, 1, 1, tzinfo=UTC)
    keep_views(database, "shelf", [picture], when=when)
    (visit,) = Places(database).visits("shelf")[1]
    assert (visit.began, visit.views[0].clock, visit.views[0].thumbnail is not None) == (when, Clock.GIVEN, True)
