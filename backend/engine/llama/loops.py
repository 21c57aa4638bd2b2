"""A guard against an answer that says the same for ever.

Only exact repetition counts, of at least four rounds and 96 tokens. A list of different boxes never repeats itself
exactly: its numbers are tokens. A box said over and over (about 35 tokens) is noticed after four rounds, a stuck word or
character after 96 tokens. Fewer would do for those, but a table with a few equal rows, or a wide rule of dashes, is
legitimate text and shorter than that.
"""

from __future__ import annotations

import numpy as np

ROUNDS = 4
TOKENS = 96
LONGEST_PERIOD = 256
"""Tokens; longer rounds would not come four times within an answer's usual limit."""


class LoopGuard:
    """Watches one answer's tokens. Each costs one sweep over the periods, some microseconds."""

    def __init__(self) -> None:
        periods = np.arange(1, LONGEST_PERIOD + 1)
        self._needed = np.maximum(ROUNDS * periods, TOKENS) - periods
        self._equal = np.zeros(LONGEST_PERIOD, dtype=np.int64)
        """By period: how many of the last tokens in a row equal the one that many before."""
        self._recent = np.full(2 * LONGEST_PERIOD, -1, dtype=np.int64)
        """The last tokens, newest first, from `_newest` on: written from right to left, and moved back when full."""
        self._newest = LONGEST_PERIOD

    def push(self, token: int) -> bool:
        """Whether the answer, this token included, ends in a loop."""
        before = self._recent[self._newest : self._newest + LONGEST_PERIOD]
        self._equal += 1
        self._equal *= before == token
        if self._newest == 0:
            self._recent[LONGEST_PERIOD:] = self._recent[:LONGEST_PERIOD]
            self._newest = LONGEST_PERIOD
        self._newest -= 1
        self._recent[self._newest] = token
        return bool((self._equal >= self._needed).any())
