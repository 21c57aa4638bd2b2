"""Pictures that the vision tower has already seen: going back to one must not run the tower again.

Two tiers: the last few in RAM, and behind them a store on disk.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Embedding = NDArray[np.float32]
"""One row per image token, in the language model's input width (DeepStack layers included)."""

BUDGET = 256 * 1024 * 1024
"""Bytes: about eight pictures of 1024 tokens for a 2B model, three for an 8B one."""


class Store(Protocol):
    """What outlives the process."""

    def get(self, key: str) -> Embedding | None: ...
    def put(self, key: str, embedding: Embedding) -> None: ...


class EncodedImages:
    """The most recently used embeddings, by the hash of their pixels, bounded by their size."""

    def __init__(self, budget: int = BUDGET, store: Store | None = None) -> None:
        self._budget, self._store = budget, store
        self._held: OrderedDict[str, Embedding] = OrderedDict()

    def get(self, key: str) -> Embedding | None:
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key]
        stored = self._store.get(key) if self._store else None
        if stored is not None:
            self._hold(key, stored)
        return stored

    def put(self, key: str, embedding: Embedding, *, passing: bool = False) -> None:
        """Keep it in both tiers; what only passes, in RAM alone."""
        self._hold(key, embedding)
        if self._store is not None and not passing:
            self._store.put(key, embedding)

    def _hold(self, key: str, embedding: Embedding) -> None:
        """At the expense of the least recently used; the newest stays even when it alone exceeds the budget."""
        self._held[key] = embedding
        self._held.move_to_end(key)
        while len(self._held) > 1 and sum(kept.nbytes for kept in self._held.values()) > self._budget:
            self._held.popitem(last=False)
