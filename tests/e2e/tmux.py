"""The real program in a real tmux, for what only a terminal of that kind does: job control, resizing from outside, panes."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.program import PATIENCE_S, SIGHTLINE, Home

TMUX = shutil.which("tmux")


class Tmux:
    """One tmux server of the test's own, with a shell in its only pane."""

    def __init__(self, home: Home, columns: int, rows: int) -> None:
        self._socket = home.root / "tmux.sock"
        self._environment = {**home.environment(), "TERM": "xterm-256color", "SHELL": "/bin/sh", "PS1": "$ ", "ENV": ""}
        size = ("-x", str(columns), "-y", str(rows))
        self("-f", os.devnull, "new-session", "-d", *size, "-c", str(home.folder), "sh", "-i")
        self("set-option", "-g", "default-terminal", "tmux-256color")
        self.until("$")

    def __call__(self, *arguments: str) -> str:
        assert TMUX is not None
        done = subprocess.run(
            [TMUX, "-S", str(self._socket), *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=True,
        )
        return done.stdout

    @property
    def text(self) -> str:
        """What the pane shows."""
        return self("capture-pane", "-p")

    def start(self, *arguments: str | Path) -> None:
        """Type the command that starts sightline, and press Enter."""
        self.type(shlex.join([SIGHTLINE, *map(str, arguments)]), "Enter")

    def type(self, text: str, *keys: str) -> None:
        """Text as it is, then keys by tmux's names."""
        if text:
            self("send-keys", "-l", text)
        if keys:
            self("send-keys", *keys)

    def resize(self, columns: int, rows: int) -> None:
        self("resize-window", "-x", str(columns), "-y", str(rows))

    def until(self, shown: str | Callable[[str], bool]) -> str:
        """Read the pane until it shows that; returns what it shows. tmux tells of no change, so it is asked again and again."""
        met = shown if callable(shown) else lambda text: shown in text
        end = time.monotonic() + PATIENCE_S
        while not met(text := self.text):
            assert time.monotonic() < end, f"waited for {shown!r}; the pane shows\n{text}"
        return text

    def close(self) -> None:
        subprocess.run(
            [str(TMUX), "-S", str(self._socket), "kill-server"], capture_output=True, timeout=PATIENCE_S, check=False
        )


@contextmanager
def in_tmux(home: Home, columns: int = 120, rows: int = 40) -> Iterator[Tmux]:
    """A shell in tmux; its server ends with the test."""
    tmux = Tmux(home, columns, rows)
    try:
        yield tmux
    finally:
        tmux.close()
