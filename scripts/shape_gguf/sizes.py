"""The published sizes of Qwen3-VL, as numbers: every width that a kernel sees. Nothing else of the models is here.

The language models are those of Qwen3 (1.7B, 4B and 8B) with DeepStack; the vision tower is one for 2B and 4B, and a larger
one, the default of Hugging Face's configuration, from 8B on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

VOCABULARY = 151_936
"""Tokens, the unused ones that round the number up included."""


@dataclass(frozen=True, slots=True)
class Tower:
    """The vision tower."""

    layers: int
    hidden: int
    feed_forward: int
    deepstack: tuple[int, ...]
    """Layers whose output also goes to the first layers of the language model."""
    heads: int = 16
    patch: int = 16
    """Pixels along a patch's side."""
    positions_side: int = 48
    """Position embeddings along a side (2,304 in all); larger pictures interpolate them."""


@dataclass(frozen=True, slots=True)
class Size:
    """One language model with its tower."""

    name: str
    layers: int
    hidden: int
    feed_forward: int
    heads: int
    tied: bool
    """The output layer is the embedding table."""
    tower: Tower
    kv_heads: int = 8
    head: int = 128
    vocabulary: int = VOCABULARY
    context: int = 262_144
    rope_theta: float = 5_000_000.0
    sections: tuple[int, ...] = (24, 20, 20, 0)
    """Rotary pairs for time, height and width (interleaved M-RoPE)."""
    epsilon: float = 1e-6

    def cut(self, layers: int) -> Self:
        """The same widths in fewer layers, in both halves, for quick trials.

        llama.cpp needs at least one layer more than DeepStack feeds.
        """
        fed = min(layers - 1, len(self.tower.deepstack))
        tower = replace(self.tower, layers=min(layers, self.tower.layers), deepstack=tuple(range(fed)))
        return replace(self, layers=min(layers, self.layers), tower=tower)


_SMALL_TOWER = Tower(layers=24, hidden=1024, feed_forward=4096, deepstack=(5, 11, 17))
_LARGE_TOWER = Tower(layers=27, hidden=1152, feed_forward=4304, deepstack=(8, 16, 24))

SIZES = {
    "2b": Size("2B", layers=28, hidden=2048, feed_forward=6144, heads=16, tied=True, tower=_SMALL_TOWER),
    "4b": Size("4B", layers=36, hidden=2560, feed_forward=9728, heads=32, tied=True, tower=_SMALL_TOWER),
    "8b": Size("8B", layers=36, hidden=4096, feed_forward=12_288, heads=32, tied=False, tower=_LARGE_TOWER),
}
