"""The real program in a pseudo-terminal, and how long until it has written a word."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .sides import SideFailed

SIGHTLINE = str(Path(sys.executable).with_name("sightline"))
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;:<=>?$ ]*[a-zA-Z~]|[_P\]][^\x07\x1b]*(?:\x07|\x1b\\)|[()].|.)")


class Opened:
    """One run of sightline, started now."""

    def __init__(self, *arguments: str | Path, rows: int = 34, columns: int = 120) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            [SIGHTLINE, *map(str, arguments)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        os.close(theirs)
        self._raw = b""

    def until(self, words: bytes, seconds: float) -> float:
        """Milliseconds from the start of the program until it had written these words."""
        end = self._started + seconds
        while words not in _ESCAPES.sub(b"", self._raw):
            left = end - time.perf_counter()
            if left <= 0:
                raise SideFailed(f"{words.decode()!r} did not appear within {seconds:.0f} s")
            if select.select([self._ours], [], [], left)[0]:
                self._raw += self._read()
        return (time.perf_counter() - self._started) * 1000

    def _read(self) -> bytes:
        try:
            data = os.read(self._ours, 1 << 16)
        except OSError:
            data = b""
        if not data:
            said = _ESCAPES.sub(b"", self._raw)[-200:].decode("utf-8", "replace").strip()
            raise SideFailed(f"the program ended: {said}")
        return data

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)


@contextmanager
def opened(*arguments: str | Path) -> Iterator[Opened]:
    """Ended with the block."""
    program = Opened(*arguments)
    try:
        yield program
    finally:
        program.close()
