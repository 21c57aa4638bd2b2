"""config.toml: what it says, and every slip of the pen refused with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.preferences import Preferences, PreferencesError, load_preferences


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return file


def test_a_file_that_is_not_there_means_the_defaults(tmp_path: Path) -> None:
    assert load_preferences(tmp_path / "none.toml") == Preferences()


def test_everything_can_be_said(tmp_path: Path) -> None:
    said = load_preferences(
        written(
            tmp_path,
            'language = "zh_CN"\ntheme = "light"\ngraphics = "sixel"\nmouse = false\n'
            '[keys]\nsave_overlay = "ctrl+e"\nquit = ["q", "ctrl+q"]\nswitch_depth = []\n',
        )
    )
    assert (said.language, said.theme, said.graphics, said.mouse) == ("zh_CN", "light", "sixel", False)
    assert said.keys == {"save_overlay": ("ctrl+e",), "quit": ("q", "ctrl+q"), "switch_depth": ()}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('langauge = "en"', "langauge"),
        ('language = "de"', "language"),
        ("theme = 1", "theme"),
        ('graphics = "jpeg"', "graphics"),
        ('mouse = "no"', "mouse"),
        ('keys = "x"', "keys"),
        ("[keys]\nquit = 1", "keys.quit"),
        ('[keys]\nquit = [""]', "keys.quit"),
    ],
)
def test_a_slip_of_the_pen_is_named(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(PreferencesError) as refused:
        load_preferences(written(tmp_path, text))
    assert key in refused.value.message
    assert "config.toml" in refused.value.message
    assert refused.value.cure
