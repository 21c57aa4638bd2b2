"""A picture read before anything is asked about it.

The engine is shown exactly what the first question will show it, up to and including the picture, so that the question
finds all of that already read. A look ahead that fails says nothing: the question that comes will fail in its place.
"""

from __future__ import annotations

from collections.abc import Iterator

from backend.ask.showing import Showing
from backend.catalog.card import ModelCard
from backend.engine.api import Engine, Message, Request, Sampling
from backend.errors import SightlineError
from backend.events import Cancelled, Encoding, Generated, Loading, Prefilling
from backend.scene import Picture

Glimpse = Loading | Encoding | Prefilling | Cancelled


class LookAhead:
    """One call of `Asker.prepare`. `read` belongs to one thread, `cancel` to all."""

    def __init__(self, engine: Engine, card: ModelCard, showing: Showing, request_id: str) -> None:
        self._engine = engine
        self._card = card
        self._showing = showing
        self._id = request_id
        self._cancelled = False

    def cancel(self, request_id: str) -> None:
        """Give it up; other ids are ignored."""
        if request_id == self._id:
            self._cancelled = True
            self._engine.cancel(request_id)

    def read(self, picture: Picture) -> Iterator[Glimpse]:
        """How far it is. Cancelled comes last where it was given up; where it was finished or failed, nothing more."""
        if self._cancelled:
            yield Cancelled(self._id)
            return
        self._showing.expect_ahead(picture)
        finished = False
        try:
            opening = self._showing.opening(self._showing.views((picture,), self._card.max_tokens))
            request = Request((Message("user", opening),), Sampling(), max_tokens=0, id=self._id, ahead=True)
            events = self._engine.run(request)
            if self._cancelled:
                self._engine.cancel(self._id)
            for event in events:
                match event:
                    case Generated():
                        finished = True
                    case Loading() | Encoding() | Prefilling() | Cancelled():
                        yield event
                    case _:
                        pass
        except SightlineError:
            return
        finally:
            if not finished:
                self._showing.gave_up_ahead(picture)
                self._engine.cancel(self._id)
