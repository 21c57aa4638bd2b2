"""--language: before the environment, for help, messages and errors alike, and refused where there is no such language."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.program import Home


@pytest.mark.parametrize("written", [("--language", "zh_CN"), ("--language=zh",), ("--language", "ZH-cn")])
def test_help_and_errors_are_in_the_language_that_is_given(home: Home, written: tuple[str, ...]) -> None:
    assert "用法" in home.sightline(*written, "ask", "--help", LANG="en_GB.UTF-8", SIGHTLINE_LANGUAGE="en").text
    missing = home.sightline(*written, "ask", "where is the cup?", "none.png")
    assert missing.code == 3
    assert "没有" in missing.err
    assert "none.png" in missing.err


@pytest.mark.parametrize(
    "order",
    [
        ("--help", "--language", "zh_CN"),
        ("--language", "zh_CN", "--help"),
        ("--no-mouse", "-mdemo", "--language", "zh_CN", "-h"),
    ],
)
def test_it_is_found_wherever_it_stands_among_the_options(home: Home, order: tuple[str, ...]) -> None:
    helped = home.sightline(*order)
    assert helped.code == 0
    assert "用法" in helped.text
    assert "--language [en|zh_CN]" in helped.text


def test_it_goes_before_environment_and_settings(home: Home) -> None:
    settings = home.root / ".config" / "sightline" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('language = "zh_CN"\n')
    assert "用法" in home.sightline("ask", "--help").text
    assert "Usage" in home.sightline("--language", "en", "ask", "--help", SIGHTLINE_LANGUAGE="zh_CN").text
    settings.write_text("language = 3\n")  # nobody needs it then
    assert "Usage" in home.sightline("--language", "en", "ask", "--help", LANG="zh_CN.UTF-8").text


@pytest.mark.parametrize("unknown", ["tlh", "", "--help"])
def test_another_language_is_refused_with_those_that_there_are(home: Home, unknown: str) -> None:
    refused = home.sightline("--language", unknown, "models", "list")
    assert (refused.code, refused.out) == (2, b"")
    assert "--language" in refused.err
    assert "'en', 'zh_CN'" in refused.err
    assert "Traceback" not in refused.err


def test_what_belongs_to_a_command_is_not_taken_for_it(home: Home) -> None:
    """A question may hold the word."""
    missing = home.sightline("ask", "--language", "zh_CN", "none.png")
    assert missing.code == 2
    assert "--language" in missing.err
    assert "没有" not in missing.err
    asked = home.sightline("--model", "--language", "zh_CN")  # the model's name, then a path
    assert asked.code == 2
    assert "zh_CN" in asked.err


def test_plain_mode_speaks_it(home: Home, scene: Path) -> None:
    told = home.sightline("--language", "zh", "--plain", scene, stdin=b"/language\n/quit\n", SIGHTLINE_MODEL="demo")
    assert told.code == 0
    assert "中文" in told.text + told.err
