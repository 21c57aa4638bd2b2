"""What set-up tells: a few lines on standard error for the person, everything in a log for whoever looks into a failure.

Standard output stays untouched, because it belongs to `sightline` (`scripts/run ask … --json | jq`).
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

_STEP_OF_NINJA = re.compile(r"^\s*\[(\d+)/(\d+)\]")


class Narration:
    """Speaks while the environment is made."""

    def __init__(self, log: Path, total: int) -> None:
        self._log = log.open("a", buffering=1, encoding="utf-8", errors="replace")
        self._started = time.monotonic()
        self._total = total
        self._step = 0
        self._live = sys.stderr.isatty()
        self._redrawn = False
        """Whether the terminal's last line is a progress line, without a line break after it."""
        self._log.write(f"\n===== {time.strftime('%Y-%m-%d %H:%M:%S')}\n")

    def say(self, text: str) -> None:
        self._finish_line()
        print(f"sightline: {text}", file=sys.stderr, flush=True)
        self._log.write(f"===== {text}\n")

    def step(self, text: str) -> None:
        self._step += 1
        self.say(f"  {self._step}/{self._total} {text}")

    def record(self, line: str) -> None:
        """A line of a tool's output: kept in the log; a compiler's progress is also shown, where a terminal can redraw it."""
        self._log.write(line)
        progress = _STEP_OF_NINJA.match(line) if self._live else None
        if progress:
            self._redrawn = True
            done, total = int(progress[1]), int(progress[2])
            print(f"\rsightline:       {100 * done // total:3d} % compiled", end="", file=sys.stderr, flush=True)

    def minutes(self) -> str:
        """Time since the start, for people."""
        seconds = round(time.monotonic() - self._started)
        return f"{seconds // 60} min {seconds % 60} s" if seconds >= 60 else f"{seconds} s"

    def close(self) -> None:
        self._finish_line()
        self._log.close()

    def _finish_line(self) -> None:
        if self._redrawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        self._redrawn = False
