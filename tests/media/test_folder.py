"""What a file list offers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import SightlineError
from backend.media import folder
from backend.media.folder import Entry


@pytest.mark.parametrize("name", ["a.jpg", "A.JPG", "b.HeIc", "c.d.tiff", "x.avif", "[red].png", "two\nlines.webp"])
def test_pictures_are_known_by_their_suffix(name: str) -> None:
    assert folder.is_picture(name)


@pytest.mark.parametrize("name", ["a.txt", "jpg", ".png", "a.jpg.part", "a.svg", "a.mp4", "a.gguf", ""])
def test_other_files_are_not(name: str) -> None:
    assert not folder.is_picture(name)


def test_folders_first_then_pictures_in_natural_order(tmp_path: Path) -> None:
    for name in ("10.png", "9.png", "b.JPG", "a2.jpg", "a10.jpg", "notes.txt", ".hidden.png"):
        (tmp_path / name).touch()
    for name in ("z10", "z9", ".git", "trap.png"):
        (tmp_path / name).mkdir()
    (tmp_path / "lost.png").symlink_to(tmp_path / "gone.png")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert [path.name for path in folder.pictures_in(tmp_path)] == ["9.png", "10.png", "a2.jpg", "a10.jpg", "b.JPG", "lost.png"]
    assert [entry.path.name for entry in folder.entries(tmp_path) if entry.is_folder] == ["trap.png", "z9", "z10"]
    assert folder.entries(tmp_path)[0] == Entry(str(tmp_path / "trap.png"), True)
    assert tmp_path / ".hidden.png" in folder.pictures_in(tmp_path, hidden=True)


def test_films_are_listed_where_they_are_wanted(tmp_path: Path) -> None:
    for name in ("b.mp4", "a.MKV", "c.png", "script.ts", "notes.txt"):
        (tmp_path / name).touch()
    assert [entry.path.name for entry in folder.entries(tmp_path)] == ["c.png"]
    assert [entry.path.name for entry in folder.entries(tmp_path, films=True)] == ["a.MKV", "b.mp4", "c.png"]
    assert folder.is_film("script.ts")  # where it is named, it is taken at its word


def test_a_folder_that_cannot_be_listed_says_which_and_why(tmp_path: Path) -> None:
    with pytest.raises(SightlineError, match=r"nowhere.*No such file") as failed:
        folder.pictures_in(tmp_path / "nowhere")
    assert failed.value.cure


def test_names_that_are_no_text_are_listed(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    (tmp_path / name).touch()
    assert folder.pictures_in(tmp_path) == [tmp_path / name]


@given(
    st.lists(st.text(min_size=1, max_size=8), max_size=6).flatmap(
        lambda names: st.permutations(names).map(lambda p: (names, p))
    )
)
def test_the_order_does_not_depend_on_the_order_of_reading(names: tuple[list[str], list[str]]) -> None:
    assert sorted(names[0], key=folder.natural) == sorted(names[1], key=folder.natural)


def test_a_hundred_thousand_names_are_listed_in_natural_order(tmp_path: Path) -> None:
    names = [f"IMG_{number}.jpg" for number in range(100_000)]
    for name in reversed(names):
        os.mknod(tmp_path / name)
    listed = folder.entries(tmp_path)
    assert [entry.name for entry in listed] == names
    assert listed[77].path == tmp_path / "IMG_77.jpg"


def test_the_current_folder_is_spelled_as_paths_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").touch()
    monkeypatch.chdir(tmp_path)
    (entry,) = folder.entries(".")
    assert entry.place == str(Path("a.png"))
    (entry,) = folder.entries(Path("/") / tmp_path)
    assert entry == Entry(str(tmp_path / "a.png"), False)
