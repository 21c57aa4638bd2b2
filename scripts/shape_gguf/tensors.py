"""Which tensors the two files hold, of which shape and quantisation: as llama.cpp's converter and llama-quantize make them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from .blocks import Kind
from .sizes import Size

LOGITS = 2.0
"""Spread of the logits: apart enough that the likeliest token does not hang on a rounding error, and not so far that a tied
table, in which every token is most like itself, repeats it for ever."""
ATTENTION = 0.1
"""How much attention adds to a token's own way through the layers. Random attention is an average of all that came before, and
where it weighs as much as the rest, every position ends up the same and an answer is one token over and over."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One tensor of random weights, or of one value."""

    name: str
    shape: tuple[int, ...]
    """Outermost first, as numpy has it; the last is the width of a row."""
    kind: Kind
    spread: float = 0.0
    value: float = 0.0
    """What every element is where `spread` is 0."""
    rows: int | None = None
    """Rows that are random; those behind them are 0. None: all."""


def _norm(name: str, width: int) -> Weights:
    return Weights(name, (width,), Kind.F32, value=1.0)


def _bias(name: str, width: int) -> Weights:
    return Weights(name, (width,), Kind.F32)


def more_bits(layer: int, layers: int) -> bool:
    """Which layers Q4_K_M gives six bits (llama-quant.cpp): the first and last eighth, and every third between them."""
    return layer < layers // 8 or layer >= 7 * layers // 8 or (layer - layers // 8) % 3 == 2


def text(size: Size, quant: str, plain: int) -> Iterator[Weights]:
    """The language model. Tokens from `plain` on are special or unused and get logit 0, so no answer ever holds one."""
    four, six = {"Q4_K_M": (Kind.Q4_K, Kind.Q6_K), "Q8_0": (Kind.Q8_0, Kind.Q8_0), "F16": (Kind.F16, Kind.F16)}[quant]
    table = (size.vocabulary, size.hidden)
    spread = LOGITS / sqrt(size.hidden)
    yield Weights("token_embd.weight", table, six if size.tied else four, spread, rows=plain)
    if not size.tied:
        yield Weights("output.weight", table, six, spread, rows=plain)
    yield _norm("output_norm.weight", size.hidden)
    queries, keys = size.heads * size.head, size.kv_heads * size.head
    for layer in range(size.layers):
        finer = six if more_bits(layer, size.layers) else four
        for name, rows, width, kind, gain in (
            ("attn_q", queries, size.hidden, four, 1.0),
            ("attn_k", keys, size.hidden, four, 1.0),
            ("attn_v", keys, size.hidden, finer, 1.0),
            ("attn_output", size.hidden, queries, four, ATTENTION),
            ("ffn_gate", size.feed_forward, size.hidden, four, 1.0),
            ("ffn_up", size.feed_forward, size.hidden, four, 1.0),
            ("ffn_down", size.hidden, size.feed_forward, finer, 1.0),
        ):
            yield Weights(f"blk.{layer}.{name}.weight", (rows, width), kind, gain / sqrt(width))
        for name, width in (
            ("attn_norm", size.hidden),
            ("ffn_norm", size.hidden),
            ("attn_q_norm", size.head),
            ("attn_k_norm", size.head),
        ):
            yield _norm(f"blk.{layer}.{name}.weight", width)


def vision(size: Size, quant: str) -> Iterator[Weights]:
    """The tower with its mergers."""
    tower = size.tower
    kind = Kind.F16 if quant == "F16" else Kind.Q8_0
    pixels = (tower.hidden, 3, tower.patch, tower.patch)
    for frame in ("", ".1"):
        yield Weights(
            f"v.patch_embd.weight{frame}", pixels, Kind.F16 if quant == "F16" else Kind.F32, 1 / sqrt(3 * tower.patch**2)
        )
    yield _bias("v.patch_embd.bias", tower.hidden)
    yield Weights("v.position_embd.weight", (tower.positions_side**2, tower.hidden), Kind.F32, 0.02)
    for layer in range(tower.layers):
        for name in ("ln1", "ln2"):
            yield _norm(f"v.blk.{layer}.{name}.weight", tower.hidden)
            yield _bias(f"v.blk.{layer}.{name}.bias", tower.hidden)
        for name, rows, width in (
            ("attn_qkv", 3 * tower.hidden, tower.hidden),
            ("attn_out", tower.hidden, tower.hidden),
            ("ffn_up", tower.feed_forward, tower.hidden),
            ("ffn_down", tower.hidden, tower.feed_forward),
        ):
            yield from _linear(f"v.blk.{layer}.{name}", rows, width, kind)
    merged = 4 * tower.hidden
    yield _norm("v.post_ln.weight", tower.hidden)
    yield _bias("v.post_ln.bias", tower.hidden)
    yield from _linear("mm.0", merged, merged, kind)
    yield from _linear("mm.2", size.hidden, merged, kind)
    for layer in tower.deepstack:
        yield _norm(f"v.deepstack.{layer}.norm.weight", merged)
        yield _bias(f"v.deepstack.{layer}.norm.bias", merged)
        yield from _linear(f"v.deepstack.{layer}.fc1", merged, merged, kind)
        yield from _linear(f"v.deepstack.{layer}.fc2", size.hidden, merged, kind)


def _linear(name: str, rows: int, width: int, kind: Kind) -> Iterator[Weights]:
    """A matrix with its bias; rows that do not divide into blocks of 32 stay F16, as in the converter (8B: 4,304)."""
    yield Weights(f"{name}.weight", (rows, width), Kind.F16 if width % 32 else kind, 1 / sqrt(width))
    yield _bias(f"{name}.bias", rows)
