"""The few lines of a failed tool's output that are worth showing.

pip ends a failed compilation with a page about itself; what went wrong stands far above. So the first line that names an
error is kept with what follows it, and the end only where there is no such line.
"""

from __future__ import annotations

import re

_TELLING = re.compile(
    r"CMake Error|fatal error:|No space left|DO NOT MATCH THE HASHES"
    r"|\berror: (?!subprocess-|metadata-|failed-)|ERROR: (?!Failed)"
)
_KEPT = 8


class Excerpt:
    """Fed with every line; remembers at most twice eight."""

    def __init__(self) -> None:
        self._told: list[str] = []
        self._last: list[str] = []

    def add(self, line: str) -> None:
        if len(self._told) < _KEPT and (self._told or _TELLING.search(line)):
            self._told.append(line)
        self._last = [*self._last[1 - _KEPT :], line]

    def __str__(self) -> str:
        lines = [line.rstrip() for line in self._told or self._last]
        return "\n".join(f"    {line.strip()}" for line in lines if line)
