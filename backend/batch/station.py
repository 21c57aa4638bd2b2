"""One model that answers, on this machine or behind an endpoint, and how it is getting on.

A station that fails pauses, longer each time; one that goes on failing is set aside for a while, and what it left goes to the
others. What is a failure of the station and what of the question, only the kind of error can say.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from threading import Lock

from backend.answer import Answer
from backend.ask import Asker, Question
from backend.engine.remote.refusal import Unreachable
from backend.errors import EngineFailure, ModelError, QuestionCancelled, SightlineError
from backend.events import Cancelled, Done, Failed

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 8.0
"""Between two attempts, with chance in them; they double."""
UNREACHABLE, FAILING = 3, 6
"""Failures in a row after which a station is set aside: no connection came about, or it failed in other ways."""
REVIVE_S, LONGEST_REVIVE_S = 60.0, 600.0
"""After which one that was set aside is tried once more, while others go on: at first, and at most."""
TOGETHER = 32
"""Questions about one picture that are asked at once."""


def is_trouble(error: SightlineError) -> bool:
    """Whether another attempt, perhaps elsewhere, may bring an answer."""
    return isinstance(error, EngineFailure | ModelError)


class Station:
    """Safe to use from several threads, each of which has one job at a time."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self.name = asker.model.card.name
        self.aside: SightlineError | None = None
        """Why it is asked no more."""
        self._lock = Lock()
        self._in_a_row = 0
        self._last_failed = float("-inf")
        self._resume_at = 0.0
        self._answering: set[str] = set()
        self._abandoned = False
        self._set_aside = 0
        """How often it was."""

    @property
    def revive_s(self) -> float:
        """How long to wait before one that is set aside is tried once more; for ever where nothing would change."""
        if isinstance(self.aside, ModelError):
            return float("inf")
        return min(REVIVE_S * 2.0 ** max(0, self._set_aside - 1), LONGEST_REVIVE_S)

    def revive(self) -> None:
        """Ask it again; a single failure sets it aside."""
        with self._lock:
            if self.aside is not None:
                self.aside, self._in_a_row, self._resume_at = None, FAILING - 1, 0.0

    @property
    def pause_s(self) -> float:
        """Seconds until it may be asked again."""
        return max(0.0, self._resume_at - time.monotonic())

    def ask(self, questions: Sequence[Question]) -> list[Answer | SightlineError]:
        """The ends of these questions, in their order."""
        ends: dict[str, Answer | SightlineError] = {}
        started = time.monotonic()
        for first in range(0, len(questions), TOGETHER):
            for event in self._events(questions[first : first + TOGETHER]):
                match event:
                    case Done(request=question, answer=answer):
                        ends[question] = answer
                    case Failed(request=question, error=error):
                        ends[question] = error
                    case Cancelled(request=question):
                        ends[question] = QuestionCancelled("cancelled")
                    case _:
                        pass
        told = [ends.get(question.id, QuestionCancelled("cancelled")) for question in questions]
        self._learn(told, started)
        return told

    def abandon(self) -> None:
        """Stop what is being answered, at once."""
        with self._lock:
            self._abandoned = True
            answering = list(self._answering)
        for question in answering:
            self.asker.cancel(question)

    def close(self) -> None:
        self.asker.close()

    def _events(self, questions: Sequence[Question]) -> Sequence[Done | Failed | Cancelled]:
        """The last event of each."""
        ids = [question.id for question in questions]
        events = self.asker.ask(*questions)
        with self._lock:
            self._answering.update(ids)
            abandoned = self._abandoned
        if abandoned:
            for question in ids:
                self.asker.cancel(question)
        try:
            return [event for event in events if isinstance(event, Done | Failed | Cancelled)]
        finally:
            with self._lock:
                self._answering.difference_update(ids)

    def _learn(self, ends: Sequence[Answer | SightlineError], started: float) -> None:
        """What these say of the station. Of questions that fail together only the first counts: one death ends all of them."""
        troubles = [end for end in ends if isinstance(end, SightlineError) and is_trouble(end)]
        with self._lock:
            if not troubles:
                if any(isinstance(end, Answer) for end in ends):
                    self._in_a_row = self._set_aside = 0
                return
            if started < self._last_failed or self.aside is not None:
                return
            error = troubles[0]
            self._last_failed = time.monotonic()
            self._in_a_row += 1
            span = min(FIRST_PAUSE_S * 2.0 ** (self._in_a_row - 1), LONGEST_PAUSE_S)
            self._resume_at = self._last_failed + span * random.uniform(0.5, 1.0)
            most = UNREACHABLE if isinstance(error, Unreachable) else FAILING
            if isinstance(error, ModelError) or self._in_a_row >= most:
                self.aside = error
                self._set_aside += 1
