"""Reasoning that a model wrote into its answer, set apart: boxes it considered there are not findings.

The engine does this by tokens for the models it knows to think. This does it by letters, for text from elsewhere and for
models that think unasked.
"""

from __future__ import annotations

import re

OPENING, CLOSING = "<think>", "</think>"

_MARK = re.compile("</?think>")
_BEGINNING = re.compile(r"(?:<(?:/?(?:t(?:h(?:i(?:nk?)?)?)?)?)?)?\Z")
"""The end of a text that a mark may begin with; matches always, if only the empty end."""


class Thoughts:
    """Feed it text as it arrives; it returns what belongs to the answer, and keeps the rest."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.unmarked = False
        """A reasoning ended that had never begun: what was said before it, in earlier pieces, was taken for the answer."""
        self._thinking = False
        self._said = False
        """Something of the answer was given out."""
        self._held = ""
        """The last letters, while they may be the beginning of a mark."""

    @property
    def text(self) -> str:
        """The reasoning so far, without its marks."""
        return "".join(self._parts)

    @property
    def thinking(self) -> bool:
        """A reasoning has begun that has not ended."""
        return self._thinking

    def feed(self, text: str) -> str:
        """The part of `text` (and of what was held back) that is answer."""
        text = self._held + text
        answer: list[str] = []
        thought: list[str] = []
        at = 0
        for mark in _MARK.finditer(text):
            part, at = text[at : mark.start()], mark.end()
            if self._thinking:
                thought.append(part)
                self._thinking = mark[0] == OPENING
            elif mark[0] == OPENING:
                answer.append(part)
                self._thinking = True
            else:  # templates that open the reasoning themselves leave only its end in the text
                self.unmarked = self._said
                thought += [*answer, part]
                answer.clear()
        self._held = _BEGINNING.search(text, max(at, len(text) - len(CLOSING) + 1))[0]  # type: ignore[index]
        (thought if self._thinking else answer).append(text[at : len(text) - len(self._held)])
        self._parts += thought
        said = "".join(answer)
        self._said = self._said or bool(said.strip())
        return said

    def finish(self) -> str:
        """What was held back to the end: it was no mark."""
        held, self._held = self._held, ""
        if self._thinking:
            self._parts.append(held)
            return ""
        return held
