"""What pictures are drawn with, from what the terminal answered and what the system knows."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import termios
from collections.abc import Iterator
from time import monotonic

import pytest
from textual.theme import Theme

from backend.terminal.asking import Question, cell_now
from backend.terminal.replies import Answers
from backend.terminal.tmux import Tmux
from tui import probed as probing
from tui.driver import SightlineDriver
from tui.preview.capabilities import Capabilities
from tui.probed import cell_of, probed, resized
from tui.theme import DARK, LIGHT, chosen

FOOT = b"\x1bP>|foot(1.16.2)\x1b\\\x1b[6;18;9t\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;4;22c"


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """In colour, and with nothing in between."""
    for name in ("TMUX", "STY", "ZELLIJ", "NO_COLOR", "SSH_CONNECTION", "KITTY_WINDOW_ID", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def line() -> Iterator[tuple[int, int]]:
    """Both ends of a pseudo-terminal: the terminal's, and the program's."""
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def question(keyboard: int) -> Question:
    settings = termios.tcgetattr(keyboard)
    raw = termios.tcgetattr(keyboard)
    raw[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(keyboard, termios.TCSANOW, raw)
    return Question(keyboard, settings, 5.0, monotonic())


def test_from_the_answers(line: tuple[int, int]) -> None:
    asked = question(line[1])
    os.write(line[0], b"k" + FOOT)
    capabilities, driver = probed(asked, "auto")
    assert (capabilities.protocol, capabilities.cell, capabilities.light) == ("sixel", (9, 18), True)
    assert issubclass(driver, SightlineDriver)
    assert driver.early is not None
    assert driver.early.typed == b"k"
    assert driver.early.settings == asked.settings
    asked.close()
    assert termios.tcgetattr(line[1]) == asked.settings


@pytest.mark.parametrize(
    ("preference", "light", "expected"),
    [("auto", False, DARK), ("auto", True, LIGHT), ("dark", True, DARK), ("light", False, LIGHT), ("mine", True, LIGHT)],
)
def test_the_theme_goes_by_the_background_unless_another_is_preferred(preference: str, light: bool, expected: Theme) -> None:
    assert chosen(preference, light=light) is expected


@pytest.mark.parametrize(
    ("tmux", "expected"),
    [
        (Tmux(False, "XTerm(379)", "3.5a", sixel=True, true_colour=True), ("sixel", True, False, True)),
        (Tmux(True, "kitty(0.41.1)", "3.3a", true_colour=True), ("kitty", False, True, True)),
        (Tmux(False, "XTerm(379)", "3.3a"), ("half-blocks", False, False, False)),
    ],
)
def test_in_tmux_who_draws_is_known(
    line: tuple[int, int], tmux: Tmux, expected: tuple[str, bool, bool, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "tmux-256color", "COLORTERM": ""}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(probing, "ask_tmux", lambda _environment: tmux)
    os.write(line[0], b"\x1bP>|tmux 3.5a\x1b\\\x1b[6;17;8t\x1b[?1;2;4c")
    shown, _driver = probed(question(line[1]), "auto")
    assert (shown.protocol, shown.tmux_draws, shown.in_tmux, shown.true_colour) == expected


def test_who_insists_is_not_asked() -> None:
    capabilities, driver = probed(None, "quadrants")
    assert capabilities.protocol == "quadrants"
    assert issubclass(driver, SightlineDriver)
    assert driver.early is None


def test_over_a_network_bytes_are_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    assert probed(None, "kitty")[0].far


def test_a_cell_by_whoever_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((100, 40)))
    assert cell_of(Answers(cell=(9, 18), window=(1200, 800)), {}) == (9, 18)
    assert cell_of(Answers(window=(1200, 800)), {}) == (12, 20)
    assert cell_of(Answers(window=(100, 40)), {}) == (10, 20)  # a terminal that counts in cells
    assert cell_of(Answers(), {}) == (10, 20)


def test_the_system_s_word_on_a_cell(line: tuple[int, int]) -> None:
    assert cell_now(line[1]) is None
    fcntl.ioctl(line[0], termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 1100, 960))
    assert cell_now(line[1]) == (11, 24)
    assert cell_now(10**6) is None


def test_larger_letters_are_noticed_where_the_system_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "_cell_now", lambda: (15, 30))
    assert resized(Capabilities(graphics="sixel", cell=(10, 20), tells_cell=True)).cell == (15, 30)
    assert resized(Capabilities(graphics="sixel", cell=(10, 20))).cell == (10, 20)
