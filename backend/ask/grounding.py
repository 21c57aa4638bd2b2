"""Looking for a thing that a claim names: one short request, for every question of a batch that wants to know.

Questions about one picture tend to speak of the same things; each is looked for once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backend.ask.parsing import FindingParser
from backend.ask.posing import locating
from backend.ask.reading import Reading
from backend.catalog.card import ModelCard
from backend.engine.api import Request
from backend.events import AskEvent, Cancelled, EngineEvent, Failed, Generated, Token
from backend.scene import Box


class Grounding:
    """A name on a picture, and the questions that wait for its box. Its events are told as theirs."""

    looping = False
    """Its token limit ends it soon enough."""

    def __init__(self, name: str, request: Request, first: Reading) -> None:
        self.name = name
        self.request = request
        self.readings: list[Reading] = [first]
        self._parser = FindingParser(first.posed.views)

    def hear(self, event: EngineEvent) -> Iterator[AskEvent]:
        """Nothing is told before the search is over: what is found then belongs to the claims."""
        match event:
            case Token(text=text, thinking=False) if text:
                self._parser.feed(text, event.logprob)
            case Generated():
                self._parser.finish()
                first = next(iter(self._parser.findings), None)
                for reading in self.readings:
                    yield from reading.located(self.name, first if isinstance(first, Box) else None)
            case Cancelled():
                for reading in self.readings:
                    yield from reading.end(Cancelled(reading.id))
            case Failed(error=error):
                for reading in self.readings:
                    yield from reading.end(Failed(reading.id, error))


def groundings(readings: Sequence[Reading], card: ModelCard) -> list[Grounding]:
    """Everything that these questions still want to know the place of, each name once for each picture."""
    searches: dict[tuple[str, str, int, int], Grounding] = {}
    for reading in readings:
        view = reading.posed.views[0]
        for name in reading.wanted:
            key = (name.strip(), view.picture.sha256, view.raster_width, view.raster_height)
            if key in searches:
                searches[key].readings.append(reading)
            else:
                searches[key] = Grounding(name, locating(name, reading.posed, card), reading)
    return list(searches.values())
