"""What is named on a command line, as sources one after the other."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from backend.batch.listing import Listing
from backend.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "10.png",
        "2.png",
        "notes.txt",
        ".hidden.png",
        "film.mp4",
        "in/b.jpg",
        "in/a.jpg",
        "in/deep/c.webp",
        "x.png/d.png",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "in" / "round").symlink_to(tmp_path, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(listing: Listing) -> list[str]:
    return [str(source.path) for source in listing.sources()]


def test_a_folder_gives_its_pictures_and_films_in_natural_order(folder: Path) -> None:
    assert names(Listing.of(["."])) == ["2.png", "10.png", "film.mp4"]
    assert names(Listing.of([str(folder / "in")])) == [str(folder / "in" / "a.jpg"), str(folder / "in" / "b.jpg")]


@pytest.mark.usefixtures("folder")
def test_with_recursive_also_those_of_folders_inside_and_no_circle_is_followed() -> None:
    listed = names(Listing.of(["in"], recursive=True))
    assert listed[:3] == ["in/a.jpg", "in/b.jpg", "in/deep/c.webp"]
    assert names(Listing.of(["."], recursive=True))[:6] == [
        "2.png",
        "10.png",
        "film.mp4",
        "in/a.jpg",
        "in/b.jpg",
        "in/deep/c.webp",
    ]
    assert "x.png/d.png" in names(Listing.of(["."], recursive=True))
    assert all(name.count("round") <= 1 for name in names(Listing.of(["."], recursive=True)))


@pytest.mark.usefixtures("folder")
def test_files_whatever_they_are_called_and_patterns() -> None:
    assert names(Listing.of(["notes.txt", "*.png"])) == ["notes.txt", "2.png", "10.png"]
    assert names(Listing.of(["in/**/*.webp"])) == ["in/deep/c.webp"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["none.png", "no*.png", "a\0b", ""])
def test_a_name_that_fits_nothing_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="there is no file or folder"):
        Listing.of([name])


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\0"])
def test_a_list_is_read_a_path_a_line(end: bytes, folder: Path) -> None:
    odd = os.fsdecode(b"caf\xe9 \x1b[31m.png")
    (folder / odd).write_bytes(b"x")
    file = io.BytesIO(end.join([b"in", b"", os.fsencode(odd), b"gone.png"]))
    listed = [str(source.path) for source in Listing(()).listed(file)]
    assert listed == ["in/a.jpg", "in/b.jpg", odd, "gone.png"]


def test_the_first_of_a_list_is_there_before_the_last_was_read(folder: Path) -> None:
    class Endless(io.BytesIO):
        reads = 0

        def read1(self, size: int | None = -1, /) -> bytes:
            del size
            self.reads += 1
            return b"2.png\n10.png\n"

    file = Endless()
    listed = Listing(()).listed(file)
    assert [next(listed).path.name for __ in range(2)] == ["2.png", "10.png"]
    assert (file.reads, (folder / "2.png").exists()) == (1, True)


def test_a_list_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="no path"):
        list(Listing(()).listed(io.BytesIO(b"x" * 200_000)))


def test_a_folder_inside_that_may_not_be_read_is_told_and_the_rest_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "deep":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    sources = list(Listing.of([str(folder / "in"), str(folder / "2.png")], recursive=True).sources())
    problems = [source for source in sources if source.problem is not None]
    assert [source.path.name for source in problems] == ["deep"]
    assert "cannot be listed: Permission denied" in str(problems[0].problem)
    assert sources[-1].path.name == "2.png"
