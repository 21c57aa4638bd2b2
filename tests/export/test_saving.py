"""An overlay on disk: whole or not at all, and every trouble has a name and a cure."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from backend.errors import UsageError
from backend.export.overlay import check_destination, save_overlay
from backend.export.saving import NotSaved
from backend.scene import Box
from tests.export.canvases import plain
from tests.nobody import unprivileged

BOXES = [Box(10, 10, 50, 40, "cup", id="b1")]


def test_nothing_is_left_but_the_picture(tmp_path: Path) -> None:
    save_overlay(tmp_path / "out.png", plain(64, 48), BOXES)
    assert [path.name for path in tmp_path.iterdir()] == ["out.png"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.png", "PNG"), ("a.JPG", "JPEG"), ("a.jpeg", "JPEG"), ("a.webp", "WEBP"), ("a.tif", "TIFF"), ("a.bmp", "BMP")],
)
def test_the_suffix_decides_the_format(name: str, kind: str, tmp_path: Path) -> None:
    save_overlay(tmp_path / name, plain(64, 48), BOXES)
    with Image.open(tmp_path / name) as saved:
        assert (saved.format, saved.size) == (kind, (64, 48))


@pytest.mark.parametrize("name", ["out", "out.txt", "out.png.gz", ".png", "\x1b[31m.gif"])
def test_a_suffix_that_cannot_be_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="suffix") as refused:
        save_overlay(tmp_path / name, plain(64, 48), BOXES)
    assert refused.value.exit_code == 2
    assert ".png" in refused.value.cure
    assert "\x1b" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "out.png").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        check_destination(tmp_path / "out.png")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist") as refused:
        check_destination(tmp_path / "nowhere" / "out.png")
    assert refused.value.cure


def test_the_picture_itself_is_never_replaced(tmp_path: Path) -> None:
    original = tmp_path / "photo.png"
    original.write_bytes(b"precious")
    (tmp_path / "link.png").symlink_to(original)
    picture = replace(plain(64, 48), path=original)
    for name in ("photo.png", "link.png"):
        with pytest.raises(UsageError, match="picture itself"):
            save_overlay(tmp_path / name, picture, BOXES)
    assert original.read_bytes() == b"precious"


def test_an_older_result_is_replaced_through_a_link_too(tmp_path: Path) -> None:
    (tmp_path / "real.png").write_bytes(b"old")
    (tmp_path / "out.png").symlink_to("real.png")
    save_overlay(tmp_path / "out.png", plain(64, 48), BOXES)
    assert (tmp_path / "out.png").is_symlink()
    with Image.open(tmp_path / "real.png") as saved:
        assert saved.size == (64, 48)


def test_the_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    save_overlay(tmp_path / "out.png", plain(64, 48), BOXES)
    assert (tmp_path / "out.png").stat().st_mode == usual.stat().st_mode


def test_no_permission() -> None:
    with unprivileged(), pytest.raises(NotSaved, match="ermission") as refused:
        save_overlay("/usr/sightline-test.png", plain(64, 48), BOXES)
    assert "write to" in refused.value.cure


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_room_keeps_the_older_result_and_leaves_no_scraps(tmp_path: Path) -> None:
    target = tmp_path / "out.bmp"
    target.write_bytes(b"older")
    with room_for(1000), pytest.raises(NotSaved) as refused:
        save_overlay(target, plain(64, 48), BOXES)
    assert refused.value.cure
    assert target.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["out.bmp"]


def test_a_format_with_too_little_room_for_so_many_pixels(tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="16383") as refused:
        save_overlay(tmp_path / "ribbon.webp", plain(20000, 2), [])
    assert "PNG" in refused.value.cure
    assert list(tmp_path.iterdir()) == []
