"""Films: the frame that is shown at a time, whatever the container, and files that are no films."""

from __future__ import annotations

import os
import random
import sys
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest

from backend.errors import UnreadableFilm
from backend.extras import MissingExtra
from backend.media.film import open_film
from backend.media.film.reel import Reel
from tests.media.film.making import make, make_sound, number_of, painted, pixels_of, red_corner, without_packets

CONTAINERS = (("a.mp4", "mpeg4"), ("a.mkv", "mpeg4"), ("a.avi", "mpeg4"), ("a.mov", "mjpeg"), ("a.webm", "libvpx-vp9"))


@pytest.mark.parametrize(("name", "codec"), CONTAINERS, ids=[name for name, _ in CONTAINERS])
def test_the_frame_that_is_shown_at_a_time_is_given(name: str, codec: str, tmp_path: Path) -> None:
    make(tmp_path / name, codec=codec)
    with open_film(tmp_path / name) as film:
        assert (film.info.width, film.info.height, film.info.frames) == (64, 48, 30)
        assert film.info.duration == pytest.approx(3.0, abs=0.11)
        assert film.info.fps == pytest.approx(10.0, rel=0.05)
        given = list(film.frames([0.0, 0.05, 0.1, 1.04, 2.09, 2.1]))
    assert [number_of(picture) for picture in given] == [0, 1, 10, 20, 21]
    assert [picture.time for picture in given] == pytest.approx([0.0, 0.1, 1.0, 2.0, 2.1])
    assert given[2].name == f"{tmp_path / name}@00:01.00"
    assert given[0].sha256 != given[1].sha256


def test_times_outside_the_film_give_its_ends_and_each_frame_comes_once(tmp_path: Path) -> None:
    with open_film(make(tmp_path / "a.mp4")) as film:
        assert [number_of(picture) for picture in film.frames([50.0, -1.0, 2.95, 0.01])] == [0, 29]
        with pytest.raises(ValueError, match="no number"):
            film.frames([float("nan")])


def test_frames_are_decoded_as_they_are_taken(tmp_path: Path) -> None:
    with open_film(make(tmp_path / "a.mp4")) as film:
        first, second = film.frames([0.5]), film.frames([1.5, 2.5])
        assert number_of(next(second)) == 15
        assert number_of(next(first)) == 5
        assert number_of(next(second)) == 25
        film.close()
        assert list(second) == []


def test_a_varying_rate_is_told_by_times(tmp_path: Path) -> None:
    times = [0.0, 0.04, 0.08, 1.5, 1.54, 4.0, 4.02, 6.0]
    with open_film(make(tmp_path / "a.mp4", times=times, key_every=3)) as film:
        given = list(film.frames([0.07, 1.0, 1.51, 3.9, 4.01, 4.5, 5.99, 6.0]))
    assert [number_of(picture) for picture in given] == [1, 2, 3, 4, 5, 6, 7]
    assert [picture.time for picture in given] == pytest.approx([0.04, 0.08, 1.5, 1.54, 4.0, 4.02, 6.0])


@pytest.mark.parametrize(
    ("turned", "clockwise", "mirrored", "corner"),
    [
        ((90.0, False), 270, False, "bottom left"),
        ((-90.0, False), 90, False, "top right"),
        ((180.0, False), 180, False, "bottom right"),
        ((0.0, True), 0, True, "top right"),
        ((90.0, True), 270, True, "bottom right"),
        ((-90.0, True), 90, True, "top left"),
        ((180.0, True), 180, True, "bottom left"),
    ],
)
def test_rotation_flags_put_frames_upright(
    turned: tuple[float, bool], clockwise: int, mirrored: bool, corner: str, tmp_path: Path
) -> None:
    with open_film(make(tmp_path / "a.mp4", turned=turned)) as film:
        lying = clockwise in (90, 270)
        assert (film.info.width, film.info.height) == ((48, 64) if lying else (64, 48))
        assert (film.info.rotation, film.info.mirrored) == (clockwise, mirrored)
        (picture,) = film.frames([1.0])
    assert (picture.width, picture.height) == (film.info.width, film.info.height)
    assert red_corner(picture) == corner


