"""What is told beside an answer: each kind of note once, with its first example and how often it happened."""

from __future__ import annotations

from collections import Counter

from backend.language import _
from backend.sanitise import one_line

_EXAMPLE = 60
"""Characters of an example that are shown."""


class Notes:
    """A text of thousands of broken objects has one note about them, not thousands."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._examples: dict[str, str] = {}

    def add(self, note: str, example: str = "") -> None:
        """`example` is of the text, as it stands there."""
        self._times[note] += 1
        if example:
            self._examples.setdefault(note, one_line(example[:_EXAMPLE], _EXAMPLE) + ("…" if len(example) > _EXAMPLE else ""))

    @property
    def told(self) -> tuple[str, ...]:
        """One sentence each, in the order in which they first happened."""
        return tuple(self._sentence(note, times) for note, times in self._times.items())

    def _sentence(self, note: str, times: int) -> str:
        often = "" if times == 1 else _(" ({times:,} times)").format(times=times)
        example = self._examples.get(note)
        return f"{note}{often}" + (f": {example}" if example else "")
