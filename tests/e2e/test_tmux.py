"""The app in a real tmux that is attached to a terminal which takes pictures: they pass where tmux lets them, only there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.answering import DARK, VERSION, AnsweringTerminal
from tests.e2e.program import SIGHTLINE, Home
from tests.tui.preview.decoders import Kitty
from tui.preview.kitty import PLACEHOLDER

TMUX = shutil.which("tmux")
pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")

SETTINGS = "set -g status off\nset -s escape-time 0\nset -g default-terminal tmux-256color\n"
SOCKET = "socket"
ATTRIBUTES = b"\x1b[?62;52;c"


@pytest.fixture
def in_tmux(home: Home, scene: Path, request: pytest.FixtureRequest) -> Iterator[AnsweringTerminal]:
    """sightline started by a shell in tmux, which notes the line settings before and after."""
    (home.root / "tmux.conf").write_text(SETTINGS + request.param)
    (home.root / "inside.sh").write_text(
        f"stty -g > before\n{SIGHTLINE} --model demo {scene}\nstty -g > after\necho it has ended; read -r line\n"
    )
    socket = str(home.root / SOCKET)
    arguments = ["-u", "-S", socket, "-f", str(home.root / "tmux.conf"), "new-session", f"sh {home.root / 'inside.sh'}"]
    AnsweringTerminal.answers = []
    terminal = AnsweringTerminal(home, arguments, 120, 40, {"SHELL": "/bin/sh"}, TMUX or "")
    terminal.answers = [(b"\x1b[>q", VERSION), (b"\x1b[c", ATTRIBUTES), (b"\x1b]11;?", DARK)]
    try:
        yield terminal
    finally:
        subprocess.run([TMUX or "", "-S", socket, "kill-server"], capture_output=True, check=False)
        terminal.close()


def held_by(terminal: AnsweringTerminal) -> set[int]:
    """The pictures that it was sent whole."""
    held = Kitty()
    held.read(terminal.raw.decode("utf-8", "replace"))
    return set(held.pictures)


def leave(terminal: AnsweringTerminal, home: Home) -> None:
    terminal.press("ctrl+q")
    terminal.until("it has ended")
    assert (home.folder / "before").read_text() == (home.folder / "after").read_text()
    terminal.press("enter")
    assert terminal.end() == 0


@pytest.mark.parametrize("in_tmux", ["set -g allow-passthrough on\n"], indirect=True)
def test_with_passthrough_the_terminal_gets_the_picture(in_tmux: AnsweringTerminal, home: Home) -> None:
    in_tmux.until(lambda: PLACEHOLDER in in_tmux.text, "a picture by placeholders")
    in_tmux.until("demo · ready")
    held = Kitty()
    held.read(in_tmux.raw.decode("utf-8", "replace"))
    assert held.pictures
    leave(in_tmux, home)
    held = Kitty()
    held.read(in_tmux.raw.decode("utf-8", "replace"))
    assert held.pictures == {}, "a picture stays behind in the terminal"


@pytest.mark.parametrize("in_tmux", ["set -g allow-passthrough on\n"], indirect=True)
def test_a_terminal_that_is_attached_later_gets_the_picture_as_well(in_tmux: AnsweringTerminal, home: Home) -> None:
    in_tmux.until(lambda: PLACEHOLDER in in_tmux.text, "a picture by placeholders")
    in_tmux.until("demo · ready")
    arguments = ["-u", "-S", str(home.root / SOCKET), "attach-session", "-d"]
    AnsweringTerminal.answers = []
    later = AnsweringTerminal(home, arguments, 120, 40, {"SHELL": "/bin/sh"}, TMUX or "")
    later.answers = [(b"\x1b[>q", VERSION), (b"\x1b[c", ATTRIBUTES), (b"\x1b]11;?", DARK)]
    try:
        later.until(lambda: PLACEHOLDER in later.text, "the cells that name it")
        sent = held_by(in_tmux)
        assert sent
        later.until(lambda: held_by(later) >= sent, "the picture itself, and not only the cells that name it")
        leave(later, home)
    finally:
        later.close()


@pytest.mark.parametrize("in_tmux", ["set -g allow-passthrough off\n", ""], indirect=True)
def test_without_it_the_picture_is_drawn_in_cells(in_tmux: AnsweringTerminal, home: Home) -> None:
    in_tmux.until(lambda: "▀▀▀▀" in in_tmux.text, "half-blocks")
    in_tmux.until("demo · ready")
    assert PLACEHOLDER not in in_tmux.text
    assert b"\x1b_G" not in in_tmux.raw
    leave(in_tmux, home)
