"""What the head of a GGUF file says: its values and its tensor table, as data. `gguf.read_header` makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Skipped:
    """An array that was stepped over: how many elements it has."""

    count: int


Scalar = int | float | bool | str
Value = Scalar | tuple[int | float | bool, ...] | Skipped


@dataclass(frozen=True, slots=True)
class Tensor:
    """One entry of the tensor table; the weights themselves are never read."""

    name: str
    shape: tuple[int, ...]
    type: str
    """ggml's name: F16, Q8_0, Q4_K …"""
    size: int
    """Bytes."""

    @property
    def elements(self) -> int:
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class Header:
    """What a GGUF file says about itself."""

    path: Path
    version: int
    file_size: int
    """Bytes on disk."""
    values: Mapping[str, Value] = field(repr=False)
    tensors: Mapping[str, Tensor] = field(repr=False)

    @property
    def architecture(self) -> str:
        return self.text("general.architecture")

    @property
    def parameters(self) -> int:
        """Weights in all tensors."""
        return sum(tensor.elements for tensor in self.tensors.values())

    def text(self, key: str) -> str:
        """A string value; empty where it is missing or of another type."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def whole(self, key: str) -> int | None:
        """A whole number; None where it is missing or of another type."""
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def own(self, key: str) -> int | None:
        """A whole number under the architecture's own prefix: `own("block_count")` of a qwen3vl file is qwen3vl.block_count."""
        return self.whole(f"{self.architecture}.{key}")
