"""Questions on their way to the model: one or several at a time, in a thread that posts what happens and touches nothing
else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from textual.message import Message
from textual.widget import Widget

from backend.ask import Asker, Question, Turn
from backend.ask.films import frames_for
from backend.ask.task import Observed
from backend.errors import SightlineError
from backend.events import AskEvent, Cancelled, Failed
from backend.media.film import open_film
from backend.media.film.choice import Wanted
from backend.media.folder import is_film
from backend.scene import Picture
from backend.spatial.known_camera import GivenCamera
from tui.conversation import Exchange
from tui.preview.gallery import Gallery
from tui.reading_text import TextReading


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

    def __init__(self, owner: Widget, asker: Asker, gallery: Gallery, camera: GivenCamera | None = None) -> None:
        self._owner = owner
        self._asker = asker
        self._gallery = gallery
        self._camera = camera
        self.second_looks = True
        """Whether answers are looked at and asked about again: what whoever makes new exchanges goes by."""
        self.frames: dict[Path, Wanted] = {}
        """Of films: which of their frames questions are about; the usual ones where nothing is said."""
        self._text = TextReading(gallery)
        self._running: list[Exchange] = []
        self._stop = Event()

    @property
    def running(self) -> tuple[Exchange, ...]:
        """The questions that are being answered."""
        return tuple(self._running)

    def warm(self) -> None:
        """Load the model ahead of the next question."""
        self._owner.run_worker(self._load, thread=True, group="answer", description="warm")

    def start(self, exchanges: Sequence[Exchange], history: tuple[Turn, ...], seen: Observed) -> None:
        """Answer these together, each after `history`, all about the same pictures; only when nothing is running.

        `seen`: what others than the model see in the one picture.
        """
        assert not self._running
        self._running = list(exchanges)
        self._stop = Event()
        observed = (seen,) if seen.depth is not None or seen.words else ()
        work = partial(self._drain, tuple(exchanges), history, self._stop, observed)
        if exchanges[0].reads:
            work = partial(self._read, exchanges[0])
        self._owner.run_worker(work, thread=True, group="answer", description="answer")

    def stop(self) -> None:
        """Stop all that is running. Their ends are told at once; the model itself may take a moment longer."""
        self._stop.set()
        for exchange in self._running:
            self._asker.cancel(exchange.id)
            self._owner.post_message(self.Progressed(exchange, Cancelled(exchange.id)))

    def ended(self, exchange: Exchange) -> None:
        """The owner has seen the last event of a question; after those of all that run, others may start."""
        if exchange in self._running:
            self._running.remove(exchange)

    def _load(self) -> None:
        """In a thread."""
        try:
            for progress in self._asker.warm():
                self._owner.post_message(self.Warming(progress.fraction))
        except SightlineError as error:
            self._owner.post_message(self.Warmed(error))
        else:
            self._owner.post_message(self.Warmed(None))

    def _read(self, exchange: Exchange) -> None:
        """In a thread. The reader cannot be stopped; what it reads after a stop comes to an exchange that is over."""
        self._owner.post_message(self.Progressed(exchange, self._text.read(exchange.id, exchange.pictures[0])))

    def _drain(
        self, exchanges: tuple[Exchange, ...], history: tuple[Turn, ...], stop: Event, seen: tuple[Observed, ...]
    ) -> None:
        """In a thread: the pictures are decoded (or at hand), asked about, and every event posted."""
        try:
            pictures = tuple(picture for path in exchanges[0].pictures for picture in self._shown(path))
        except SightlineError as error:
            for exchange in exchanges:
                self._owner.post_message(self.Progressed(exchange, Failed(exchange.id, error)))
            return
        by_id = {exchange.id: exchange for exchange in exchanges}
        events = self._asker.ask(
            *(
                Question(
                    one.question,
                    pictures,
                    history=history,
                    seed=one.seed,
                    begun=one.begun,
                    second_looks=one.second_looks,
                    camera=self._camera,
                    observed=seen,
                    part=one.window,
                    id=one.id,
                )
                for one in exchanges
            )
        )
        if stop.is_set():  # while they were decoded, so that the asker knew none of them yet
            for question in by_id:
                self._asker.cancel(question)
        for event in events:
            self._owner.post_message(self.Progressed(by_id[event.request], event))

    def _shown(self, path: Path) -> tuple[Picture, ...]:
        """What the model is shown of a file: the picture, or frames of the film."""
        if not is_film(path):
            return (self._gallery.picture(path),)
        with open_film(path) as film:
            return tuple(frames_for(film, self.frames.get(path, Wanted()), self._asker.model.card))
