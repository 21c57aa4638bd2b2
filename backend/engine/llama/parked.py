"""Prefixes that had to leave the KV cache, as llama.cpp's own bytes in RAM: going back to one costs a copy, not a prefill.

Parking rather than keeping everything in cells: a lone conversation then always starts at the first cell, so its numbers
are those of a fresh run, and the context need not be as long as all conversations together. Knows no llama.cpp.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

from backend.engine.llama.prefix import Cached, ImageUnit, Prompt, Unit, cells, common_prefix, plan

MOST = 1 << 30
"""Bytes: eight pictures of 1024 tokens for a 2B model, seven for an 8B one (KV in f16)."""


def budget() -> int:
    """Bytes that parked prefixes may take: a gibibyte, but no more than a quarter of what is free."""
    return int(min(MOST, psutil.virtual_memory().available // 4))


@dataclass(frozen=True, slots=True)
class ParkedPrefix:
    """What one sequence held, and its cells."""

    units: tuple[Unit, ...]
    seams: frozenset[int]
    state: memoryview

    def cached(self) -> Cached:
        """The bookkeeping of a sequence into which `state` was read back."""
        return Cached.restored(self.units, self.seams)


class ParkedPrefixes:
    """The most recently used ones, bounded by their bytes."""

    def __init__(self, limit: int | None = None) -> None:
        self._limit = budget() if limit is None else limit
        self._held: OrderedDict[tuple[Unit, ...], ParkedPrefix] = OrderedDict()

    @property
    def nbytes(self) -> int:
        return sum(len(parked.state) for parked in self._held.values())

    def holds(self, units: Sequence[Unit]) -> bool:
        """Whether all of these units can be brought back; if so, they count as used."""
        for key in self._held:
            if common_prefix(key, units) == len(units):
                self._held.move_to_end(key)
                return True
        return False

    def put(self, cached: Cached, state: memoryview) -> None:
        """Keep it, instead of what it continues, and at the expense of the least recently used."""
        units = tuple(cached.units)
        for key in [key for key in self._held if common_prefix(key, units) == len(key)]:
            del self._held[key]
        self._held[units] = ParkedPrefix(units, frozenset(cached.seams), state)
        while self._held and self.nbytes > self._limit:
            self._held.popitem(last=False)

    def best(self, prompt: Prompt, *, answer: bool) -> tuple[ParkedPrefix, int] | None:
        """The one that saves most of the prompt, and how many cells; it counts as used.

        None where none saves at least a picture: a few common words are read sooner than a state is copied.
        """
        saved: dict[tuple[Unit, ...], int] = {}
        for key, parked in self._held.items():
            if common_prefix(key, prompt.units):
                kept = prompt.units[: plan(parked.cached(), prompt, answer=answer).keep]
                if any(isinstance(unit, ImageUnit) for unit in kept):
                    saved[key] = cells(kept)
        if not saved:
            return None
        best = max(saved, key=saved.__getitem__)
        self._held.move_to_end(best)
        return self._held[best], saved[best]
