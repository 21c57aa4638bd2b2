"""Random weights, quantised without ever having been numbers: a tile of random blocks, laid over each tensor again and again.

Quantising billions of numbers takes minutes, and a kernel cannot tell the difference. The tile has a prime number of blocks, so
no two rows of a tensor are the same (two equal rows of the output layer would be two tokens that are always equally likely).
"""

from __future__ import annotations

from collections.abc import Iterator

import gguf
import numpy as np
from numpy.typing import NDArray

Kind = gguf.GGMLQuantizationType
Blocks = NDArray[np.uint8]
"""One row per block, as bytes."""

_PRIMES = {Kind.Q4_K: 200_003, Kind.Q6_K: 200_003, Kind.Q8_0: 400_009, Kind.F16: 4_000_037, Kind.F32: 1_000_003}
"""Blocks in a tile, by kind: some tens of megabytes."""


def nbytes(elements: int, kind: Kind) -> int:
    """What that many weights take."""
    weights, size = gguf.GGML_QUANT_SIZES[kind]
    return elements // weights * size


class Tile:
    """Blocks of one kind whose weights have mean 0 and a given spread (standard deviation)."""

    def __init__(self, kind: Kind, spread: float, seed: int) -> None:
        rng = np.random.default_rng([seed, kind.value, int(spread * 1e9)])
        self._bytes = memoryview(_random(kind, _PRIMES[kind], spread, rng).reshape(-1))  # type: ignore[arg-type]
        self._at = 0

    def pieces(self, size: int) -> Iterator[memoryview]:
        """The next `size` bytes; where the tile ends it begins anew."""
        while size > 0:
            piece = self._bytes[self._at : self._at + size]
            self._at = (self._at + len(piece)) % len(self._bytes)
            size -= len(piece)
            yield piece


def _random(kind: Kind, count: int, spread: float, rng: np.random.Generator) -> Blocks:
    match kind:
        case Kind.Q4_K:
            return _q4_k(count, spread, rng)
        case Kind.Q6_K:
            return _q6_k(count, spread, rng)
        case Kind.Q8_0:
            return _q8_0(count, spread, rng)
    numbers = rng.standard_normal(count, dtype=np.float32) * np.float32(spread)
    return (
        np.ascontiguousarray(numbers.astype(np.float16 if kind is Kind.F16 else np.float32)).view(np.uint8).reshape(count, -1)
    )


def _half(value: float, count: int) -> Blocks:
    """One float16 for each block."""
    return np.full((count, 1), value, np.float16).view(np.uint8)


def _bytes(rng: np.random.Generator, count: int, width: int) -> Blocks:
    return rng.integers(0, 256, (count, width), np.uint8)


def _q4_k(count: int, spread: float, rng: np.random.Generator) -> Blocks:
    """256 weights d·scale·q − m·scale: q of 0…15 has mean 7.5 and spread 4.61, so m = 7.5·d leaves the mean at 0."""
    scales = rng.integers(32, 64, (count, 8), np.uint8)
    step = spread / (4.61 * 48.4)
    low, high = scales[:, :4], scales[:, 4:]
    packed = low | (high >> 4 << 6)
    return np.hstack(
        [_half(step, count), _half(7.5 * step, count), packed, packed, high & 15 | (high & 15) << 4, _bytes(rng, count, 128)]
    )


def _q6_k(count: int, spread: float, rng: np.random.Generator) -> Blocks:
    """256 weights d·scale·(q − 32): q of 0…63 has spread 18.5, and scales of both signs leave the mean at 0."""
    scales = rng.integers(64, 128, (count, 16), np.int8) * rng.choice(np.array([-1, 1], np.int8), (count, 16))
    return np.hstack([_bytes(rng, count, 192), scales.view(np.uint8), _half(spread / (18.5 * 97.3), count)])


def _q8_0(count: int, spread: float, rng: np.random.Generator) -> Blocks:
    """32 weights d·q: q of −127…127 has spread 73.6."""
    numbers = rng.integers(-127, 128, (count, 32), np.int8)
    return np.hstack([_half(spread / 73.6, count), numbers.view(np.uint8)])
