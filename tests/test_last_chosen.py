"""What was chosen in the app: the last word between it and config.toml counts, and no file stops the program."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from backend.last_chosen import LastChosen, NotRemembered, state_file
from backend.preferences import Preferences

NOTHING = Preferences()


@pytest.fixture
def last(tmp_path: Path) -> LastChosen:
    return LastChosen(tmp_path / "not" / "there" / "chosen.json")


def test_the_file_is_in_the_folder_for_state(own_history: Path) -> None:
    assert state_file().is_relative_to(own_history / "state")


def test_a_choice_comes_back(last: LastChosen) -> None:
    last.remember("theme", "light", NOTHING)
    last.remember("language", "zh_CN", NOTHING)
    assert last.over(NOTHING) == replace(NOTHING, theme="light", language="zh_CN")
    assert [file.name for file in last.file.parent.iterdir()] == ["chosen.json"]  # no parts are left


def test_nothing_was_chosen_yet(last: LastChosen) -> None:
    assert last.over(replace(NOTHING, theme="dark")) == replace(NOTHING, theme="dark")


def test_the_last_word_counts(last: LastChosen) -> None:
    """A choice goes before the line that stood in config.toml already, and a line that is written later before the choice."""
    dark, contrast = replace(NOTHING, theme="dark"), replace(NOTHING, theme="high-contrast")
    last.remember("theme", "light", dark)
    assert last.over(dark).theme == "light"
    assert last.over(contrast).theme == "high-contrast"
    assert last.over(NOTHING).theme == "auto"  # the line was taken out


def test_other_preferences_are_left_as_they_are(last: LastChosen) -> None:
    said = replace(NOTHING, graphics="sixel", mouse=False)
    last.remember("theme", "light", said)
    assert last.over(said) == replace(said, theme="light")


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe{}", b'"' + b"x" * 20_000 + b'"', b"[" * 9_000])
def test_a_damaged_file_is_said_and_written_anew(last: LastChosen, content: bytes) -> None:
    last.file.parent.mkdir(parents=True)
    last.file.write_bytes(content)
    with pytest.raises(NotRemembered, match="damaged") as refused:
        last.over(NOTHING)
    assert "chosen.json" in refused.value.message
    last.remember("theme", "light", NOTHING)
    assert last.over(NOTHING).theme == "light"


@pytest.mark.parametrize(
    "told", [None, 3, "light", {"value": "light"}, {"value": "pink", "over": "auto"}, {"value": 1, "over": "auto"}]
)
def test_what_is_not_known_is_passed_over(last: LastChosen, told: object) -> None:
    last.file.parent.mkdir(parents=True)
    last.file.write_text(json.dumps({"theme": told, "language": {"value": "zh_CN", "over": "auto"}, "more": 1}), "utf-8")
    assert last.over(NOTHING) == replace(NOTHING, language="zh_CN")


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    last = LastChosen(tmp_path / "file" / "chosen.json")
    assert last.over(NOTHING) == NOTHING
    with pytest.raises(NotRemembered, match="cannot be remembered"):
        last.remember("theme", "light", NOTHING)


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotRemembered):
        LastChosen(tmp_path).over(NOTHING)
