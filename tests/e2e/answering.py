"""A terminal that answers what it is asked, as a test wants it to: rightly, wrongly, in pieces, twice, late or never."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.program import SIGHTLINE, Home
from tests.e2e.terminal import Terminal

QUESTION, TAKEN_OVER = b"\x1b[c", b"\x1b[?1049h"
"""The last question, and the moment at which the app has the screen."""

SIZES = b"\x1b[6;20;10t\x1b[4;680;1200t"
DARK = b"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\"
VERSION = b"\x1bP>|kitty(0.35.2)\x1b\\"
KITTY = VERSION + b"\x1b_Gi=31;OK\x1b\\" + SIZES + DARK + b"\x1b[?62;52;c"
FOOT = b"\x1bP>|foot(1.16.2)\x1b\\" + SIZES + DARK + b"\x1b[?62;4;22;28;29c"
ALACRITTY = DARK + b"\x1b[?6c"


class AnsweringTerminal(Terminal):
    """Sends each part of its answers once, as soon as the program has written what the part waits for."""

    answers: list[tuple[bytes, bytes]]

    def _read(self, seconds: float) -> bool:
        alive = super()._read(seconds)
        while self.answers and self.answers[0][0] in self.raw:
            self.say(self.answers.pop(0)[1])
        return alive

    def say(self, data: bytes) -> None:
        """Send something that the user did not type."""
        self._child.send(data)


@contextmanager
def answering(
    home: Home,
    *arguments: str | Path,
    answers: list[tuple[bytes, bytes]],
    columns: int = 120,
    rows: int = 34,
    program: str = SIGHTLINE,
    **environment: str,
) -> Iterator[AnsweringTerminal]:
    """sightline in such a terminal; `answers`: what to wait for in its output, and what to send then, in that order."""
    AnsweringTerminal.answers = []
    terminal = AnsweringTerminal(home, [str(argument) for argument in arguments], columns, rows, environment, program)
    terminal.answers = list(answers)
    try:
        yield terminal
    finally:
        terminal.close()
