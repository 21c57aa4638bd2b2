"""Whatever lies under a picture's name: an answer or a clear message, never a hang and never a raw escape sequence."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from backend.errors import UnreadablePicture
from backend.media import files, images
from tests.media.samples import encoded, quarters
from tests.nobody import unprivileged


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder that everybody may enter, so that only the file's own permissions count."""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    return tmp_path


def refusal(path: str | Path) -> UnreadablePicture:
    with pytest.raises(UnreadablePicture) as refused:
        images.load(path)
    error = refused.value
    assert error.exit_code == 3
    assert error.cure
    assert "\n" not in str(error)
    assert "\x1b" not in str(error)
    return error


def test_a_missing_file(tmp_path: Path) -> None:
    error = refusal(tmp_path / "none.jpg")
    assert "none.jpg" in str(error)
    assert "no such file" in str(error)


def test_a_file_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    assert "no such file" in str(refusal(tmp_path / "a.jpg" / "b.jpg"))


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    assert "empty (0 bytes)" in str(refusal(tmp_path / "empty.png"))


def test_a_text_file_named_jpg(tmp_path: Path) -> None:
    (tmp_path / "list.jpg").write_text("eggs\n")
    assert "it holds text" in str(refusal(tmp_path / "list.jpg"))


def test_a_folder(tmp_path: Path) -> None:
    error = refusal(tmp_path)
    assert "it is a folder" in str(error)
    assert "sightline FOLDER" in error.cure


def test_no_read_permission(open_folder: Path) -> None:
    path = open_folder / "secret.png"
    path.write_bytes(encoded(quarters(), "PNG"))
    path.chmod(0)
    with unprivileged():
        error = refusal(path)
    assert "permission" in str(error)
    assert "chmod" in error.cure


def test_a_folder_that_may_not_be_entered(open_folder: Path) -> None:
    locked = open_folder / "locked"
    locked.mkdir(mode=0)
    with unprivileged():
        assert "permission" in str(refusal(locked / "a.png"))


def test_pipes_devices_and_sockets_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "it is a pipe" in str(refusal(tmp_path / "pipe.jpg"))
    assert "it is a device" in str(refusal("/dev/zero"))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s.jpg"))
        assert "it is a socket" in str(refusal(tmp_path / "s.jpg"))


def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to(tmp_path / "b.jpg")
    (tmp_path / "b.jpg").symlink_to(tmp_path / "a.jpg")
    assert "circle" in str(refusal(tmp_path / "a.jpg"))


@pytest.mark.parametrize("name", ["a\0b.jpg", "n" * 300 + ".jpg"])
def test_names_that_no_file_can_have(name: str, tmp_path: Path) -> None:
    assert "name" in str(refusal(tmp_path / name))


@pytest.mark.parametrize("name", ["two\nlines.png", "\x1b[31mred\x1b[0m.png", "[red]markup[bold].png", "\u202egnp.png"])
def test_hostile_names_are_shown_escaped_and_their_pictures_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"no picture \1")
    assert "“" in str(refusal(path))
    path.write_bytes(encoded(quarters(), "PNG"))
    assert images.load(path).name == str(path)


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.png")
    path.write_bytes(encoded(quarters(), "PNG"))
    assert images.load(path).width == 48
    path.write_bytes(b"")
    str(refusal(path)).encode("utf-8")


def test_a_file_too_large_for_a_picture_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "film.png"
    with path.open("wb") as file:
        file.truncate(files.MOST_BYTES + 1)  # a sparse file: no disk is used
    assert "larger than 1024 MiB" in str(refusal(path))
