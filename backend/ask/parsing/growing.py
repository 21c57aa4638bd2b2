"""A text that grows at its end, a token at a time, and any part of which can be read.

A `str` that is added to is copied whole, so that an answer of n tokens would cost n² letters. `StringIO` grows in place.
"""

from __future__ import annotations

from io import StringIO


class GrowingText:
    """Its length is `len`, all of it `str`."""

    def __init__(self) -> None:
        self._file = StringIO()
        self._length = 0
        self._whole: str | None = ""

    def __len__(self) -> int:
        return self._length

    def __str__(self) -> str:
        if self._whole is None:
            self._whole = self._file.getvalue()
        return self._whole

    def append(self, text: str) -> None:
        if text:
            self._file.seek(self._length)
            self._file.write(text)
            self._length += len(text)
            self._whole = None

    def part(self, start: int, end: int) -> str:
        """What stands from `start` to before `end`; costs no more than its own length."""
        self._file.seek(start)
        return self._file.read(max(0, end - start))
