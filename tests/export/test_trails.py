"""Frames with tracks drawn in: looked at pixel by pixel, and written as pictures and as a film."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from backend.errors import UsageError
from backend.export.palette import COLOURS
from backend.export.saving import NotSaved
from backend.export.trails import check_export, draw_tracks, export_tracks
from backend.media.film import open_film
from backend.scene import Picture
from backend.spatial.tracks import Observation, Track
from tests.export.canvases import plain
from tests.nobody import unprivileged

GREY = (128, 128, 128)


def track(unseen: tuple[int, ...] = ()) -> Track:
    """60×60, from x 100 on to the right by 20 pixels a tenth of a second."""
    seen = [Observation(n / 10, (100 + 20 * n, 200, 160 + 20 * n, 260), interpolated=n in unseen) for n in range(11)]
    return Track("t1", "cup", tuple(seen), 640)


def test_a_box_where_it_is_and_a_trail_where_it_was() -> None:
    image = draw_tracks(plain(640, 480), 1.0, [track()])
    assert image.getpixel((300, 220)) == COLOURS[0], "the box's left edge"
    assert image.getpixel((200, 230)) != GREY, "the way that its centre came"
    assert image.getpixel((345, 240)) == GREY
    before = draw_tracks(plain(640, 480), 0.3, [track()])
    assert before.getpixel((250, 230)) == GREY, "the way that it will go is not drawn"


def test_what_was_not_seen_wears_a_ring() -> None:
    image = draw_tracks(plain(640, 480), 0.5, [track(unseen=(5,))])
    assert image.getpixel((200, 220)) == GREY, "no box"
    assert image.getpixel((230, 230)) == COLOURS[0]


def test_nothing_is_drawn_before_and_after_a_track() -> None:
    picture = plain(640, 480)
    late = replace(track(), observations=track().observations[5:])
    assert draw_tracks(picture, 0.2, [late]).tobytes() == picture.rgb
    assert draw_tracks(picture, 1.5, [track()]).tobytes() == picture.rgb


def frames() -> Iterator[Picture]:
    return (replace(plain(641, 480), time=n / 10) for n in range(11))


def test_a_folder_of_pictures(tmp_path: Path) -> None:
    assert export_tracks(tmp_path / "out", frames(), [track()], 10.0) == 11
    assert [path.name for path in sorted((tmp_path / "out").iterdir())][:2] == ["0001.png", "0002.png"]
    with Image.open(tmp_path / "out" / "0011.png") as last:
        assert last.size == (641, 480)


def test_a_film_with_even_sides(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    assert export_tracks(target, frames(), [track()], 10.0) == 11
    assert list(tmp_path.iterdir()) == [target]
    with open_film(target) as film:
        assert (film.info.width, film.info.height) == (640, 480)
        assert film.info.duration == pytest.approx(1.1)
        (last,) = film.frames([1.0])
    red, green, blue = last.rgb[3 * (230 * 640 + 301) :][:3]
    assert red > 150
    assert green < 130
    assert blue < 80, "the box is in it, in its colour"


def test_targets_that_cannot_be_meant(tmp_path: Path) -> None:
    film, folder = tmp_path / "a.mp4", tmp_path / "frames"
    film.write_bytes(b"x")
    folder.mkdir()
    (tmp_path / "a.txt").write_text("x")
    for target, source, says in (
        (film, film, "the film itself"),
        (folder, folder, "the frames themselves"),
        (tmp_path / "a.txt", film, "no film's name"),
        (tmp_path / "none" / "a.mp4", film, "cannot be a film there"),
    ):
        with pytest.raises(UsageError, match=says):
            check_export(target, source)
    check_export(tmp_path / "new", film)
    check_export(tmp_path / "new.mkv", film)


def test_where_nothing_may_be_written_nothing_is_left(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    tmp_path.chmod(0o755)
    with unprivileged():
        for target in (locked / "out.mp4", locked / "out"):
            with pytest.raises(NotSaved, match=r"out.*could not be saved: Permission denied"):
                export_tracks(target, frames(), [track()], 10.0)
    assert list(locked.iterdir()) == []


def test_a_disk_that_takes_no_more_keeps_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    target.write_bytes(b"before")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(NotSaved, match=r"out\.mp4.*File too large"):
            export_tracks(target, frames(), [track()], 10.0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]
