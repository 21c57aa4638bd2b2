"""What a run has come to: counts, rates, verdicts, failures by reason, and the slowest answers."""

from __future__ import annotations

import heapq
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from backend.answer import Answer
from backend.batch.work import Outcome
from backend.errors import SightlineError
from backend.sanitise import one_line, quoted

MOST_REASONS = 50
"""That are told apart; the rest is counted together."""
SLOWEST = 3


@dataclass(slots=True)
class Tally:
    """Outcomes counted as they come."""

    started: float = field(default_factory=time.monotonic)
    answered: int = 0
    tokens: int = 0
    boxes: int = 0
    points: int = 0
    boxes3d: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    """Of failures, without the names of files."""
    stations: Counter[str] = field(default_factory=Counter)
    """Who answered how many."""
    _slowest: list[tuple[float, str, str]] = field(default_factory=list)
    _first: float | None = None
    _last: float = 0.0

    @property
    def failed(self) -> int:
        return self.reasons.total()

    @property
    def items(self) -> int:
        return self.answered + self.failed

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.started

    @property
    def rate(self) -> float:
        """Items a second, the time for loading the model included."""
        return self.items / self.seconds if self.items else 0.0

    @property
    def recent_rate(self) -> float:
        """Items a second since the first one, which had to wait for the model; of the whole where there are too few."""
        if self._first is None or self.items < 3 or self._last <= self._first:
            return self.rate
        return (self.items - 1) / (self._last - self._first)

    @property
    def slowest(self) -> list[tuple[float, str, str]]:
        """Seconds, source and question of the slowest answers, slowest first."""
        return sorted(self._slowest, reverse=True)

    def count(self, outcome: Outcome) -> None:
        self._last = time.monotonic()
        self._first = self._first or self._last
        if isinstance(outcome.end, SightlineError):
            reason = _reason(outcome.end, outcome)
            self.reasons[reason if reason in self.reasons or len(self.reasons) < MOST_REASONS else "…"] += 1
            return
        answer: Answer = outcome.end
        self.answered += 1
        self.tokens += answer.timings.tokens + answer.timings.thinking_tokens
        self.boxes, self.points = self.boxes + len(answer.boxes), self.points + len(answer.points)
        self.boxes3d += len(answer.boxes3d)
        self.verdicts.update(claim.verdict.ruling.value if claim.verdict else "unchecked" for claim in answer.claims)
        self.stations[outcome.station] += 1
        slow = (outcome.seconds, str(outcome.source.path), outcome.item.question)
        (heapq.heappush if len(self._slowest) < SLOWEST else heapq.heappushpop)(self._slowest, slow)

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        seconds = self.seconds
        return {
            "items": self.items,
            "answered": self.answered,
            "failed": self.failed,
            "seconds": round(seconds, 2),
            "items_per_s": round(self.items / seconds, 3) if seconds else 0.0,
            "tokens": self.tokens,
            "tokens_per_s": round(self.tokens / seconds, 1) if seconds else 0.0,
            "boxes": self.boxes,
            "points": self.points,
            "boxes3d": self.boxes3d,
            "verdicts": dict(self.verdicts),
            "failures": dict(self.reasons.most_common()),
            "models": dict(self.stations),
            "slowest": [
                {"seconds": round(took, 2), "path": path, "question": question} for took, path, question in self.slowest
            ],
        }


def _reason(error: SightlineError, outcome: Outcome) -> str:
    """The error's sentence without the file that it is about, so that the same reason is the same text."""
    return one_line(error.message.replace(quoted(outcome.source.path), "…"), 200)
