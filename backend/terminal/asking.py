"""Ask the terminal what it can show, once, in one piece, before the app takes the screen.

`ask` writes all questions and returns at once, so that the answers come while the program is still being loaded; they are
collected by `hear`. The question that every terminal answers, primary device attributes, is the last one: when its answer is
there, nothing more will come. It waits until a limit has passed at most; what comes later is dropped by whoever reads the
terminal then, with the same `Sieve`.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from types import FrameType
from typing import Any, NoReturn

from backend.terminal.brands import by_environment
from backend.terminal.environment import has_no_answers
from backend.terminal.replies import Answers, Sieve, understood

NEAR_S, FAR_S = 0.3, 1.5
"""How long to wait for answers; the second over SSH."""

_KITTY = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
"""Would you take this one pixel?"""
_COMMON = b"\x1b[>q\x1b[16t\x1b[14t\x1b]11;?\x1b\\\x1b[c"
"""XTVERSION, size of a cell, size of the window, colour of the background, primary device attributes."""


@dataclass(slots=True)
class Question:
    """Questions that were asked, of which the answers are on their way. The terminal is in raw mode until `close`."""

    keyboard: int
    """File descriptor that the answers come from."""
    settings: list[Any]
    """Line settings as they were found."""
    limit_s: float
    asked_at: float
    sieve: Sieve = field(default_factory=Sieve)
    heard: bool = False
    """Somebody has waited for the answers."""
    typed: bytes = b""
    """What the user typed meanwhile."""
    _handlers: dict[int, Any] = field(default_factory=dict)

    def hear(self) -> Answers:
        """Wait for the answers, until all are there or the limit has passed; what has come by then is read in any case."""
        self.heard = True
        answers = Answers()
        while not answers.complete:
            left = max(0.0, self.asked_at + self.limit_s - monotonic())
            if not select.select([self.keyboard], [], [], left)[0]:
                break
            try:
                data = os.read(self.keyboard, 4096)
            except OSError:  # the terminal is gone
                break
            if not data:
                break
            self.typed += self.sieve.feed(data)
            answers = understood(self.sieve.answers)
        return answers

    def close(self) -> None:
        """Give the terminal back as it was found. Answers that nobody has waited for, because the program ends before it
        begins, are waited for here: the shell would take them for typed."""
        if not self.heard:
            with contextlib.suppress(OSError, ValueError):
                self.hear()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()
        with contextlib.suppress(termios.error, OSError):
            termios.tcsetattr(self.keyboard, termios.TCSANOW, self.settings)

    def _leave(self, number: int, _: FrameType | None) -> NoReturn:
        """A signal ends the program before the app looks after signals."""
        self.close()
        raise SystemExit(128 + number)


@contextlib.contextmanager
def asked(environment: Mapping[str, str], *, wanted: bool = True) -> Iterator[Question | None]:
    """The questions, asked; None where the terminal is not to be asked. It is as it was found afterwards."""
    question = ask(environment) if wanted else None
    try:
        yield question
    finally:
        if question is not None:
            question.close()


def ask(environment: Mapping[str, str]) -> Question | None:
    """Put the terminal into raw mode and write all questions. None where there is no terminal, or one that shows what it does
    not understand."""
    keyboard, screen = _terminal()
    brand = by_environment(environment)
    if keyboard is None or screen is None or has_no_answers(environment) or (brand is not None and brand.silent):
        return None
    try:
        settings = termios.tcgetattr(keyboard)
        raw = termios.tcgetattr(keyboard)
        raw[0] &= ~(termios.IXON | termios.ICRNL)  # Ctrl+Q and Enter as the app reads them
        raw[3] &= ~(termios.ECHO | termios.ICANON)  # signals stay: Ctrl+C is to end a program that is still starting
        raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
        termios.tcsetattr(keyboard, termios.TCSANOW, raw)
    except termios.error:
        return None
    limit = FAR_S if environment.get("SSH_CONNECTION") else NEAR_S
    question = Question(keyboard, settings, limit, monotonic())
    for number in (signal.SIGTERM, signal.SIGHUP):
        with contextlib.suppress(ValueError):  # not in the main thread: whoever runs us there looks after signals
            question._handlers[number] = signal.signal(number, question._leave)
    between = any(environment.get(name) for name in ("TMUX", "STY", "ZELLIJ"))
    try:
        _write(screen, _COMMON if between else _KITTY + _COMMON)
    except OSError:
        question.close()
        return None
    return question


def cell_now(screen: int) -> tuple[int, int] | None:
    """Width and height of a cell in pixels by TIOCGWINSZ; None where the terminal does not tell it there."""
    import fcntl
    import struct

    try:
        rows, columns, width, height = struct.unpack("HHHH", fcntl.ioctl(screen, termios.TIOCGWINSZ, bytes(8)))
    except OSError:
        return None
    cell = (width // max(1, columns), height // max(1, rows))
    return cell if cell[0] >= 2 and cell[1] >= 4 else None


def _terminal() -> tuple[int | None, int | None]:
    """File descriptors to read from and to write to, both of a terminal; Textual draws on standard error."""
    found: list[int | None] = []
    for streams in ((sys.__stdin__,), (sys.__stderr__, sys.__stdout__)):
        usable = (stream for stream in streams if stream is not None and not stream.closed and stream.isatty())
        found.append(next((stream.fileno() for stream in usable), None))
    return found[0], found[1]


def _write(screen: int, data: bytes) -> None:
    while data:
        data = data[os.write(screen, data) :]
