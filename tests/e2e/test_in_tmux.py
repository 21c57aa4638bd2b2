"""Used in tmux, as most who work over SSH do: every size, a storm of them, job control, a killed program, a closed window."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import psutil
import pytest

from tests.e2e.program import PATIENCE_S, Home
from tests.e2e.tmux import TMUX, Tmux, in_tmux

pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not installed here")
SIZES = [(80, 24), (120, 40), (200, 60)]


def started(tmux: Tmux, folder: Path) -> psutil.Process:
    """The app on a folder, its picture shown and its model loaded; its process."""
    tmux.start("--model", "demo", folder)
    tmux.until(lambda text: "▀▀▀▀" in text and "demo · ready" in text)
    shell = psutil.Process(int(tmux("display-message", "-p", "#{pane_pid}")))
    return next(child for child in shell.children(recursive=True) if "sightline" in " ".join(child.cmdline()))


def answered(text: str) -> bool:
    """Whether an answer is whole: its time and tokens stand below it, and its box is drawn. (The status line counts tokens
    before.)"""
    return re.search(r"s · \d+ tokens", text) is not None and ("┌" in text or "┏" in text)


def ask(tmux: Tmux, question: str) -> None:
    """From the files, all keys in one piece: none of them may be taken by the file list."""
    tmux.type("", "Enter", *("Space" if letter == " " else letter for letter in question), "Enter")


def left(tmux: Tmux) -> None:
    """Leave by the key; the shell is back, with its own screen, echo and cursor."""
    tmux.type("", "C-q")
    tmux.until(lambda text: "▀" not in text and "$" in text)
    tmux.type("echo still-$((40+2))", "Enter")
    assert "still-42" in tmux.until("still-42")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_asked_and_answered_at_every_size(home: Home, scene: Path, size: tuple[int, int]) -> None:
    with in_tmux(home, *size) as tmux:
        started(tmux, scene.parent)
        ask(tmux, "Locate the red circle")
        tmux.until(answered)
        left(tmux)


def test_a_storm_of_sizes_is_weathered(home: Home, scene: Path) -> None:
    with in_tmux(home) as tmux:
        started(tmux, scene.parent)
        for step in range(40):
            tmux.resize(60 + (step * 37) % 160, 16 + (step * 11) % 50)
        tmux.resize(20, 6)  # too small for anything
        tmux.resize(120, 40)
        tmux.until(lambda text: "▀▀▀▀" in text and "scene.png" in text and "Ask where something is" in text)
        ask(tmux, "Locate the red circle")
        tmux.until(answered)
        left(tmux)


def test_suspended_and_resumed(home: Home, scene: Path) -> None:
    with in_tmux(home) as tmux:
        process = started(tmux, scene.parent)
        tmux.type("", "C-z")
        tmux.until(lambda text: "▀" not in text and "$" in text)
        assert process.status() == psutil.STATUS_STOPPED
        tmux.type("echo shell-$((40+2))", "Enter")
        tmux.until("shell-42")
        tmux.type("fg", "Enter")
        tmux.until(lambda text: "▀▀▀▀" in text and "scene.png" in text)
        ask(tmux, "Locate the red circle")
        tmux.until(answered)
        left(tmux)


def test_killed_the_terminal_can_be_had_back_and_the_app_opened_again(home: Home, scene: Path) -> None:
    """Nobody can tidy up after a SIGKILL; what docs/guide/troubleshooting.md says to type is enough, and no answer is lost."""
    with in_tmux(home) as tmux:
        process = started(tmux, scene.parent)
        ask(tmux, "Locate the red circle")
        tmux.until(answered)
        process.kill()
        tmux.until("Killed")
        tmux.type("reset", "C-j")  # line settings are still the app's: Enter would not end a line
        tmux.until(lambda text: "▀" not in text and "$" in text)
        tmux.type("echo still-$((40+2))", "Enter")
        tmux.until("still-42")
        started(tmux, scene.parent)
        tmux.until(answered)
        left(tmux)


def test_a_window_that_is_closed_ends_it_and_its_engine(home: Home, scene: Path) -> None:
    with in_tmux(home) as tmux:
        process = started(tmux, scene.parent)
        family = [process, *process.children(recursive=True)]
        assert len(family) > 1, "the engine is a process of its own"
        tmux("kill-session")
    _, alive = psutil.wait_procs(family, timeout=PATIENCE_S)
    assert alive == []


def test_hung_up_it_leaves_nothing_behind(home: Home, scene: Path) -> None:
    with in_tmux(home) as tmux:
        process = started(tmux, scene.parent)
        os.kill(process.pid, signal.SIGHUP)
        tmux.until(lambda text: "▀" not in text and "$" in text)
        tmux.type("echo still-$((40+2))", "Enter")
        tmux.until("still-42")
