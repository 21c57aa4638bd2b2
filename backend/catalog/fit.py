"""Does it fit? What a model will need in memory, held against what this machine has free.

Upstream's own fit tool leaves the vision tower out, and running out of memory on the first picture kills the process;
so this is worked out before loading, from the two headers, or from the card alone before anything is downloaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backend.catalog.card import InstalledModel, ModelCard, Server
from backend.catalog.check import check_pair, rows_wanted
from backend.catalog.header import Header
from backend.catalog.memory import Memory
from backend.language import _
from backend.sanitise import one_line

_UBATCH = 512
"""Tokens that llama.cpp works on at once (its default, which the engine keeps)."""
_PATCHES_PER_TOKEN = 4
"""Image patches merged into one image token (2×2)."""
_PATCH_INPUT = 3 * 16 * 16 + 4
"""Numbers that enter the vision tower for one patch: its pixels and its position."""
_WARMUP_TOKENS = 46 * 46
"""mtmd reserves for a picture of this size at least (clip.cpp, set_warmup_n_tokens), whatever is asked for later."""
_CUDA_CONTEXT = 512 << 20
"""What a process takes on the GPU before its first tensor; nvidia-smi's free memory does not know of it yet. An allowance,
not a measurement."""
Where = Literal["GPU", "RAM", "server"]


@dataclass(frozen=True, slots=True)
class Needs:
    """Bytes a model takes while it answers.

    All sequences of one picture share the `context` cells of one KV cache, however many questions are asked at once. The
    prefixes of earlier pictures, which the engine parks in RAM, are not among it: they take what is left, a quarter of
    the free RAM at most, and never keep a model from loading.
    """

    weights: int
    kv: int
    compute: int
    vision: int
    """Working memory of the vision tower at the largest picture; its weights are in `weights`."""

    @property
    def total(self) -> int:
        return self.weights + self.kv + self.compute + self.vision

    def as_dict(self) -> dict[str, int]:
        return {"weights": self.weights, "kv": self.kv, "compute": self.compute, "vision": self.vision, "total": self.total}

    def __str__(self) -> str:
        weights, kv, compute, vision = map(gigabytes, (self.weights, self.kv, self.compute, self.vision))
        return _("weights {weights}, KV cache {kv}, compute {compute}, vision tower {vision}").format(
            weights=weights, kv=kv, compute=compute, vision=vision
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """The few widths that memory follows from."""

    layers: int
    kv_width: int
    """Numbers a token adds to the keys of one layer: kv heads · head size. The values take as many again."""
    embedding: int
    picture_row: int
    """Width of a picture's rows: embedding · (1 + deepstack layers)."""
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
            vocabulary=table.shape[-1] if table else 0,
            vision_embedding=vision.whole("clip.vision.embedding_length") or 0,
            vision_feed_forward=vision.whole("clip.vision.feed_forward_length") or 0,
        )

    @classmethod
    def of_card(cls, card: ModelCard) -> Shape:
        """Qwen3-VL's published shapes, by size: what is known before the files are there."""
        if card.parameters < 1:
            return cls(6, 128, 256, 1024, 1024, 256, 768)
        if card.parameters < 3:
            return cls(28, 1024, 2048, 8192, 151_936, 1024, 4096)
        if card.parameters < 6:
            return cls(36, 1024, 2560, 10_240, 151_936, 1024, 4096)
        if card.parameters < 20:
            return cls(36, 1024, 4096, 16_384, 151_936, 1152, 4304)
        return cls(64, 1024, 5120, 20_480, 151_936, 1152, 4304)


def needs(weights: int, shape: Shape, context: int, image_tokens: int) -> Needs:
    """The sum, part by part; the formulas bound what llama.cpp 0.3.36's log reported on CPU for models of the true
    widths (zero weights, four layers, flash attention on), from 2,048 to 32,768 tokens of context.

    - KV: keys and values, f16: 2 · 2 bytes · layers · kv_width · context. 117 / 151 / 151 MB for 1024 tokens of 2B / 4B / 8B.
    - Compute: f32, for each of 512 tokens: logits, a picture's row, two hidden states, and the mask in f16. Measured at
      8,192 tokens: 321 / 322 / 345 MiB; at 32,768: 317 / 359 / 377 MiB.
    - Vision: f32, for each patch: five hidden states, one feed-forward state, the pixels. Measured for the 2,116 tokens
      of the warm-up: 322 / 322 / 350 MiB (and 4.7 GiB without flash attention).
    """
    kv = 4 * shape.layers * shape.kv_width * context
    compute = 4 * _UBATCH * (shape.vocabulary + shape.picture_row + 2 * shape.embedding + context // 2 + 32)
    patches = _PATCHES_PER_TOKEN * max(image_tokens, _WARMUP_TOKENS)
    vision = 4 * patches * (5 * shape.vision_embedding + shape.vision_feed_forward + _PATCH_INPUT)
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


def elsewhere(server: Server) -> Fit:
    """A model that another machine has takes nothing of this one."""
    return Fit(True, Needs(0, 0, 0, 0), 0, "server", _("answers on a server, {url}").format(url=one_line(server.url)))


def judge(wanted: Needs, memory: Memory) -> Fit:
    """On the GPU if it fits there whole, else in RAM if it fits there, else nowhere."""
    total, ram, gpu = (gigabytes(size) for size in (wanted.total, memory.ram_free, memory.gpu_free))
    if memory.gpu and wanted.total + _CUDA_CONTEXT <= memory.gpu_free:
        return Fit(
            True,
            wanted,
            memory.gpu_free,
            "GPU",
            _("fits on {gpu}: {total} of {gpu_2} VRAM free").format(gpu=memory.gpu, total=total, gpu_2=gpu),
        )
    beside = _("; too large for {gpu} ({gpu_2} VRAM free)").format(gpu=memory.gpu, gpu_2=gpu) if memory.gpu else ""
    if wanted.total <= memory.ram_free:
        return Fit(
            True,
            wanted,
            memory.ram_free,
            "RAM",
            _("fits in RAM: {total} of {ram} free{beside}").format(total=total, ram=ram, beside=beside),
        )
    return Fit(
        False,
        wanted,
        memory.ram_free,
        "RAM",
        _("does not fit: it needs {total} ({wanted}), RAM has {ram} free{beside}").format(
            total=total, wanted=wanted, ram=ram, beside=beside
        ),
    )


def fit_of(model: InstalledModel, memory: Memory) -> Fit:
    """Whether an installed model fits; ModelError if its files are not a model."""
    if model.card.server is not None:
        return elsewhere(model.card.server)
    language, vision = check_pair(model.text, model.mmproj, model.card).require()
    return judge(needs_of_files(language, vision, model.card.context, model.card.image_tokens.max), memory)


def gigabytes(size: int) -> str:
    """Bytes for people: GB as disks and downloads count them."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