def test_pixels_that_are_not_square_are_stretched(tmp_path: Path) -> None:
    with open_film(make(tmp_path / "a.mp4", aspect=Fraction(3, 2))) as film:
        assert (film.info.width, film.info.height) == (96, 48)
        assert "not square" in film.info.notes[0]
        (picture,) = film.frames([0.0])
    assert picture.stored_size == (96, 48)


def test_hdr_is_said(tmp_path: Path) -> None:
    with open_film(make(tmp_path / "a.mkv", codec="libvpx-vp9", transfer=16)) as film:
        assert any("HDR" in note for note in film.info.notes)
    with open_film(make(tmp_path / "b.mkv", codec="libvpx-vp9")) as film:
        assert film.info.notes == ()


def test_one_key_frame_is_enough(tmp_path: Path) -> None:
    with open_film(make(tmp_path / "a.mp4", key_every=10_000)) as film:
        assert [number_of(picture) for picture in film.frames([2.0, 2.8])] == [20, 28]


def test_a_film_that_stands_elsewhere_after_winding_is_played_from_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path / "a.mp4", times=[n / 2 for n in range(60)])
    monkeypatch.setattr(Reel, "_ticks", lambda self, time: round((time + 1000) / self.track.time_base))
    with open_film(tmp_path / "a.mp4") as film:
        assert [number_of(picture) for picture in film.frames([6.0, 13.0, 14.0])] == [12, 26, 28]


def test_a_recording_that_begins_between_key_frames_begins_at_the_next_one(tmp_path: Path) -> None:
    whole = make(tmp_path / "whole.mkv", key_every=10)
    with open_film(without_packets(whole, tmp_path / "late.mkv", range(3))) as film:
        given = list(film.frames([0.0, 1.0]))
        assert given[0].time == 0.0
        assert number_of(given[0]) in (3, 10)  # a decoder may make do with what it has


def test_frames_that_could_not_be_decoded_are_said_once(tmp_path: Path) -> None:
    path = make(tmp_path / "a.mp4", options={"movflags": "faststart"})
    path.write_bytes(path.read_bytes()[:-900])
    with open_film(path) as film:
        notes = [picture.notes for picture in film.frames([0.0, 1.0, 2.0, 2.9])]
    assert notes[0] == ()
    assert notes[-1] == ("1 frame of the film before it could not be decoded",)


def test_no_key_frame_at_all_is_said(tmp_path: Path) -> None:
    whole = make(tmp_path / "whole.ts", codec="libvpx-vp9", key_every=10_000, container="matroska")
    with pytest.raises(UnreadableFilm, match="no frame of it can be decoded") as refused:
        open_film(without_packets(whole, tmp_path / "none.mkv", range(1)))
    assert refused.value.cure


def test_a_bare_stream_without_times_is_counted(tmp_path: Path) -> None:
    make(tmp_path / "a.m4v", container="m4v", fps=25)
    with open_film(tmp_path / "a.m4v") as film:
        assert film.info.frames == 30
        assert [number_of(picture) for picture in film.frames([0.0, 0.4, 1.0])] == [0, 10, 25]


def test_8k_frames_are_reduced_while_they_are_converted(tmp_path: Path) -> None:
    make(tmp_path / "a.mp4", times=[0.0], size=(7680, 4320))
    with open_film(tmp_path / "a.mp4") as film:
        (picture,) = film.frames([0.0], most_pixels=500_000)
        (kept,) = film.frames([0.0])
    assert (picture.width, picture.height) == (7680, 4320)
    assert picture.stored_size == (943, 530)
    assert kept.stored_size[0] * kept.stored_size[1] < 8_310_000
    assert red_corner(picture) == "top left"


def test_more_pixels_than_can_be_decoded_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.media.film.source.MOST_PIXELS", 3000)
    with pytest.raises(UnreadableFilm, match="claims frames of 64×48 pixels"):
        open_film(make(tmp_path / "a.mp4"))


