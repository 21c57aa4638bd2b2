"""Objects cut out of a text while it streams: every `{…}` in order, as soon as it closes.

A model's answer is JSON only most of the time: it comes in fences, with prose around it, cut off, with single quotes.
So nothing waits for a valid document; each object is found by its braces alone and repaired alone, and one broken
object costs only itself. The scan reads each character once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

LONGEST_OBJECT = 20_000
"""Characters; a longer "object" is prose with a stray brace, and is not parsed."""

DEEPEST_OBJECT = 3
"""Levels of objects inside an object that is still parsed; what wraps more is a document, whose parts were parsed already."""


@dataclass(frozen=True, slots=True)
class FoundObject:
    """One `{…}` of the text."""

    start: int
    """Offset of its brace in the whole text, in characters."""
    source: str
    value: dict[str, Any]
    repaired: bool
    """Not valid JSON as written (trailing comma, single quotes, missing end …)."""


def read_object(source: str) -> tuple[dict[str, Any], bool] | None:
    """`source` as a dict and whether it needed repair; None where no dict can be made of it."""
    try:
        value = json.loads(source)
        repaired = False
    except ValueError:
        import json_repair  # 15 ms to import, and most answers are valid

        value = json_repair.loads(source)
        repaired = True
    except RecursionError:
        return None
    return (value, repaired) if isinstance(value, dict) else None


class ObjectScanner:
    """Feed it text as it arrives; it returns the objects that closed, a child before its parent."""

    def __init__(self) -> None:
        self.text = ""
        self._at = 0
        self._open: list[int] = []
        self._heights: list[int] = []
        """For each open object, how many levels of closed objects it holds so far."""
        self._in_string = False
        self._escaped = False

    def feed(self, text: str) -> list[FoundObject]:
        self.text += text
        found: list[FoundObject] = []
        while self._at < len(self.text):
            self._step(self.text[self._at], found)
            self._at += 1
        return found

    def _step(self, char: str, found: list[FoundObject]) -> None:
        if self._in_string:
            # A line break ends a string that was never closed: JSON forbids it inside one, and prose is full of quotes.
            if char == "\n" or (char == '"' and not self._escaped):
                self._in_string = False
            self._escaped = char == "\\" and not self._escaped
            return
        if char == "{":
            self._open.append(self._at)
            self._heights.append(0)
        elif not self._open:
            return
        elif char == '"':
            self._in_string, self._escaped = True, False
        elif char == "}":
            start, height = self._open.pop(), self._heights.pop()
            if self._heights:
                self._heights[-1] = max(self._heights[-1], height + 1)
            if height <= DEEPEST_OBJECT and self._at - start < LONGEST_OBJECT:
                source = self.text[start : self._at + 1]
                read = read_object(source)
                if read is not None:
                    found.append(FoundObject(start, source, *read))

    def remainder(self) -> tuple[int, str] | None:
        """Offset and text of the innermost object that never closed, if any: an answer cut off by its token limit."""
        if not self._open or len(self.text) - self._open[-1] >= LONGEST_OBJECT:
            return None
        return self._open[-1], self.text[self._open[-1] :]
