"""What is chosen in the app is there again at the next start, and nowhere else is anything written."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.program import Home
from tests.e2e.terminal import in_terminal

CTRL_P, CTRL_Q, CTRL_T = "\x10", "\x11", "\x14"
WHITE = b"48;2;255;255;255"
"""The background of the light theme."""


def test_language_and_theme_come_back(home: Home, scene: Path) -> None:
    with in_terminal(home, "--model", "demo", scene.parent) as terminal:
        terminal.until("demo · ready")
        terminal.press(CTRL_P)
        terminal.until("Find a command by its name")
        terminal.press("中文")
        terminal.until("Language: 中文")
        terminal.press("enter")
        terminal.until("就绪")
        terminal.press(CTRL_T)
        terminal.until(lambda: WHITE in terminal.raw, "the light theme")
        terminal.press(CTRL_Q)
        assert terminal.end() == 0
    (state,) = home.root.rglob("chosen.json")
    assert {name: one["value"] for name, one in json.loads(state.read_text()).items()} == {
        "language": "zh_CN",
        "theme": "light",
    }
    assert not list(home.root.rglob("config.toml"))
    assert "用法" in home.sightline("--help").text
    with in_terminal(home, "--model", "demo", scene.parent) as terminal:
        terminal.until("就绪")
        assert WHITE in terminal.raw
        terminal.press(CTRL_Q)
        assert terminal.end() == 0


def test_a_damaged_file_is_told_and_the_app_opens(home: Home, scene: Path) -> None:
    state = home.root / ".local" / "state" / "sightline" / "chosen.json"
    state.parent.mkdir(parents=True)
    state.write_text("{")
    with in_terminal(home, "--model", "demo", scene.parent) as terminal:
        terminal.until("it is damaged")
        terminal.until("demo · ready")
        terminal.press(CTRL_Q)
        assert terminal.end() == 0
