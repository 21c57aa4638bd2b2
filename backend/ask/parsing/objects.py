"""Objects cut out of a text while it streams: every `{…}` that names one of the wanted keys, as soon as it closes.

A model's answer is JSON only most of the time: it comes in fences, with prose around it, cut off, with single quotes.
So nothing waits for a valid document; each object is found by its braces alone and repaired alone, and one broken
object costs only itself. The scan reads each character once. What an object says *itself*, apart from the objects inside
it, decides whether it is read, and whether it is missed where it cannot be.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from backend.ask.parsing.growing import GrowingText

LONGEST_OBJECT = 200_000
"""Characters; a longer "object" is not read."""

LONGEST_REPAIR = 4_000
"""Characters of an object that is repaired where it is no JSON: repairing takes time that grows faster than its length."""

MOST_QUOTES, MOST_PARENTHESES = 120, 40
"""In an object that is repaired: json_repair reads on from each to find out whether it ends a string or begins a tuple, so
that its time grows with their number times the length. Thirty attributes take 120."""

DEEPEST_OBJECT = 3
"""Levels of objects inside an object that is still parsed; what wraps more is a document, whose parts were parsed already."""

MOST_OPEN = 1_000
"""Objects inside each other that are remembered while none of them closes; of more, the outermost are forgotten."""

EXCERPT = 200
"""Characters of what could not be read that are kept to be shown."""

_SHORTEST = 4
"""Characters that are too few to name anything and its value in."""

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
    stated: int
    """How often it names one of the wanted keys before a colon; more often than it has keys where one is named twice."""

    @property
    def end(self) -> int:
        """Offset after its last letter: how much of the text it takes to find it."""
        return self.start + len(self.source)


def read_object(source: str) -> tuple[dict[str, Any], bool] | None:
    """`source` as a dict and whether it needed repair; None where no dict can be made of it."""
    try:
        return _dict(json.loads(source), repaired=False)
    except RecursionError:
        return None
    except ValueError:
        if not _worth_repairing(source):
            return None
    import json_repair  # 15 ms to import, and most answers are valid

    try:
        return _dict(json_repair.loads(source), repaired=True)
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets in thousands
        return None
    except AssertionError:  # json_repair 0.64 holds a key to be text, and takes a fence inside a list for one
        return None


def _worth_repairing(source: str) -> bool:
    quotes = sum(map(source.count, "\"'“”"))
    return len(source) <= LONGEST_REPAIR and quotes <= MOST_QUOTES and source.count("(") <= MOST_PARENTHESES


def _dict(value: object, *, repaired: bool) -> tuple[dict[str, Any], bool] | None:
    return (value, repaired) if isinstance(value, dict) else None


@dataclass(slots=True)
class _Open:
    """An object that has not closed yet."""

    start: int
    own: int
    """Where its own words go on: after its brace, or after the last object in it."""
    height: int = 0
    """How many levels of closed objects it holds so far."""
    named: bool = False
    """A wanted key stands in its own words so far."""
    stated: int = 0
    """How many of them stand before a colon."""


class ObjectScanner:
    """Feed it text as it arrives; it returns the objects that closed and name one of `keys`, a child before its parent."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.text = GrowingText()
        self.unread: list[str] = []
        """How those begin that name a key and that no dict could be made of, or that are too long or too deep to try."""
        names = "|".join(keys)
        self._named = re.compile(
            rf"""["'](?:{names})["'](?P<colon>\s{{0,9}}:)?|\b(?:{names})\s{{0,9}}:|\\["'](?:{names})\\["']"""
        )
        self._homeless = re.compile(rf"""["'](?:{names})["']\s{{0,9}}:\s{{0,9}}\[[\s\[]{{0,20}}-?\d""")
        self._at = 0
        self._open: deque[_Open] = deque()
        self._outside = 0
        """Where the text outside of all objects goes on."""
        self._in_string = False

    def feed(self, piece: str) -> list[FoundObject]:
        base = len(self.text)
        self.text.append(piece)
        found: list[FoundObject] = []
        while (at := self._next(piece, self._at - base)) is not None:
            self._at = base + at + 1
            self._step(base + at, piece[at], found)
        return found

    def _next(self, piece: str, at: int) -> int | None:
        """Where the next letter stands that means something here; None, with all that is there looked at, if none does."""
        if self._in_string:
            match = _IN_STRING.search(piece, at)
        elif self._open:
            match = _IN_OBJECT.search(piece, at)
        else:
            brace = piece.find("{", at)
            if brace >= 0:
                return brace
            match = None
        if match is None:
            self._at = max(self._at, len(self.text))
        return match.start() if match else None

    def _step(self, at: int, char: str, found: list[FoundObject]) -> None:
        if self._in_string:
            # A line break ends a string that was never closed: JSON forbids it inside one, and prose is full of quotes.
            if char == "\\":
                self._at += 1
            else:
                self._in_string = False
        elif char == "{":
            self._begin(at)
        elif char == '"':
            self._in_string = True
        else:
            self._end(at + 1, found)

    def _begin(self, at: int) -> None:
        if self._open:
            self._listen(self._open[-1], at)
        else:
            self._look_outside(at)
        self._open.append(_Open(at, at + 1))
        if len(self._open) > MOST_OPEN:
            self._miss(self._open.popleft())

    def _end(self, end: int, found: list[FoundObject]) -> None:
        closed = self._open.pop()
        self._listen(closed, end)
        if self._open:
            self._open[-1].height = max(self._open[-1].height, closed.height + 1)
            self._open[-1].own = end
        else:
            self._outside = end
        if not closed.named:
            return
        read = None
        if closed.height <= DEEPEST_OBJECT and end - closed.start <= LONGEST_OBJECT:
            source = self.text.part(closed.start, end)
            read = read_object(source)
        if read is None:
            self._miss(closed)
        else:
            found.append(FoundObject(closed.start, source, *read, closed.stated))

    def _listen(self, one: _Open, end: int) -> None:
        """Its own words up to `end` are whole: does it name a key in them?"""
        if end - one.own > _SHORTEST:
            for match in self._named.finditer(self.text.part(one.own, end)):
                one.named = True
                one.stated += match["colon"] is not None
        one.own = end

    def _miss(self, one: _Open) -> None:
        if one.named:
            self.unread.append(self._excerpt(one))

    def _excerpt(self, one: _Open) -> str:
        """How it begins: no more than what was there when it was looked at."""
        return self.text.part(one.start, min(one.own, one.start + EXCERPT))

    def _look_outside(self, end: int) -> None:
        """Coordinates that stand in no object at all are not read, and missed."""
        outside = self.text.part(self._outside, end)
        self.unread += (outside[match.start() : match.start() + EXCERPT] for match in self._homeless.finditer(outside))

    def finish(self) -> Iterator[tuple[FoundObject | None, str]]:
        """What the end of the text cut off and names a key, the innermost first, and how each begins.

        None instead of the object where it cannot be read. Call it once.
        """
        end = len(self.text)
        if not self._open:
            self._look_outside(end)
            return
        self._listen(self._open[-1], end)
        tries = DEEPEST_OBJECT + 1
        for one in reversed(self._open):
            if one.named:
                yield self._cut_off(one) if tries > 0 else None, self._excerpt(one)
                tries -= 1

    def _cut_off(self, one: _Open) -> FoundObject | None:
        if len(self.text) - one.start > LONGEST_REPAIR:
            return None
        source = self.text.part(one.start, len(self.text))
        whole = source.rfind("]") + 1
        if "[" in source[whole:]:
            source = source[:whole]  # the cut went through a list: its last number may lack digits
        read = read_object(source) if whole else None
        return FoundObject(one.start, source, read[0], True, one.stated) if read else None
