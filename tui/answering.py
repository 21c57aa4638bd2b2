"""A question on its way to the model: one at a time, in a thread that posts what happens and touches nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from threading import Event

from textual.message import Message
from textual.widget import Widget

from backend.ask import Asker, Question, Turn
from backend.errors import SightlineError, UnreadablePicture
from backend.events import AskEvent, Cancelled, Failed
from tui.conversation import Exchange
from tui.preview.gallery import Gallery


class Answering:
    """Runs questions for a widget, which receives `Progressed` for each event, and hears how the model is loaded."""

    @dataclass
    class Progressed(Message):
        """Something happened to a question."""

        exchange: Exchange
        event: AskEvent

    @dataclass
    class Warming(Message):
        """The model is being loaded; `fraction` is 0…1 of its weights."""

        fraction: float

    @dataclass
    class Warmed(Message):
        """The model is in memory, or could not be brought there."""

        error: SightlineError | None

    def __init__(self, owner: Widget, asker: Asker, gallery: Gallery) -> None:
        self._owner = owner
        self._asker = asker
        self._gallery = gallery
        self._running: Exchange | None = None
        self._stop = Event()

    @property
    def running(self) -> Exchange | None:
        """The question that is being answered."""
        return self._running

    def warm(self) -> None:
        """Load the model ahead of the first question."""
        self._owner.run_worker(self._load, thread=True, group="answer", description="warm")

    def start(self, exchange: Exchange, history: tuple[Turn, ...]) -> None:
        """Answer `exchange`; only when nothing is running."""
        assert self._running is None
        self._running = exchange
        self._stop = Event()
        work = partial(self._drain, exchange, history, self._stop)
        self._owner.run_worker(work, thread=True, group="answer", description="answer")

    def stop(self) -> None:
        """Stop the running question; its last event follows soon."""
        if self._running is not None:
            self._stop.set()
            self._asker.cancel(self._running.id)

    def ended(self, exchange: Exchange) -> None:
        """The owner has seen the last event of a question: the next may start."""
        if self._running is exchange:
            self._running = None

    def _load(self) -> None:
        """In a thread."""
        try:
            for progress in self._asker.warm():
                self._owner.post_message(self.Warming(progress.fraction))
        except SightlineError as error:
            self._owner.post_message(self.Warmed(error))
        else:
            self._owner.post_message(self.Warmed(None))

    def _drain(self, exchange: Exchange, history: tuple[Turn, ...], stop: Event) -> None:
        """In a thread: the picture is decoded (or at hand), asked about, and every event posted."""
        try:
            picture = self._gallery.picture(exchange.picture)
        except UnreadablePicture as error:
            self._owner.post_message(self.Progressed(exchange, Failed(exchange.id, error)))
            return
        if stop.is_set():
            self._owner.post_message(self.Progressed(exchange, Cancelled(exchange.id)))
            return
        for event in self._asker.ask(Question(exchange.question, (picture,), history=history, id=exchange.id)):
            if stop.is_set():
                self._asker.cancel(exchange.id)  # again: the first may have come before the engine knew the question
            self._owner.post_message(self.Progressed(exchange, event))
