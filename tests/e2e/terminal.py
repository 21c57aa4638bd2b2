"""A terminal of a given size with the real program in it: keys go in, the screen can be read, every byte is kept.

Nothing sleeps: `until` reads what the program writes until the screen shows what is waited for.
"""

from __future__ import annotations

import os
import re
import signal
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pyte

from tests.e2e.program import PATIENCE_S, SIGHTLINE, Home

_UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[(?:[<>=][0-9;:]*[a-zA-Z]|[?0-9;]*\$[a-z]|[0-9;]*:[0-9:;]*m)|\x1b[_P\]][^\x07\x1b]*(?:\x07|\x1b\\)"
)
"""Kitty keyboard, mode queries, and strings for the terminal: pyte would print them."""
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;:<=>?$ ]*|[_P\]][^\x07\x1b]*\x1b?)?$")
_PRIVATE_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_ON_AT_FIRST = {7, 25}
"""Modes that a terminal has on before a program comes: wrapping, and the cursor."""

KEYS = {"enter": "\r", "escape": "\x1b[27u", "tab": "\t", "down": "\x1b[B", "up": "\x1b[A", "backspace": "\x7f"}
"""As a terminal with the kitty keyboard protocol sends them, which the app asks for: a bare Esc would have to be waited out."""


class Terminal:
    """One run of sightline in a pseudo-terminal."""

    def __init__(
        self,
        home: Home,
        arguments: list[str],
        columns: int,
        rows: int,
        environment: dict[str, str],
        program: str = SIGHTLINE,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        self.raw = b""
        """Everything the program has written."""
        self._child: Any = pexpect.spawn(
            program, arguments, cwd=str(home.folder), env=home.environment(**environment), dimensions=(rows, columns)
        )
        self._ended = False
        """And pexpect was not told."""
        self._settings_before = termios.tcgetattr(self._child.child_fd)

    @property
    def pid(self) -> int:
        return int(self._child.pid)

    @property
    def lines(self) -> list[str]:
        return list(self.screen.display)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def press(self, *keys: str) -> None:
        """Named keys (`enter`, `ctrl+q`) or text as it is typed."""
        for key in keys:
            control = key.removeprefix("ctrl+")
            self._child.send(chr(ord(control) & 0x1F) if control != key else KEYS.get(key, key))

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def focuses(self, placeholder: str) -> bool:
        """Whether the cursor stands in the empty input that shows `placeholder`: its first cell differs from its second."""
        for row, line in enumerate(self.lines):
            column = line.find(placeholder)
            if column >= 0:
                first, second = self.screen.buffer[row][column], self.screen.buffer[row][column + 1]
                return bool((first.fg, first.bg, first.reverse) != (second.fg, second.bg, second.reverse))
        return False

    def send_signal(self, number: signal.Signals) -> None:
        self._child.kill(number)

    def until(self, shown: str | Callable[[], bool], why: str = "") -> None:
        """Read until the screen shows `shown` (a text, or a condition that `why` puts in words)."""
        met = shown if callable(shown) else lambda: shown in self.text
        end = time.monotonic() + PATIENCE_S
        while not met():
            if time.monotonic() > end or not self._read(end - time.monotonic()):
                wanted = why or repr(shown)
                raise AssertionError(f"waited for {wanted}; the screen shows\n{self.text}")

    def until_gone(self, text: str) -> None:
        self.until(lambda: text not in self.text, f"{text!r} to go")

    def end(self) -> int:
        """Read until the program has ended; its exit code, or minus the signal that ended it."""
        end = time.monotonic() + PATIENCE_S
        while self._read(end - time.monotonic()):
            assert time.monotonic() < end, f"it does not end; the screen shows\n{self.text}"
        self._child.wait()
        return int(self._child.exitstatus if self._child.exitstatus is not None else -self._child.signalstatus)

    def hang_up(self) -> int:
        """Close the terminal, as a lost connection does; the exit code of the program, or minus the signal that ended it."""
        self._child.ptyproc.fileobj.close()
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._ended = True
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.01)
        raise AssertionError("it does not end")

    def close(self) -> None:
        if not self._ended:
            self._child.close(force=True)

    def left_behind(self) -> list[str]:
        """What the program changed in the terminal and did not put back."""
        on: dict[int, bool] = {}
        for numbers, switch in _PRIVATE_MODE.findall(self.raw):
            on |= {int(number): switch == b"h" for number in numbers.split(b";")}
        wrong = [
            f"mode ?{number} is {'on' if is_on else 'off'}" for number, is_on in on.items() if is_on != (number in _ON_AT_FIRST)
        ]
        if len(re.findall(rb"\x1b\[>\d+u", self.raw)) != self.raw.count(b"\x1b[<u"):
            wrong.append("the keyboard protocol was not put back")
        if self._settings_before != self._settings_after:
            wrong.append("line settings (echo, canonical mode) differ")
        return wrong

    @property
    def _settings_after(self) -> list[Any]:
        return termios.tcgetattr(self._child.child_fd)

    def _read(self, seconds: float) -> bool:
        """Take what was written within `seconds`; False once the program has closed the terminal."""
        try:
            data = self._child.read_nonblocking(65536, timeout=max(0.0, min(seconds, 1.0)))
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        data = _UNKNOWN_TO_PYTE.sub(b"", self._held + data)
        unfinished = _UNFINISHED.search(data)
        cut = unfinished.start() if unfinished else len(data)
        data, self._held = data[:cut], data[cut:]
        self._stream.feed(data)
        return True


@contextmanager
def in_terminal(
    home: Home,
    *arguments: str | Path,
    columns: int = 120,
    rows: int = 34,
    program: str = SIGHTLINE,
    **environment: str,
) -> Iterator[Terminal]:
    """sightline, or another `program`, in a terminal of that size; ended with the test."""
    terminal = Terminal(home, [str(argument) for argument in arguments], columns, rows, environment, program)
    try:
        yield terminal
    finally:
        terminal.close()
