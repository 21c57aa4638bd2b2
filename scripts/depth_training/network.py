"""The network: a U-Net of residual blocks that also knows where in the picture each place is.

A box's depth is told by where it meets the ground, which may be half a picture below the place in question: four halvings
see the whole picture, and coordinates as two more channels (Liu and others, An Intriguing Failing of Convolutional Neural
Networks and the CoordConv Solution, 2018) tell the bottom from the top without having to count from an edge.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

SIDE = 160
"""Pixels of the square input; a picture is stretched onto it, for 1/Z stays affine under that."""
MEAN = (0.5, 0.5, 0.5)
STD = (0.25, 0.25, 0.25)


class Block(nn.Module):
    """Two convolutions around a shortcut."""

    def __init__(self, inside: int, outside: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.calm = nn.BatchNorm2d(outside)
        self.second = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.calmer = nn.BatchNorm2d(outside)
        self.short = nn.Conv2d(inside, outside, 1, stride) if stride > 1 or inside != outside else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        inner = self.calmer(self.second(functional.relu(self.calm(self.first(x)))))
        return functional.relu(inner + self.short(x))


class DepthNet(nn.Module):
    """RGB (n, 3, SIDE, SIDE), normalised by MEAN and STD, to inverse depth (n, 1, SIDE, SIDE)."""

    def __init__(self, widths: tuple[int, ...] = (24, 40, 56, 72, 96)) -> None:
        super().__init__()
        half = SIDE // 2
        rows = torch.linspace(-1, 1, half).view(1, 1, half, 1).expand(1, 1, half, half)
        self.register_buffer("places", torch.cat([rows, rows.transpose(2, 3)], 1).contiguous())
        self.stem = nn.Conv2d(3, widths[0], 4, 2, 1)
        self.start = Block(widths[0] + 2, widths[0])
        self.down = nn.ModuleList(Block(a, b, 2) for a, b in pairwise(widths))
        self.middle = Block(widths[-1], widths[-1])
        self.across = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in pairwise(widths))
        self.up = nn.ModuleList(Block(a, a) for a in widths[:-1])
        self.last = nn.Conv2d(widths[0], 4, 3, 1, 1)

    def forward(self, picture: Tensor) -> Tensor:
        x = functional.relu(self.stem(picture))
        x = self.start(torch.cat([x, self.places.expand(x.shape[0], -1, -1, -1)], 1))
        kept = []
        for down in self.down:
            kept.append(x)
            x = down(x)
        x = self.middle(x)
        for across, up, skip in zip(reversed(self.across), reversed(self.up), reversed(kept), strict=True):
            x = up(skip + functional.interpolate(across(x), scale_factor=2.0, mode="nearest"))
        return functional.pixel_shuffle(self.last(x), 2)
