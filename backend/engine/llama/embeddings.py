"""Pictures that the vision tower has already seen: going back to one must not run the tower again."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

Embedding = NDArray[np.float32]
"""One row per image token, in the language model's input width (DeepStack layers included)."""

BUDGET = 256 * 1024 * 1024
"""Bytes: about eight pictures of 1024 tokens for a 2B model, three for an 8B one."""


class EncodedImages:
    """The most recently used embeddings, by the hash of their pixels, bounded by their size."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._held: OrderedDict[str, Embedding] = OrderedDict()

    def get(self, key: str) -> Embedding | None:
        if key not in self._held:
            return None
        self._held.move_to_end(key)
        return self._held[key]

    def put(self, key: str, embedding: Embedding) -> None:
        """Keep it, at the expense of the least recently used; the newest stays even when it alone exceeds the budget."""
        self._held[key] = embedding
        self._held.move_to_end(key)
        while len(self._held) > 1 and sum(kept.nbytes for kept in self._held.values()) > self._budget:
            self._held.popitem(last=False)
