"""Short questions beside the ones that were asked, all of them one batch, each asked once for all who wish for it.

Questions about one picture tend to speak of the same things; what one of them has looked for, the others need not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backend.ask.parsing import FindingParser
from backend.ask.posing import aside
from backend.ask.reading import Reading
from backend.ask.showing import Showing
from backend.ask.wish import Outcome, Wish
from backend.catalog.card import ModelCard
from backend.engine.api import Request
from backend.events import AskEvent, Cancelled, EngineEvent, Failed, Generated, Token
from backend.scene import View


class Errand:
    """A wish on its way through the engine, and the questions that wait for it. Its events are told as theirs."""

    def __init__(self, wish: Wish, view: View, request: Request, first: Reading) -> None:
        self.request = request
        self.readings: list[Reading] = [first]
        self._wish = wish
        self._parser = FindingParser([view])

    @property
    def looping(self) -> bool:
        """It only repeats itself: nothing more is wanted of it."""
        return self._parser.looping

    def hear(self, event: EngineEvent) -> Iterator[AskEvent]:
        """Nothing is told before it is over: what is found then belongs to what was asked."""
        match event:
            case Token(text=text, thinking=False) if text and not self.looping:
                self._parser.feed(text, event.logprob)
            case Generated(reason=reason):
                yield from self._over(reason == "end")
            case Cancelled() if self.looping:
                yield from self._over(whole=True)  # it said the same again: there was nothing more to come
            case Cancelled():
                for reading in self.readings:
                    yield from reading.end(Cancelled(reading.id))
            case Failed(error=error):
                for reading in self.readings:
                    yield from reading.end(Failed(reading.id, error))

    def _over(self, whole: bool) -> Iterator[AskEvent]:
        if not self.looping:
            self._parser.finish()
        outcome = Outcome(self._parser.text.strip(), tuple(self._parser.findings), whole)
        for reading in self.readings:
            yield from reading.granted(self._wish, outcome)


def errands(readings: Sequence[Reading], card: ModelCard, showing: Showing) -> list[Errand]:
    """Everything that these questions still wish for, each thing once for each picture."""
    underway: dict[tuple[Wish, str, tuple[int, int]], Errand] = {}
    for reading in readings:
        first = reading.posed.views[0]
        for wish in reading.wishes:
            key = (wish, first.picture.sha256, (first.raster_width, first.raster_height))
            if key in underway:
                underway[key].readings.append(reading)
            else:
                underway[key] = Errand(wish, wish.view or first, aside(wish, reading.posed, card, showing), reading)
    return list(underway.values())
