"""Frames in the order of time, whether they lie in a film or in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from backend.errors import UnreadableFilm, UnreadablePicture, UsageError
from backend.media.footage import opened
from tests.media.film.making import make


def folder_of(path: Path, names: list[str], size: tuple[int, int] = (40, 30)) -> Path:
    path.mkdir()
    for number, name in enumerate(names):
        Image.new("RGB", size, (number, 0, 0)).save(path / name)
    return path


def test_numbered_frames_are_taken_at_a_rate_that_is_said(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "f", ["1.png", "2.png", "10.png"])
    with opened(folder, None, None, None) as footage:
        assert (footage.size, footage.times) == ((40, 30), (0.0, 0.1, 0.2))
        assert "taken for 10 a second" in footage.notes[0]
        pictures = list(footage.frames(footage.times))
    assert [picture.rgb[0] for picture in pictures] == [0, 1, 2], "10.png comes last"
    assert [picture.time for picture in pictures] == [0.0, 0.1, 0.2]
    with opened(folder, 2.0, 0.5, 0.5) as footage:
        assert (footage.times, footage.notes) == ((0.5,), ())


def test_names_that_tell_a_time_are_believed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "f", ["a_00-01.50.png", "a_00-00.25.png", "a_1-00-02.00.png"])
    with opened(folder, None, None, None) as footage:
        assert footage.times == (0.25, 1.5, 3602.0)
        assert footage.notes == ()
        assert [picture.time for picture in footage.frames([1.6, 0.3])] == [0.25, 1.5]


def test_a_film_is_looked_at_five_times_a_second(tmp_path: Path) -> None:
    film = make(tmp_path / "a.mp4")
    with opened(film, None, 1.0, 2.0) as footage:
        assert footage.times == pytest.approx([1.0, 1.2, 1.4, 1.6, 1.8, 2.0])
        assert [picture.time for picture in footage.frames(footage.times[:2])] == pytest.approx([1.0, 1.2])


def test_a_frame_of_another_size_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "f", ["1.png"])
    Image.new("RGB", (8, 8)).save(folder / "2.png")
    with opened(folder, 1.0, None, None) as footage:
        frames = footage.frames(footage.times)
        next(frames)
        with pytest.raises(UnreadablePicture, match=r"2.png.*8×8 where the first frame is 40×30"):
            next(frames)


def test_what_holds_no_frames_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no picture in"), opened(tmp_path / "empty", None, None, None):
        pass
    folder = folder_of(tmp_path / "f", ["1.png"])
    with pytest.raises(UsageError, match="between these times"), opened(folder, None, 5.0, None):
        pass
    twice = folder_of(tmp_path / "t", ["a_00-01.00.png", "b_00-01.00.png"])
    with pytest.raises(UsageError, match="the same time in their names"), opened(twice, None, None, None):
        pass
    (tmp_path / "zero.mp4").write_bytes(b"")
    with pytest.raises(UnreadableFilm, match=r"zero\.mp4"), opened(tmp_path / "zero.mp4", None, None, None):
        pass
