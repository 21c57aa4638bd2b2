"""Questions that are asked together: one pass through the engine for all of them, and one for each round of their wishes.

A question can be stopped at any time, from any thread: before the first pass, in it, between two, or while others still
wait for the same wish. A request is given up in the engine when nobody waits for it any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from threading import Lock
from typing import Protocol

from backend.ask.reading import Reading
from backend.ask.showing import Showing
from backend.ask.wishes import errands
from backend.catalog.card import ModelCard
from backend.engine.api import Engine, Request
from backend.errors import EngineFailure, SightlineError
from backend.events import AskEvent, Cancelled, Done, EngineEvent, Failed, Generated
from backend.language import _


class Step(Protocol):
    """One request of a pass, and the questions that wait for it."""

    @property
    def request(self) -> Request: ...

    @property
    def readings(self) -> Collection[Reading]: ...

    @property
    def looping(self) -> bool: ...

    def hear(self, event: EngineEvent) -> Iterator[AskEvent]: ...


class Batch:
    """One call of `Asker.ask`. `answer` belongs to one thread, `cancel` to all."""

    def __init__(self, engine: Engine, card: ModelCard, showing: Showing, questions: Iterable[str]) -> None:
        self._engine = engine
        self._card = card
        self._showing = showing
        self._questions = frozenset(questions)
        self._lock = Lock()
        self._cancelled: set[str] = set()
        self._waiting: dict[str, frozenset[str]] = {}
        """For each request in the engine, the questions that wait for it."""

    def cancel(self, question: str) -> None:
        """Stop the question with that id; the ids of others are ignored."""
        if question not in self._questions:
            return
        with self._lock:
            self._cancelled.add(question)
        for request in self._unwanted():
            self._engine.cancel(request)

    def answer(self, readings: Sequence[Reading]) -> Iterator[AskEvent]:
        """All passes. The last event of each question is Done, Cancelled or Failed."""
        ended: set[str] = set()
        for event in self._passes(readings):
            if event.request in ended:
                continue
            with self._lock:
                stopped = event.request in self._cancelled  # also where it only had to be told what was found
            if stopped or isinstance(event, Done | Cancelled | Failed):
                ended.add(event.request)
            yield Cancelled(event.request) if stopped else event

    def _passes(self, readings: Sequence[Reading]) -> Iterator[AskEvent]:
        try:
            yield from self._run(readings, readings)
            while open_ := [reading for reading in readings if reading.wishes]:
                yield from self._run(errands(open_, self._card, self._showing), open_)
        except SightlineError as error:
            for reading in readings:
                yield from reading.end(Failed(reading.id, error))

    def _run(self, steps: Sequence[Step], readings: Sequence[Reading]) -> Iterator[AskEvent]:
        """One pass. Raises EngineFailure where a request has no end."""
        yield from self._stopped(readings)
        left = {step.request.id: step for step in steps if not all(reading.over for reading in step.readings)}
        if not left:
            return
        with self._lock:
            self._waiting = {step.request.id: frozenset(r.id for r in step.readings) for step in left.values()}
        events = self._engine.run(*(step.request for step in left.values()))
        for request in self._unwanted():  # of questions that were stopped before the engine knew the request
            self._engine.cancel(request)
        try:
            for event in events:
                yield from self._stopped(readings)
                yield from self._heard(event, left)
            yield from self._stopped(readings)
        finally:
            with self._lock:
                self._waiting = {}
            for request in left:  # whoever drains this has left early
                self._engine.cancel(request)
        if left:
            raise EngineFailure(_("the engine ended without an answer"), cure=_("ask again"))

    def _heard(self, event: EngineEvent, left: dict[str, Step]) -> Iterator[AskEvent]:
        step = left.get(event.request)
        if step is None:
            return
        if isinstance(event, Generated | Cancelled | Failed):
            del left[event.request]
            yield from step.hear(event)
            return
        before = step.looping
        yield from step.hear(event)
        if step.looping and not before:
            self._engine.cancel(event.request)

    def _stopped(self, readings: Sequence[Reading]) -> Iterator[AskEvent]:
        """The ends of those that were cancelled: at once, whatever the engine is still busy with."""
        with self._lock:
            cancelled = frozenset(self._cancelled)
        for reading in readings:
            if reading.id in cancelled:
                yield from reading.end(Cancelled(reading.id))

    def _unwanted(self) -> list[str]:
        with self._lock:
            return [request for request, questions in self._waiting.items() if questions <= self._cancelled]
