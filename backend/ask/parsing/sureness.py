"""How sure the model was of the numbers it wrote, from the log-probabilities of the tokens they stand in."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

Span = tuple[int, int]
"""Offsets in the whole text, in characters."""


class Sureness:
    """Told of every token: where it ends in the text, and its log-probability."""

    def __init__(self) -> None:
        self._ends: list[int] = []
        self._logprobs: list[float | None] = []

    def token(self, end: int, logprob: float | None) -> None:
        self._ends.append(end)
        self._logprobs.append(logprob)

    def of(self, spans: Sequence[Span]) -> float | None:
        """Geometric mean of the numbers' probabilities, each the product of its tokens'.

        Last digits do not count (`coarse`): they are thousandths of the picture, finer than any model can tell, so that
        nearly the same box would be said with any of ten of them. What is left is the chance of each number to a hundredth.
        """
        total = 0.0
        for start, end in spans:
            for index in range(bisect_right(self._ends, start), bisect_left(self._ends, end) + 1):
                logprob = self._logprobs[index] if index < len(self._logprobs) else None
                if logprob is None:
                    return None
                total += logprob
        return math.exp(total / len(spans)) if spans else None


def coarse(start: int, end: int) -> Span:
    """A number's span without its last digit, unless it has only one."""
    return start, max(end - 1, start + 1)
