"""Objects cut out of a text while it streams: every `{…}` in order, as soon as it closes.

A model's answer is JSON only most of the time: it comes in fences, with prose around it, cut off, with single quotes.
So nothing waits for a valid document; each object is found by its braces alone and repaired alone, and one broken
object costs only itself. The scan reads each character once.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

LONGEST_OBJECT = 200_000
"""Characters; a longer "object" is not read."""

LONGEST_REPAIR = 4_000
"""Characters of an object that is repaired where it is no JSON: repairing takes time that grows faster than its length."""

DEEPEST_OBJECT = 3
"""Levels of objects inside an object that is still parsed; what wraps more is a document, whose parts were parsed already."""

_IN_OBJECT = re.compile(r'[{}"]')
_IN_STRING = re.compile(r'["\\\n]')


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
        return _dict(json.loads(source), repaired=False)
    except RecursionError:
        return None
    except ValueError:
        if len(source) > LONGEST_REPAIR:
            return None
    import json_repair  # 15 ms to import, and most answers are valid

    try:
        return _dict(json_repair.loads(source), repaired=True)
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets in thousands
        return None


def _dict(value: object, *, repaired: bool) -> tuple[dict[str, Any], bool] | None:
    return (value, repaired) if isinstance(value, dict) else None


class ObjectScanner:
    """Feed it text as it arrives; it returns the objects that closed, a child before its parent."""

    def __init__(self) -> None:
        self.text = ""
        self.unread: list[str] = []
        """The first letters of objects that no dict could be made of, or that are too long to try."""
        self._at = 0
        self._open: list[int] = []
        self._heights: list[int] = []
        """For each open object, how many levels of closed objects it holds so far."""
        self._in_string = False

    def feed(self, text: str) -> list[FoundObject]:
        self.text += text
        found: list[FoundObject] = []
        while (at := self._next()) is not None:
            self._at = at + 1
            self._step(at, found)
        return found

    def _next(self) -> int | None:
        """Where the next letter stands that means something here; None, with all that is there looked at, if none does."""
        if self._in_string:
            match = _IN_STRING.search(self.text, self._at)
        elif self._open:
            match = _IN_OBJECT.search(self.text, self._at)
        else:
            at = self.text.find("{", self._at)
            self._at = len(self.text) if at < 0 else self._at
            return None if at < 0 else at
        if match is None:
            self._at = max(self._at, len(self.text))
        return match.start() if match else None

    def _step(self, at: int, found: list[FoundObject]) -> None:
        char = self.text[at]
        if self._in_string:
            # A line break ends a string that was never closed: JSON forbids it inside one, and prose is full of quotes.
            if char == "\\":
                self._at += 1
            else:
                self._in_string = False
        elif char == "{":
            self._open.append(at)
            self._heights.append(0)
        elif char == '"':
            self._in_string = True
        else:
            start, height = self._open.pop(), self._heights.pop()
            if self._heights:
                self._heights[-1] = max(self._heights[-1], height + 1)
            if height <= DEEPEST_OBJECT:
                self._close(start, at + 1, found)

    def _close(self, start: int, end: int, found: list[FoundObject]) -> None:
        source = self.text[start : min(end, start + LONGEST_OBJECT + 1)]
        read = read_object(source) if end - start <= LONGEST_OBJECT else None
        if read is not None:
            found.append(FoundObject(start, source, *read))
        else:
            self.unread.append(source[:LONGEST_REPAIR])

    def remainder(self) -> tuple[int, str] | None:
        """Offset and text of the innermost object that never closed, if any: an answer cut off by its token limit."""
        if not self._open:
            return None
        return self._open[-1], self.text[self._open[-1] :]
