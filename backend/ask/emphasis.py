"""Markdown's emphasis taken out of a model's words: “the **cup** is *left* of it” states what it says without the signs.

What is found in the plain words is led back to the model's own text, whose offsets everything else goes by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.scene import Span

_SIGNS = re.compile(r"\*+(?=\S)|(?<=\S)\*+|`+|~~|(?<![A-Za-z0-9])_+(?=\S)|(?<=\S)_+(?![A-Za-z0-9])")
"""Stars and backticks that touch a word, and underscores at its ends: `snake_case` and 2 * 3 are no emphasis."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A text without the signs of emphasis."""

    text: str
    _places: tuple[int, ...] | None
    """Where each of its characters stands in the text that it was made of; None: where it stands here."""

    def origin(self, span: Span) -> Span:
        """Where those words stand in the text that this was made of."""
        start, end = span
        if self._places is None or start >= end:
            return span
        return self._places[start], self._places[end - 1] + 1


def without_emphasis(text: str) -> Plain:
    """The text in plain words."""
    places: list[int] = []
    at = 0
    for sign in _SIGNS.finditer(text):
        places += range(at, sign.start())
        at = sign.end()
    if not at:
        return Plain(text, None)
    places += range(at, len(text))
    return Plain("".join(text[place] for place in places), tuple(places))
