"""A folder into which pictures are put, while somebody watches."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from PIL import Image

from backend.errors import SightlineError, UnreadablePicture
from backend.watch import UnusableSource, open_source
from backend.watch.shot import Shot

PATIENCE_S = 20.0


def png(path: Path, colour: tuple[int, int, int] = (200, 10, 10)) -> bytes:
    Image.new("RGB", (64, 48), colour).save(path)
    return path.read_bytes()


@contextmanager
def watched(folder: Path, *, every: bool = False) -> Iterator[list[Shot]]:
    """The shots that a source of that folder gives meanwhile."""
    stop, seen = Event(), list[Shot]()
    source = open_source(str(folder), every=every)

    def listen() -> None:
        for one in source.shots(stop):
            seen.append(one)

    thread = Thread(target=listen, daemon=True)
    thread.start()
    time.sleep(0.3)
    yield seen
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def until(seen: list[Shot], count: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while len(seen) < count and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(seen) >= count


def names(seen: list[Shot]) -> list[str]:
    return [Path(one.picture().name).name for one in seen]


def test_new_pictures_are_seen_and_old_ones_are_not(tmp_path: Path) -> None:
    png(tmp_path / "old.png")
    with watched(tmp_path) as seen:
        png(tmp_path / "new.png")
        (tmp_path / "notes.txt").write_text("no picture")
        until(seen, 1)
        time.sleep(0.4)
        assert names(seen) == ["new.png"]
        assert seen[0].time > 0


def test_where_each_counts_those_that_lie_there_come_first_in_their_order(tmp_path: Path) -> None:
    for name in ("10.png", "9.png"):
        png(tmp_path / name)
    with watched(tmp_path, every=True) as seen:
        until(seen, 2)
        assert names(seen) == ["9.png", "10.png"]
        assert [one.number for one in seen] == [1, 2]


def test_a_picture_that_is_still_being_written_is_waited_for(tmp_path: Path) -> None:
    whole = noise()
    with watched(tmp_path) as seen, (tmp_path / "slow.png").open("wb") as file:
        for start in range(0, len(whole), max(1, len(whole) // 8)):
            file.write(whole[start : start + max(1, len(whole) // 8)])
            file.flush()
            time.sleep(0.06)
            assert not seen, "it was not whole yet"
        until(seen, 1)
        assert seen[0].picture().width == 64


def noise() -> bytes:
    """A picture that takes some space."""
    made = io.BytesIO()
    Image.effect_noise((64, 48), 90).convert("RGB").save(made, "PNG")
    return made.getvalue()


def test_one_that_is_written_anew_is_new_again_and_an_empty_one_is_none(tmp_path: Path) -> None:
    with watched(tmp_path) as seen:
        png(tmp_path / "camera.png", (1, 2, 3))
        until(seen, 1)
        first = seen[0].picture().sha256
        (tmp_path / "empty.png").touch()
        png(tmp_path / "camera.png", (200, 2, 3))
        until(seen, 2)
        assert seen[1].picture().sha256 != first
        assert len(seen) == 2


def test_a_broken_file_is_an_error_of_its_own_when_it_is_looked_at(tmp_path: Path) -> None:
    with watched(tmp_path) as seen:
        (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
        until(seen, 1)
        with pytest.raises(UnreadablePicture):
            seen[0].picture()


def test_a_folder_that_goes_away_ends_it_with_a_reason(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    shots = open_source(str(folder)).shots(Event())
    folder.rmdir()
    with pytest.raises(SightlineError, match="cannot be listed"):
        next(shots)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nothing", "no such file"), ("/dev/video97", "no such file"), ("no\0name", "null"), ("x" * 5000, "too long")],
)
def test_what_is_not_there_cannot_be_watched(name: str, reason: str) -> None:
    with pytest.raises(UnusableSource, match=f"(?i){reason}") as error:
        open_source(name)
    assert error.value.cure
    assert error.value.exit_code == 3
