"""Which language a start speaks: the command line's, the environment's, the last word of app and config.toml, the locale's."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.cli.main import sightline
from backend.cli.speaking import language_for
from backend.language import VARIABLE
from backend.last_chosen import LastChosen
from backend.preferences import load_preferences


@pytest.fixture(autouse=True)
def english_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def config(own_settings: Path, text: str) -> None:
    file = own_settings / "sightline" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def test_the_locale_where_nothing_else_is_said() -> None:
    assert language_for(sightline, []) == "en"


def test_what_was_chosen_in_the_app_goes_before_the_locale() -> None:
    LastChosen().remember("language", "zh_CN", load_preferences())
    assert language_for(sightline, ["doctor"]) == "zh_CN"


def test_environment_and_command_line_go_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    LastChosen().remember("language", "zh_CN", load_preferences())
    assert language_for(sightline, ["--language", "en"]) == "en"
    monkeypatch.setenv(VARIABLE, "en")
    assert language_for(sightline, []) == "en"
    assert language_for(sightline, ["--language", "zh"]) == "zh_CN"


def test_of_config_and_choice_the_last_one_counts(own_settings: Path) -> None:
    config(own_settings, 'language = "en"')
    LastChosen().remember("language", "zh_CN", load_preferences())
    assert language_for(sightline, []) == "zh_CN"
    config(own_settings, 'language = "auto"')
    assert language_for(sightline, []) == "en"


def test_a_damaged_file_stops_nothing() -> None:
    last = LastChosen()
    last.file.parent.mkdir(parents=True)
    last.file.write_text("{")
    assert language_for(sightline, []) == "en"
