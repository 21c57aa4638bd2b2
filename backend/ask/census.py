"""Locating everything that was counted: one request beside the searches for claims, for every question that counts the same.

Unlike the search for a named thing it wants all of them, so it may run as long as an answer; a list that goes round in
circles is stopped as an answer's is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backend.ask.counting import Counted
from backend.ask.parsing import FindingParser
from backend.ask.posing import listing
from backend.ask.reading import Reading
from backend.catalog.card import ModelCard
from backend.engine.api import Request
from backend.events import AskEvent, Cancelled, EngineEvent, Failed, Generated, StopReason, Token
from backend.scene import Box


class Census:
    """What is counted on a picture, and the questions that wait for its boxes. Its events are told as theirs."""

    def __init__(self, request: Request, first: Reading) -> None:
        self.request = request
        self.readings: list[Reading] = [first]
        self._parser = FindingParser(first.posed.views)

    @property
    def looping(self) -> bool:
        """The list only repeats itself."""
        return self._parser.looping

    def hear(self, event: EngineEvent) -> Iterator[AskEvent]:
        """Nothing is told before the list is over."""
        match event:
            case Token(text=text, thinking=False) if text and not self.looping:
                self._parser.feed(text, event.logprob)
            case Generated(reason=reason):
                yield from self._over(reason)
            case Cancelled() if self.looping:
                yield from self._over("end")  # it said the same again: there was nothing more to come
            case Cancelled():
                for reading in self.readings:
                    yield from reading.end(Cancelled(reading.id))
            case Failed(error=error):
                for reading in self.readings:
                    yield from reading.end(Failed(reading.id, error))

    def _over(self, reason: StopReason) -> Iterator[AskEvent]:
        if not self.looping:
            self._parser.finish()
        boxes = tuple(finding for finding in self._parser.findings if isinstance(finding, Box))
        for reading in self.readings:
            yield from reading.listed(Counted(boxes, reason == "end"))


def censuses(readings: Sequence[Reading], card: ModelCard) -> list[Census]:
    """Every list that these questions wait for, each once for each picture."""
    lists: dict[tuple[str, str, int, int], Census] = {}
    for reading in readings:
        if not reading.counting:
            continue
        view = reading.posed.views[0]
        key = (reading.counting, view.picture.sha256, view.raster_width, view.raster_height)
        if key in lists:
            lists[key].readings.append(reading)
        else:
            lists[key] = Census(listing(reading.counting, reading.posed, card), reading)
    return list(lists.values())
