"""Batches of pictures as the vision tower takes them, resized exactly as the program resizes what it is given."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from backend.media.fit import CELL, grid
from backend.synthetic.perspective import ASPECTS, compose_solids
from backend.synthetic.scenes import AnyScene, compose

from . import cell_code

MOST_BENT = 0.13
"""How far a grid's aspect may be from a camera's, as a logarithm."""


def any_grid(rng: random.Random, budget: tuple[int, int]) -> tuple[int, int]:
    """Columns and rows of a picture of any aspect from 1:2 to 2:1, often a camera's, with a budget drawn from the range."""
    aspect = 2 ** rng.uniform(-1, 1) if rng.random() < 0.5 else rng.choice(ASPECTS)
    return grid(round(1000 * aspect**0.5), round(1000 * aspect**-0.5), rng.randint(*budget))


def camera_aspect(grid: tuple[int, int]) -> float | None:
    """The aspect of a perspective scene that is shown on this grid, None where no camera's is near. There is but one for
    every grid, so that metres can be told from what is stretched to it."""
    bent = {aspect: abs(math.log(aspect * grid[1] / grid[0])) for aspect in ASPECTS}
    aspect = min(bent, key=bent.__getitem__)
    return aspect if bent[aspect] < MOST_BENT else None


def scene_for(rng: random.Random, grid: tuple[int, int], drawn: bool = True, most: int = 6, solid: float = 0.5) -> AnyScene:
    """A scene that the program would resize to this grid, with chance `solid` one in perspective. Flat ones are sometimes
    drawn at that very size, mostly larger or smaller, slightly off in aspect."""
    width, height = grid[0] * CELL, grid[1] * CELL
    aspect = camera_aspect(grid)
    if aspect is not None and rng.random() < solid:
        shorter = min(width, height) * rng.uniform(0.7, 2.4)
        width, height = round(shorter * max(1, aspect)), round(shorter / min(1, aspect))
        return compose_solids(rng, (width, height), 2 if rng.random() < 0.6 else 1, min(most, 4))
    if not drawn or rng.random() > 0.35:
        scale = rng.uniform(0.7, 2.4)
        bend = rng.uniform(-0.08, 0.08)
        width, height = round(width * scale * (1 + bend)), round(height * scale * (1 - bend))
    fewest = min(4, most) if rng.random() < 0.3 else 1
    return compose(rng, (width, height), fewest, most)


def pixels(picture: Image.Image, grid: tuple[int, int]) -> np.ndarray:
    """The picture stretched to the grid and cut into patches in the tower's order: patches × 768 bytes, channel first."""
    columns, rows = grid
    if picture.size != (columns * CELL, rows * CELL):
        picture = picture.resize((columns * CELL, rows * CELL), Image.Resampling.BICUBIC)
    array = np.asarray(picture).reshape(rows, 2, 16, columns, 2, 16, 3)
    return array.transpose(0, 3, 1, 4, 6, 2, 5).reshape(rows * columns * 4, 768)


@dataclass(frozen=True, slots=True)
class PictureBatch:
    """Equal-sized pictures with the code every visual token should carry. `owner`: −1 where a cell holds nothing."""

    grid: tuple[int, int]
    patches: Tensor
    code: Tensor
    owner: Tensor

    def to(self, device: torch.device) -> PictureBatch:
        """The same on another device."""
        return PictureBatch(self.grid, self.patches.to(device), self.code.to(device), self.owner.to(device))


def batch_of(scenes: list[AnyScene], grid: tuple[int, int]) -> PictureBatch:
    """Draw and encode scenes for one grid."""
    codes, owned = zip(*(cell_code.write(scene, *grid) for scene in scenes), strict=True)
    raw = torch.from_numpy(np.stack([pixels(scene.render(), grid) for scene in scenes]))
    return PictureBatch(grid, raw.float() / 127.5 - 1, torch.from_numpy(np.stack(codes)), torch.from_numpy(np.stack(owned)))
