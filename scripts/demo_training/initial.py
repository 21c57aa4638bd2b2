"""Initial weights that already know what is known: colours, edges and places need not be discovered.

The patch embedding starts as the lowest cosine waves (DCT) of each colour channel, each scaled to the spread it has on real
scenes: on flat shapes these keep nearly everything. Position embeddings start as smooth waves of the normalised place.
Layers that write to the residual stream start small, DeepStack starts silent (its last layer is zero).
"""

from __future__ import annotations

import math
import random

import torch
from torch import Tensor, nn

from .architecture import PatchMerger, Qwen3VL
from .looking import know_words
from .pictures import any_grid, batch_of, scene_for


def cosine_basis(patch: int, count: int) -> Tensor:
    """The `count` lowest two-dimensional cosine waves of a patch, each of unit norm: count × patch²."""
    n = torch.arange(patch)
    waves = torch.cos(math.pi * (n + 0.5) * torch.arange(patch)[:, None] / patch)
    plane = torch.einsum("iy,jx->ijyx", waves, waves).reshape(patch * patch, -1)
    low = sorted(range(patch * patch), key=lambda k: (k // patch) ** 2 + (k % patch) ** 2)[:count]
    chosen = plane[low]
    return chosen / chosen.norm(dim=1, keepdim=True)


def place_waves(side: int, width: int) -> Tensor:
    """Waves of 0.25 to 4 periods across the picture, half of them along x, half along y, on a side × side grid."""
    along = torch.linspace(0, 1, side)
    frequencies = 0.25 * 16 ** (torch.arange(width // 4) / (width // 4 - 1))
    angles = 2 * math.pi * along[:, None] * frequencies
    line = torch.cat((angles.cos(), angles.sin()), -1)
    down = line[:, None].expand(side, side, -1)
    across = line[None, :].expand(side, side, -1)
    return torch.cat((across, down), -1).reshape(side * side, width)


@torch.no_grad()
def initialise(model: Qwen3VL, seed: int) -> None:
    """Fill every parameter."""
    torch.manual_seed(seed)
    shape = model.shape
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=module.in_features**-0.5)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    for block in model.tower.blocks:
        block.attn.proj.weight.mul_((2 * shape.vision_layers) ** -0.5)
        block.mlp.linear_fc2.weight.mul_((2 * shape.vision_layers) ** -0.5)
    for block in model.language.layers:
        block.self_attn.o_proj.weight.mul_((2 * shape.layers) ** -0.5)
        block.mlp.down_proj.weight.mul_((2 * shape.layers) ** -0.5)
    nn.init.normal_(model.language.embed_tokens.weight, std=0.25)
    nn.init.constant_(model.language.norm.weight, 0.25)
    for merger in model.tower.deepstack_merger_list:
        assert isinstance(merger, PatchMerger)
        nn.init.zeros_(merger.linear_fc2.weight)
    model.tower.pos_embed.weight.copy_(0.5 * place_waves(shape.position_side, shape.vision_hidden))
    set_patch_embedding(model, seed)
    know_words(model)


@torch.no_grad()
def set_patch_embedding(model: Qwen3VL, seed: int) -> None:
    """Cosine waves per channel, scaled and centred by their spread over a few hundred scenes."""
    rng = random.Random(seed)
    shape = model.shape
    each = shape.vision_hidden // 3
    basis = torch.block_diag(*[cosine_basis(shape.patch, each)] * 3)
    samples = []
    for _ in range(24):
        grid = any_grid(rng, (24, 40))
        samples.append(batch_of([scene_for(rng, grid) for _ in range(8)], grid).patches.reshape(-1, basis.shape[1]) @ basis.t())
    seen = torch.cat(samples)
    spread = seen.std(0)
    scale = 1 / (spread + 0.1 * spread.max())
    model.tower.patch_embed.proj.weight.copy_(basis * scale[:, None])
    model.tower.patch_embed.proj.bias.copy_(-seen.mean(0) * scale)
