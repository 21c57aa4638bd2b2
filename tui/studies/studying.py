"""One study at a time, in a thread that posts how far it has come and what it has made, and touches nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import TypeAlias

from textual.message import Message
from textual.widget import Widget

from backend.errors import QuestionCancelled, SightlineError
from backend.language import _
from tui.studies.study import Finished

Say: TypeAlias = Callable[[str | None], None]
"""Tells how far the work has come (None: nothing new), and raises QuestionCancelled where it was stopped meanwhile."""
Work: TypeAlias = Callable[[Say], "tuple[Finished | None, SightlineError | None]"]
"""Makes a study; where it fails on its way, what it has so far and why it ended. It may also raise."""


class Studying:
    """Makes studies for a widget."""

    @dataclass
    class Progressed(Message):
        said: str

    @dataclass
    class Ended(Message):
        """Whole (no error), or as far as it came (both), or not at all."""

        made: Finished | None
        error: SightlineError | None

    def __init__(self, owner: Widget) -> None:
        self._owner = owner
        self._stop: Event | None = None

    @property
    def running(self) -> bool:
        return self._stop is not None

    def start(self, work: Work) -> None:
        """Only while nothing runs."""
        assert self._stop is None
        self._stop = Event()
        self._owner.run_worker(partial(self._make, work, self._stop), thread=True, group="study", description="study")

    def stop(self) -> None:
        """End what is running; what it has made so far is kept where that is worth something."""
        if self._stop is not None:
            self._stop.set()

    def over(self) -> None:
        """The owner has seen the end: another may start."""
        self._stop = None

    def _make(self, work: Work, stop: Event) -> None:
        """In a thread."""

        def say(said: str | None) -> None:
            if stop.is_set():
                raise QuestionCancelled(_("stopped"))
            if said is not None:
                self._owner.post_message(self.Progressed(said))

        try:
            made, error = work(say)
        except SightlineError as failed:
            made, error = None, failed
        self._owner.post_message(self.Ended(made, error))
