"""Qwen3-VL in plain PyTorch, batched over pictures of one size, with the parameter names of the reference implementation.

The reference runs the vision tower's attention picture by picture; here one attention call serves the whole batch, which on
a CPU is several times faster. Matrix products run in bfloat16 where there is hardware for it, everything added or
normalised stays in float32.
`tests/training` holds the proof that both implementations give the same logits.

Source of the architecture: Hugging Face transformers, models/qwen3_vl.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network. Heads are `head` wide in the text model and `vision_hidden / vision_heads` wide in the tower."""

    vocabulary: int
    hidden: int = 288
    layers: int = 4
    heads: int = 6
    kv_heads: int = 3
    head: int = 64
    feed_forward: int = 512
    rope_theta: float = 10000.0
    sections: tuple[int, int, int] = (12, 10, 10)
    vision_hidden: int = 192
    vision_layers: int = 5
    vision_heads: int = 6
    vision_feed_forward: int = 576
    deepstack: tuple[int, ...] = (1, 3)
    position_side: int = 16
    """Side of the learned grid of position embeddings, stretched over every picture."""
    patch: int = 16
    epsilon: float = 1e-6


def best_precision() -> torch.dtype:
    """bfloat16 where the hardware multiplies it; a CPU that only imitates it is fifty times faster in float32."""
    native = torch.cuda.is_available() or torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
    return torch.bfloat16 if native else torch.float32


precision = best_precision()
"""Type of the matrix products."""


class Linear(nn.Linear):
    """A linear layer whose float32 weights are used in `precision`."""

    def forward(self, x: Tensor) -> Tensor:
        bias = None if self.bias is None else self.bias.to(precision)
        return functional.linear(x.to(precision), self.weight.to(precision), bias)


class RMSNorm(nn.Module):
    """Root-mean-square norm in float32."""

    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        return functional.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.epsilon)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary embedding, halves paired; `cos` and `sin` cover the first half of the head."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


class VisionAttention(nn.Module):
    """Full attention among the patches of one picture."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.vision_heads
        self.qkv = Linear(shape.vision_hidden, 3 * shape.vision_hidden)
        self.proj = Linear(shape.vision_hidden, shape.vision_hidden)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        batch, length, width = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        q = rotate(q, cos, sin) * (width // self.heads) ** -0.5
        # Written out: on a CPU the fused kernel's backward pass takes as long as the whole rest of the tower.
        mixed = torch.softmax(q @ rotate(k, cos, sin).transpose(-1, -2), dim=-1) @ v
        return self.proj(mixed.transpose(1, 2).reshape(batch, length, width))


class VisionMLP(nn.Module):
    """Two layers with GELU between."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.linear_fc1 = Linear(shape.vision_hidden, shape.vision_feed_forward)
        self.linear_fc2 = Linear(shape.vision_feed_forward, shape.vision_hidden)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_fc2(functional.gelu(self.linear_fc1(x), approximate="tanh"))


class VisionBlock(nn.Module):
    """Pre-norm transformer block."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(shape.vision_hidden, eps=shape.epsilon)
        self.norm2 = nn.LayerNorm(shape.vision_hidden, eps=shape.epsilon)
        self.attn = VisionAttention(shape)
        self.mlp = VisionMLP(shape)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x), cos, sin)
        return x + self.mlp(self.norm2(x))


class PatchMerger(nn.Module):
    """Four neighbouring patches become one visual token. `after`: normalise the four together (DeepStack), else each
    alone."""

    def __init__(self, shape: Shape, after: bool) -> None:
        super().__init__()
        wide = 4 * shape.vision_hidden
        self.after, self.wide = after, wide
        self.norm = nn.LayerNorm(wide if after else shape.vision_hidden, eps=shape.epsilon)
        self.linear_fc1 = Linear(wide, wide)
        self.linear_fc2 = Linear(wide, shape.hidden)

    def forward(self, x: Tensor) -> Tensor:
        grouped = (x.shape[0], -1, self.wide)
        x = self.norm(x.reshape(grouped)) if self.after else self.norm(x).reshape(grouped)
        # The reference uses the exact GELU here, llama.cpp the tanh form, which is what will run.
        return self.linear_fc2(functional.gelu(self.linear_fc1(x), approximate="tanh")).float()


class PatchEmbed(nn.Module):
    """Pixels to patches. The two frames of the reference's 3D convolution see the same still picture, so one matrix holds
    their sum."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.proj = Linear(3 * shape.patch**2, shape.vision_hidden)