def test_colours_come_through(tmp_path: Path) -> None:
    with open_film(make(tmp_path / "a.mp4")) as film:
        (picture,) = film.frames([0.5])
    wrong = abs(pixels_of(picture)[20:].astype(int) - painted(5, (64, 48))[20:].astype(int))
    assert wrong.max() <= 6


def test_a_film_that_was_cut_off_gives_what_is_there(tmp_path: Path) -> None:
    whole = make(tmp_path / "whole.mp4", options={"movflags": "faststart"}).read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    with open_film(cut) as film:
        assert any("cut off" in note for note in film.info.notes)
        assert 0.3 < film.info.duration < 2.5
        given = list(film.frames([0.0, 0.2, 2.9]))
    assert [number_of(picture) for picture in given[:2]] == [0, 2]
    assert given[-1].time == pytest.approx(film.info.duration, abs=0.31)


@pytest.mark.parametrize("name", ["a.mkv", "a.webm"])
def test_a_matroska_that_was_cut_off_as_well(name: str, tmp_path: Path) -> None:
    codec = "libvpx-vp9" if name.endswith("webm") else "mpeg4"
    whole = make(tmp_path / name, codec=codec).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) * 2 // 3])
    with open_film(tmp_path / name) as film:
        assert 0.2 < film.info.duration < 2.9
        assert number_of(next(film.frames([0.1]))) == 1


def _unreadable(path: Path) -> str:
    with pytest.raises(UnreadableFilm) as refused:
        open_film(path)
    assert path.name in str(refused.value)
    assert refused.value.cure
    assert refused.value.exit_code == 3
    return str(refused.value)


def test_files_that_are_no_films_are_refused_with_the_reason(tmp_path: Path) -> None:
    whole = make(tmp_path / "whole.mp4").read_bytes()
    contents = {
        "empty.mp4": (b"", "empty"),
        "cut.mp4": (whole[: len(whole) // 2], "cut off"),
        "text.mp4": (b"a shopping list\n" * 99, "no film format"),
        "list.mp4": (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n", "playlist"),
        "begun.mkv": (b"\x1aE\xdf\xa3\x01", "beginning"),
    }
    for name, (data, reason) in contents.items():
        (tmp_path / name).write_bytes(data)
        assert reason in _unreadable(tmp_path / name)
    assert "sound and no moving pictures" in _unreadable(make_sound(tmp_path / "sound.m4a"))
    assert "no such file" in _unreadable(tmp_path / "nowhere.mp4")
    assert "folder" in _unreadable(tmp_path)
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "not a regular file" in _unreadable(tmp_path / "pipe.mp4")


def test_a_name_is_never_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    odd = Path(os.fsdecode(b"concat:a|b \xff.mp4"))
    make(tmp_path / "a.mp4").replace(odd)
    with open_film(odd) as film:
        assert film.info.frames == 30
    assert "no such file" in _unreadable(Path("http:x.mp4"))


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "a.ts"])
def test_damaged_films_are_shown_in_part_or_refused_and_never_more(name: str, tmp_path: Path) -> None:
    codec = "mpeg2video" if name.endswith("ts") else "mpeg4"
    whole = make(tmp_path / name, codec=codec, fps=25).read_bytes()
    rng, shown = random.Random(7), 0
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 10, 100))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        (tmp_path / name).write_bytes(data[: rng.choice((len(data), rng.randrange(len(data))))])
        with suppress(UnreadableFilm), open_film(tmp_path / name) as film:
            assert film.info.duration >= 0
            for picture in film.frames([0.0, 0.5, film.info.last]):
                assert len(picture.rgb) == 3 * picture.stored_size[0] * picture.stored_size[1]
                shown += 1
    assert shown


def test_without_pyav_it_is_said_what_for_and_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "a.mp4")
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingExtra, match="to read a film, sightline needs av") as refused:
        open_film(path)
    assert "sightline[video]" in refused.value.cure
