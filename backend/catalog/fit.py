"""Does it fit? What a model will need in memory, held against what this machine has free.

Upstream's own fit tool leaves the vision tower out, and running out of memory on the first picture kills the process;
so this is worked out before loading, from the two headers, or from the card alone before anything is downloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backend.catalog.card import ModelCard
from backend.catalog.check import rows_wanted
from backend.catalog.gguf import Header
from backend.catalog.memory import Memory

_UBATCH = 512
"""Tokens that llama.cpp works on at once (its default, which the engine keeps)."""
_PATCHES_PER_TOKEN = 4
"""Image patches merged into one image token (2×2)."""
Where = Literal["GPU", "RAM"]


@dataclass(frozen=True, slots=True)
class Needs:
    """Bytes a model takes while it answers."""

    weights: int
    kv: int
    compute: int
    vision: int
    """Working memory of the vision tower at the largest picture; its weights are in `weights`."""

    @property
    def total(self) -> int:
        return self.weights + self.kv + self.compute + self.vision


@dataclass(frozen=True, slots=True)
class Shape:
    """The few widths that memory follows from."""

    layers: int
    kv_width: int
    """Numbers a token adds to the keys of one layer: kv heads · head size. The values take as many again."""
    embedding: int
    picture_row: int
    """Width of a picture's rows: embedding · (1 + deepstack layers)."""
    feed_forward: int
    vocabulary: int
    vision_embedding: int
    vision_feed_forward: int

    @classmethod
    def of_headers(cls, language: Header, vision: Header) -> Shape:
        embedding = language.own("embedding_length") or 0
        heads = language.own("attention.head_count") or 1
        table = language.tensors.get("token_embd.weight")
        return cls(
            layers=language.own("block_count") or 0,
            kv_width=(language.own("attention.head_count_kv") or heads)
            * (language.own("attention.key_length") or embedding // heads),
            embedding=embedding,
            picture_row=rows_wanted(language),
            feed_forward=language.own("feed_forward_length") or 4 * embedding,
            vocabulary=table.shape[-1] if table else 0,
            vision_embedding=vision.whole("clip.vision.embedding_length") or 0,
            vision_feed_forward=vision.whole("clip.vision.feed_forward_length") or 0,
        )

    @classmethod
    def of_card(cls, card: ModelCard) -> Shape:
        """Qwen3-VL's published shapes, by size: what is known before the files are there."""
        if card.parameters < 1:
            return cls(6, 128, 256, 1024, 768, 1024, 256, 768)
        if card.parameters < 3:
            return cls(28, 1024, 2048, 8192, 6144, 151_936, 1024, 4096)
        if card.parameters < 6:
            return cls(36, 1024, 2560, 10_240, 9728, 151_936, 1024, 4096)
        if card.parameters < 20:
            return cls(36, 1024, 4096, 16_384, 12_288, 151_936, 1152, 4304)
        return cls(64, 1024, 5120, 20_480, 25_600, 151_936, 1152, 4304)


def needs(weights: int, shape: Shape, context: int, image_tokens: int) -> Needs:
    """The sum, part by part.

    - KV: keys and values, f16: 2 · 2 bytes · layers · kv_width · context. Measured: 117 / 151 / 151 MB for 1024 tokens
      of 2B / 4B / 8B; the formula gives 117.4 / 151.0 / 151.0.
    - Compute: llama.cpp reserves the logits of a whole micro-batch in f32, and a layer's activations beside it.
    - Vision: with flash attention, a layer's activations in f32 for every patch of the largest picture, and one row of
      results per image token.
    """
    kv = 4 * shape.layers * shape.kv_width * context
    compute = 4 * _UBATCH * (shape.vocabulary + shape.picture_row + 2 * shape.feed_forward + 4 * shape.embedding)
    patch = 6 * shape.vision_embedding + 2 * shape.vision_feed_forward
    vision = 4 * image_tokens * (_PATCHES_PER_TOKEN * patch + 2 * shape.picture_row)
    return Needs(weights, kv, compute, vision)


def needs_of_files(language: Header, vision: Header, context: int, image_tokens: int) -> Needs:
    """What an installed pair takes."""
    weights = language.file_size + vision.file_size
    return needs(weights, Shape.of_headers(language, vision), context, image_tokens)


def needs_of_card(card: ModelCard) -> Needs:
    """What a model would take that is not downloaded yet; its weights are the catalogue's estimate."""
    return needs(card.download_bytes, Shape.of_card(card), card.context, card.image_tokens.max)


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a model fits, where, and the numbers."""

    ok: bool
    needs: Needs
    available: int
    """Bytes free where it would run."""
    where: Where
    sentence: str


def judge(wanted: Needs, memory: Memory) -> Fit:
    """On the GPU if it fits there whole, else in RAM if it fits there, else nowhere."""
    total, ram, gpu = (gigabytes(size) for size in (wanted.total, memory.ram_free, memory.gpu_free))
    if memory.gpu and wanted.total <= memory.gpu_free:
        return Fit(True, wanted, memory.gpu_free, "GPU", f"fits on {memory.gpu}: {total} of {gpu} free")
    beside = f"; too large for {memory.gpu} ({gpu} free)" if memory.gpu else ""
    if wanted.total <= memory.ram_free:
        return Fit(True, wanted, memory.ram_free, "RAM", f"fits in memory: {total} of {ram} free{beside}")
    return Fit(False, wanted, memory.ram_free, "RAM", f"does not fit: it needs {total}, memory has {ram} free{beside}")


def gigabytes(size: int) -> str:
    """Bytes for people: GB as disks and downloads count them."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