def merge_order(rows: int, columns: int) -> tuple[Tensor, Tensor]:
    """Row and column of every patch, in the order of the tower: the four patches of a visual token follow one another."""
    y = torch.arange(rows).view(rows // 2, 1, 2, 1).expand(rows // 2, columns // 2, 2, 2)
    x = torch.arange(columns).view(1, columns // 2, 1, 2).expand(rows // 2, columns // 2, 2, 2)
    return y.reshape(-1), x.reshape(-1)


class VisionTower(nn.Module):
    """Patches of a batch of equal-sized pictures → visual tokens, and one set of DeepStack features per tapped layer."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.patch_embed = PatchEmbed(shape)
        self.pos_embed = nn.Embedding(shape.position_side**2, shape.vision_hidden)
        self.blocks = nn.ModuleList(VisionBlock(shape) for _ in range(shape.vision_layers))
        self.merger = PatchMerger(shape, after=False)
        self.deepstack_merger_list = nn.ModuleList(PatchMerger(shape, after=True) for _ in shape.deepstack)

    def rotary(self, rows: int, columns: int) -> tuple[Tensor, Tensor]:
        """Cosine and sine for each patch: a quarter of the head turns with its row, a quarter with its column."""
        quarter = self.shape.vision_hidden // self.shape.vision_heads // 2
        speed = 10000.0 ** (-torch.arange(0, quarter, 2, dtype=torch.float32) / quarter)
        y, x = merge_order(rows, columns)
        angles = torch.cat((y[:, None] * speed, x[:, None] * speed), dim=-1).to(self.pos_embed.weight.device)
        return angles.cos().to(precision), angles.sin().to(precision)

    def positions(self, rows: int, columns: int) -> Tensor:
        """The grid of position embeddings stretched over the picture, corners on corners."""
        side = self.shape.position_side
        grid = self.pos_embed.weight.view(1, side, side, -1).permute(0, 3, 1, 2)
        stretched = functional.interpolate(grid, (rows, columns), mode="bilinear", align_corners=True)[0]
        y, x = merge_order(rows, columns)
        return stretched[:, y, x].t()

    def forward(self, patches: Tensor, rows: int, columns: int, deep: bool = True) -> tuple[Tensor, list[Tensor]]:
        """`patches`: batch × (rows · columns) × 768 in merge order, values −1…1. `rows`, `columns` count patches."""
        x = self.patch_embed.proj(patches).float() + self.positions(rows, columns)
        cos, sin = self.rotary(rows, columns)
        features = []
        for index, block in enumerate(self.blocks):
            x = block(x, cos, sin)
            if deep and index in self.shape.deepstack:
                features.append(self.deepstack_merger_list[self.shape.deepstack.index(index)](x))
        return self.merger(x), features


class TextAttention(nn.Module):
    """Grouped-query attention with normalised queries and keys."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.watched: Tensor | None = None
        """Where the last pair of heads and the one before it looked in the last call: batch × 4 × length × length. Kept where
        `watch` is set."""
        self.watch = False
        self.q_proj = Linear(shape.hidden, shape.heads * shape.head, bias=False)
        self.k_proj = Linear(shape.hidden, shape.kv_heads * shape.head, bias=False)
        self.v_proj = Linear(shape.hidden, shape.kv_heads * shape.head, bias=False)
        self.o_proj = Linear(shape.heads * shape.head, shape.hidden, bias=False)
        self.q_norm = RMSNorm(shape.head, shape.epsilon)
        self.k_norm = RMSNorm(shape.head, shape.epsilon)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        batch, length, _ = x.shape
        split = (batch, length, -1, self.shape.head)
        q = rotate(self.q_norm(self.q_proj(x).view(split)).transpose(1, 2), cos, sin)
        k = rotate(self.k_norm(self.k_proj(x).view(split)).transpose(1, 2), cos, sin)
        v = self.v_proj(x).view(split).transpose(1, 2)
        shared = self.shape.heads // self.shape.kv_heads
        k, v = k.repeat_interleave(shared, 1), v.repeat_interleave(shared, 1)
        scores = (q * self.shape.head**-0.5) @ k.transpose(-1, -2) + mask
        looks = torch.softmax(scores, dim=-1)
        self.watched = looks[:, [-2, -1, -4, -3]] if self.watch else None
        mixed = looks @ v
        return self.o_proj(mixed.transpose(1, 2).reshape(batch, length, -1))


class TextMLP(nn.Module):
    """SwiGLU."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.gate_proj = Linear(shape.hidden, shape.feed_forward, bias=False)
        self.up_proj = Linear(shape.hidden, shape.feed_forward, bias=False)
        self.down_proj = Linear(shape.feed_forward, shape.hidden, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))


class TextBlock(nn.Module):
    """Pre-norm transformer block."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.self_attn = TextAttention(shape)
        self.mlp = TextMLP(shape)
        self.input_layernorm = RMSNorm(shape.hidden, shape.epsilon)
        self.post_attention_layernorm = RMSNorm(shape.hidden, shape.epsilon)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class LanguageModel(nn.Module):
    """Token embeddings in, hidden states out; `deep` is added to the visual tokens after the first layers."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embed_tokens = nn.Embedding(shape.vocabulary, shape.hidden)
        self.layers = nn.ModuleList(TextBlock(shape) for _ in range(shape.layers))
        self.norm = RMSNorm(shape.hidden, shape.epsilon)

    def rotary(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Interleaved M-RoPE. `positions`: 3 (time, row, column) × batch × length."""
        half = self.shape.head // 2
        speed = self.shape.rope_theta ** (-torch.arange(half, dtype=torch.float32, device=positions.device) / half)
        axis = torch.zeros(half, dtype=torch.long, device=positions.device)
        axis[1 : 3 * self.shape.sections[1] : 3] = 1
        axis[2 : 3 * self.shape.sections[2] : 3] = 2
        angles = positions.float().permute(1, 2, 0)[..., axis] * speed
        return angles.cos()[:, None].to(precision), angles.sin()[:, None].to(precision)

    def forward(self, x: Tensor, positions: Tensor, mask: Tensor, deep: list[Tensor] | None = None) -> Tensor:
        """`x`: batch × length × hidden. `mask`: additive, batch × 1 × length × length. `deep`: like `x`, zero off the
        pictures."""
        cos, sin = self.rotary(positions)
        for index, block in enumerate(self.layers):
            x = block(x, cos, sin, mask)
            if deep is not None and index < len(deep):
                x = x + deep[index]
        return self.norm(x)


class Qwen3VL(nn.Module):
    """The tower and the language model; the output layer is the embedding table."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.model = nn.ModuleDict({"visual": VisionTower(shape), "language_model": LanguageModel(shape)})

    @property
    def tower(self) -> VisionTower:
        return self.model["visual"]  # type: ignore[return-value]

    @property
    def language(self) -> LanguageModel:
        return self.model["language_model"]  # type: ignore[return-value]

    def logits(self, hidden: Tensor) -> Tensor:
        return functional.linear(hidden.to(precision), self.language.embed_tokens.weight.to(precision)).float()
