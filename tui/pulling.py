"""A download in a thread: it posts where it stands and stops between two steps, so that a part is always left to go on from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from threading import Event
from time import monotonic

from textual.message import Message
from textual.widget import Widget

from backend.catalog import InstalledModel, ModelCard, ModelStore, choose, load_catalog
from backend.catalog.download import Step, pull
from backend.errors import SightlineError

_BETWEEN = 0.1
"""Seconds between two messages: chunks arrive a hundred times as often."""


class Pulling:
    """One pull at a time for a widget."""

    @dataclass
    class Advanced(Message):
        card: ModelCard
        step: Step

    @dataclass
    class Finished(Message):
        model: InstalledModel

    @dataclass
    class Ended(Message):
        """Stopped by the user (no error), or broken off."""

        card: ModelCard
        error: SightlineError | None

    def __init__(self, owner: Widget, store: ModelStore) -> None:
        self._owner = owner
        self._store = store
        self._stop = Event()
        self.card: ModelCard | None = None
        """What is being pulled."""

    def start(self, card: ModelCard) -> None:
        assert self.card is None
        self.card = card
        self._stop = Event()
        self._owner.run_worker(partial(self._pull, card, self._stop), thread=True, group="pull", description="pull")

    def stop(self) -> None:
        self._stop.set()

    def over(self) -> None:
        """The owner has seen the end: another may start."""
        self.card = None

    def _pull(self, card: ModelCard, stop: Event) -> None:
        """In a thread."""
        said = 0.0
        try:
            for step in pull(card, self._store):
                if stop.is_set():
                    self._owner.post_message(self.Ended(card, None))
                    return
                if monotonic() - said >= _BETWEEN or step.done == step.total:
                    said = monotonic()
                    self._owner.post_message(self.Advanced(card, step))
            model = choose(load_catalog(), self._store, card.name, force=True)
        except SightlineError as error:
            self._owner.post_message(self.Ended(card, error))
        else:
            self._owner.post_message(self.Finished(model))
