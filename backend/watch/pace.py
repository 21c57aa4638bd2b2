"""How large a frame may be shown so that its answer is there within the budget.

Reading a picture costs most of an answer that is short, and grows with its tokens; so when answers come late, the next frame
is shown with fewer, and with more again when there is time to spare. Sizes are steps of a ladder, so that not every frame
has a size of its own.
"""

from __future__ import annotations

_STEP = 0.75
"""Each step of the ladder shows three quarters of the tokens of the one above it."""
_LATE, _EARLY = 0.9, 0.5
"""Shares of the budget: slower than the first goes a step down, faster than the second a step up."""
_WEIGHT = 0.4
"""Of the newest latency in the mean."""
_SETTLING = 3
"""Frames after a change before the next one, so that the mean speaks of the new size."""


class Pace:
    """The size of the next frame, from how long the last ones took."""

    def __init__(self, budget_s: float, full: int, least: int) -> None:
        """`full`, `least`: image tokens that a frame is worth, and that it needs."""
        self.budget_s = budget_s
        self._ladder = [full]
        while self._ladder[-1] > least:
            self._ladder.append(max(least, int(self._ladder[-1] * _STEP)))
        self._step = 0
        self._mean: float | None = None
        self._settled = 0

    @property
    def tokens(self) -> int:
        """Image tokens of the next frame."""
        return self._ladder[self._step]

    @property
    def hopeless(self) -> bool:
        """Not even the smallest size keeps to the budget."""
        return self._step == len(self._ladder) - 1 and self._mean is not None and self._mean > self.budget_s

    def took(self, seconds: float) -> None:
        """How long the last frame took, from being there to its answer."""
        self._mean = seconds if self._mean is None else (1 - _WEIGHT) * self._mean + _WEIGHT * seconds
        self._settled += 1
        if self._settled < _SETTLING and seconds < 2 * self.budget_s:
            return
        step = self._step
        if self._mean > _LATE * self.budget_s:
            step = min(step + 1, len(self._ladder) - 1)
        elif self._mean < _EARLY * self.budget_s:
            step = max(step - 1, 0)
        if step != self._step:
            self._step, self._mean, self._settled = step, None, 0
