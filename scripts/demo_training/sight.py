"""First lesson, for the eyes: the vision tower alone writes the code of every cell, with the truth beside each of them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from backend.synthetic.scenes import ALL_SHAPES, SOLID

from .architecture import Qwen3VL
from .cell_code import BOX, COLOUR, FLAG, FREQUENCIES, LENGTHS, MARKS, METRE_FREQUENCIES, METRES, PLACES, SHAPE, SILENT, SPACE
from .optimiser import Optimiser
from .pictures import PictureBatch, any_grid, batch_of, scene_for

SHARPNESS = 6.0
"""Turns the code's one-hot entries into logits for the cross-entropy."""
_EACH_WAVE = torch.tensor([1.0, 1.0, 1.0, 1.0, 1.0, 0.5]).tile(2 * PLACES)
assert len(_EACH_WAVE) == 2 * PLACES * len(FREQUENCIES)
_SOLID = ALL_SHAPES.index(SOLID) + 1


def code_loss(said: Tensor, batch: PictureBatch) -> Tensor:
    """How far the visual tokens are from the code: squared error of everything, cross-entropy of colour and shape besides.
    Metres count where there is a solid box."""
    truth, on = batch.code, batch.owner >= 0
    solid = on & (truth[..., SHAPE].argmax(-1) == _SOLID)
    plain = functional.mse_loss(said[..., MARKS], truth[..., MARKS])
    silent = said[..., SILENT].square().mean()
    place = ((said - truth)[..., BOX].square() * _EACH_WAVE.to(said.device)).mean(-1)
    colour = functional.cross_entropy(SHARPNESS * said[..., COLOUR].flatten(0, -2), truth[..., COLOUR].argmax(-1).flatten())
    shape = functional.cross_entropy(SHARPNESS * said[..., SHAPE].flatten(0, -2), truth[..., SHAPE].argmax(-1).flatten())
    off = place[~on].mean() if bool((~on).any()) else 0.0
    space = (said - truth)[..., SPACE].square().mean(-1)
    deep = space[solid].mean() if bool(solid.any()) else 0.0
    flat = space[~solid].mean() if bool((~solid).any()) else 0.0
    seen = 2 * plain + 3 * place[on].mean() + 0.5 * off + 0.5 * colour + shape + 0.1 * silent
    # One entry among three dozen, but every count and every list stands on it.
    flag = functional.mse_loss(said[..., FLAG], truth[..., FLAG])
    return seen + 3 * deep + 0.5 * flat + 0.5 * flag


@torch.no_grad()
def report(said: Tensor, batch: PictureBatch) -> str:
    """Accuracy of flag, colour and shape on cells that hold something, and the error of each wave."""
    on = batch.owner >= 0
    spoken, truth = said[on], batch.code[on]
    flag = ((said[..., FLAG] > 0.75) == (batch.code[..., FLAG] > 0.75)).float().mean()
    colour = (spoken[:, COLOUR].argmax(-1) == truth[:, COLOUR].argmax(-1)).float().mean()
    shape = (spoken[:, SHAPE].argmax(-1) == truth[:, SHAPE].argmax(-1)).float().mean()
    waves = (spoken[:, BOX] - truth[:, BOX]).square().view(-1, 2 * PLACES, len(FREQUENCIES)).mean((0, 1)).sqrt()
    slow = spoken[:, BOX].view(-1, PLACES, 2, len(FREQUENCIES))[..., 2]
    real = truth[:, BOX].view(-1, PLACES, 2, len(FREQUENCIES))[..., 2]
    angle = torch.atan2(slow[:, :, 1], slow[:, :, 0]) - torch.atan2(real[:, :, 1], real[:, :, 0])
    angle = torch.remainder(angle + torch.pi, 2 * torch.pi) - torch.pi
    error = angle.abs().mean() / (2 * torch.pi * FREQUENCIES[2])
    told = f"flag {flag:.3f} colour {colour:.3f} shape {shape:.3f} corner {error:.4f} waves "
    return told + " ".join(f"{w:.2f}" for w in waves) + metres_off(said, batch)


def metres_off(said: Tensor, batch: PictureBatch) -> str:
    """Mean error of x, y, z and the sizes, in metres, read from the slowest wave; and how wrong nearness and hiding are."""
    solid = batch.code[..., SHAPE].argmax(-1) == _SOLID
    if not bool(solid.any()):
        return ""
    each = 2 * len(METRE_FREQUENCIES)

    def lengths(code: Tensor) -> Tensor:
        turned = code[solid][:, METRES][:, : LENGTHS * each].view(-1, LENGTHS, each)
        return torch.atan2(turned[..., each // 2], turned[..., 0]) / (2 * torch.pi) * 10

    off = torch.remainder(lengths(said) - lengths(batch.code) + 5, 10) - 5
    flags = (said - batch.code)[solid][:, SPACE][:, METRES.stop - METRES.start :].square().mean().sqrt()
    return " metres " + " ".join(f"{v:.2f}" for v in off.abs().mean(0)) + f" flags {flags:.2f}"


def teach(
    model: Qwen3VL,
    minutes: float,
    seed: int,
    log: Callable[[str], None],
    size: int = 48,
    save: Callable[[], None] | None = None,
    muon: float = 0.02,
    adam: float = 2e-3,
    small: float = 0.3,
) -> None:
    """Train the tower for that long. The first part (`small`, a share) sees small pictures, which cost less and have fewer
    cells to tell apart."""
    rng = random.Random(seed)
    optimiser = Optimiser([(n, p) for n, p in model.tower.named_parameters() if "deepstack" not in n], muon=muon, adam=adam)
    start, seen, smooth = time.monotonic(), 0, 0.0
    while (progress := (time.monotonic() - start) / (60 * minutes)) < 1:
        grid = any_grid(rng, (16, 30) if progress < small else (24, 42))
        batch = batch_of([scene_for(rng, grid, solid=0.6) for _ in range(size)], grid).to(model.tower.pos_embed.weight.device)
        said, _ = model.tower(batch.patches, 2 * grid[1], 2 * grid[0], deep=False)
        loss = code_loss(said, batch)
        loss.backward()
        optimiser.step(progress)
        seen += size
        smooth = loss.item() if smooth == 0 else 0.97 * smooth + 0.03 * loss.item()
        if optimiser.steps % 50 == 0:
            log(f"sight {optimiser.steps} {seen / (time.monotonic() - start):.0f}/s loss {smooth:.3f} {report(said, batch)}")
        if save is not None and optimiser.steps % 500 == 0:
            save()
