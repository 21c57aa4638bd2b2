"""Who has which part of the KV cache: numbered sequences that are worked in, rest, are parked in RAM and brought back.

A conversation that is alone starts at the first cell, with nothing beside it, so that the same calls give the same numbers
as in a fresh run: whatever else rested is parked. Only conversations that are answered at the same time lie side by side,
and those share the cells of the prefix that they have in common.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from backend.engine.llama.parked import ParkedPrefix, ParkedPrefixes
from backend.engine.llama.prefix import Cached, ImageUnit, Plan, Prompt, cells, occupied, plan


class KeyValueCache(Protocol):
    """The calls of `LanguageModel` that are needed here."""

    cells: int

    def remove_from(self, position: int, sequence: int = 0) -> None: ...
    def share(self, source: int, target: int, position: int) -> None: ...
    def saved(self, sequence: int) -> memoryview: ...
    def restore(self, sequence: int, state: memoryview) -> bool: ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where the longest usable part of a prompt lies: in a sequence, among the parked ones, or nowhere."""

    keep_cells: int = 0
    sequence: int | None = None
    parked: ParkedPrefix | None = None


class Sequences:
    """The sequences of one context."""

    def __init__(self, cache: KeyValueCache, parked: ParkedPrefixes, count: int) -> None:
        self._cache, self._parked = cache, parked
        self._numbers = range(count)
        self._held: dict[int, Cached] = {}
        """What lies in each sequence that is not empty; the least recently used first."""
        self._busy: set[int] = set()
        self._passing: set[int] = set()
        """Those whose pictures nobody will ask about again: they are never parked."""

    @property
    def full(self) -> bool:
        """Every sequence is worked in."""
        return len(self._busy) == len(self._numbers)

    def find(self, prompt: Prompt, *, answer: bool) -> Source:
        """The best beginning for this prompt."""
        best = Source()
        for number, cached in self._held.items():
            kept = cells(prompt.units[: plan(cached, prompt, answer=answer).keep])
            if kept > best.keep_cells:
                best = Source(kept, sequence=number)
        parked = self._parked.best(prompt, answer=answer)
        if parked is not None and parked[1] > best.keep_cells:
            best = Source(parked[1], parked=parked[0])
        return best

    def free_cells(self, source: Source) -> int:
        """Cells that would be free if nothing rested but what `source` needs."""
        needed = [cached for number, cached in self._held.items() if number in self._busy or number == source.sequence]
        restored = cells(source.parked.units) if source.parked else 0
        return self._cache.cells - occupied(needed) - restored

    def open(self, prompt: Prompt, source: Source, *, answer: bool, passing: bool = False) -> tuple[int, Cached, Plan]:
        """A sequence to work in, with what it holds already, and what is left to do there. `passing`: it need not be parked."""
        if not self._busy:
            self._clear_for(source)
        number = self._placed(source, prompt, answer)
        cached = self._held.get(number, Cached())
        todo = plan(cached, prompt, answer=answer)
        self._cut(number, cached, todo.keep)
        self._held.pop(number, None)
        self._held[number] = cached
        self._busy.add(number)
        (self._passing.add if passing else self._passing.discard)(number)
        return number, cached, todo

    def _placed(self, source: Source, prompt: Prompt, answer: bool) -> int:
        """The number of the sequence that holds the source's part, and perhaps more."""
        if source.sequence is not None and source.sequence not in self._busy:
            return source.sequence
        number = self._empty()
        if source.parked is not None:
            self.make_room(cells(source.parked.units))
            if self._cache.restore(number, source.parked.state):
                self._held[number] = source.parked.cached()
            else:
                self._cache.remove_from(0, number)
        elif source.sequence is not None:
            origin = self._held[source.sequence]
            branch = origin.branch(plan(origin, prompt, answer=answer).keep)
            self._cache.share(source.sequence, number, branch.n_positions)
            self._held[number] = branch
        return number

    def _empty(self) -> int:
        """A sequence that holds nothing, made by parking one that rests if need be."""
        for number in self._numbers:
            if number not in self._held:
                return number
        number = next(self._resting())
        self._evict(number)
        return number

    def _resting(self) -> Iterator[int]:
        return (number for number in self._held if number not in self._busy)

    def _clear_for(self, source: Source) -> None:
        """Leave nothing in the cache but what a lone conversation goes on from."""
        for number in list(self._resting()):
            if number != source.sequence:
                self._evict(number)

    def _cut(self, number: int, cached: Cached, keep: int) -> None:
        """Remove what follows the first `keep` units; a picture among it is parked first."""
        if any(isinstance(unit, ImageUnit) for unit in cached.units[keep:]):
            self._park(number, cached)
        cached.truncate(keep)
        self._cache.remove_from(cached.n_positions, number)

    def _evict(self, number: int) -> None:
        cached = self._held.pop(number)
        if any(isinstance(unit, ImageUnit) for unit in cached.units):
            self._park(number, cached)
        self._cache.remove_from(0, number)

    def _park(self, number: int, cached: Cached) -> None:
        if number not in self._passing and not self._parked.holds(cached.units):
            with contextlib.suppress(MemoryError):  # then it is computed again one day
                self._parked.put(cached, self._cache.saved(number))

    def make_room(self, wanted: int) -> bool:
        """Park what rests until that many cells are free; whether they are."""
        while self._cache.cells - occupied(self._held.values()) < wanted:
            number = next(self._resting(), None)
            if number is None:
                return False
            self._evict(number)
        return True

    def rewind(self, number: int) -> None:
        """Remove what an interrupted call may have left behind the last complete one."""
        self._cache.remove_from(self._held[number].n_positions, number)

    def close(self, number: int) -> None:
        """The work there is over; what it holds rests, as the most recently used."""
        self._busy.discard(number)
        cached = self._held.pop(number)
        if cached.units:
            self._held[number] = cached
