"""A folder's lines, made only where they are looked at: the same as if all of them were there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.media import folder
from backend.media.folder import Entry, Listing

NAMES = st.lists(st.text("abAB12.é", min_size=1, max_size=5), max_size=12)


def listing_of(folders: list[str], files: list[str]) -> Listing:
    return Listing([f"/x/{name}" for name in (*folders, *files)], len(folders))


@given(NAMES, NAMES)
def test_it_is_the_sequence_of_its_entries(folders: list[str], files: list[str]) -> None:
    listed = listing_of(folders, files)
    entries = [Entry(f"/x/{name}", True) for name in folders] + [Entry(f"/x/{name}", False) for name in files]
    assert list(listed) == entries
    assert [listed[number] for number in range(len(listed))] == entries
    assert [listed[-number] for number in range(1, len(listed) + 1)] == entries[::-1]
    assert listed[1:5] == entries[1:5]
    assert listed.files == len(files)
    with pytest.raises(IndexError):
        listed[len(entries)]


@given(NAMES, NAMES, st.text("aAB1é", max_size=2))
def test_the_filter_lets_through_what_contains_the_text_in_any_case(folders: list[str], files: list[str], text: str) -> None:
    listed = listing_of(folders, files)
    passing = listed.containing(text)
    assert list(passing) == [entry for entry in listed if text.casefold() in entry.name.casefold()]
    assert list(passing.containing("a")) == [entry for entry in passing if "a" in entry.name.casefold()]


def test_entries_are_found_added_and_left_out() -> None:
    listed = listing_of(["in"], ["a", "b"]).below("/").followed_by("/x/odd")
    assert list(listed) == [
        Entry("/", True),
        Entry("/x/in", True),
        Entry("/x/a", False),
        Entry("/x/b", False),
        Entry("/x/odd", False),
    ]
    assert listed.at("/x/b") == 3
    assert listed.at("/x/c") is None
    assert list(listed.without(0)) == list(listed)[1:]
    assert list(listed.without(3)) == [entry for entry in listed if entry.name != "b"]


@pytest.mark.parametrize("count", [0, 1, 4095, 4096, 4097, 12_289, 20_480])
def test_runs_are_merged_into_one_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(folder, "_RUN", 64)
    keys = [folder.natural(f"{number * 7919 % count}.png") for number in range(count // 64)]
    assert folder._sorted(list(keys)) == sorted(keys)
    (tmp_path / "10.png").touch()
    (tmp_path / "9.png").touch()
    assert [entry.name for entry in folder.listing(tmp_path)] == ["9.png", "10.png"]
