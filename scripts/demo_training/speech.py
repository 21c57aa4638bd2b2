"""Second lesson, for the tongue: the language model alone learns to read codes computed from scenes, and to answer from
them.

No picture is drawn and no tower runs, so a question costs a fraction of what it does with eyes. The codes are blurred as a
tower's would be: corners miss by up to 1 % of the picture, fast waves fade accordingly, one-hot entries are hazy.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from backend.synthetic.perspective import SolidScene
from backend.synthetic.scenes import AnyScene

from . import cell_code
from .architecture import Qwen3VL, precision
from .cell_code import BOX, ECHO, FREQUENCIES, METRES, PLACES, SHAPE, SIGNS, SILENT
from .conversations import Line, TalkBatch, line_about
from .glances import LAYERS
from .optimiser import Optimiser
from .partners import ALONE, Partners
from .pictures import any_grid, scene_for
from .tokenizer import encode


def blurred_code(rng: np.random.Generator, scene: AnyScene, grid: tuple[int, int]) -> np.ndarray:
    """The code of every cell as a tower that is a little unsure would give it: cells × HIDDEN."""
    code, owner = cell_code.write(scene, *grid)
    on = owner >= 0
    sigma = 0.0 if rng.random() < 0.3 else rng.uniform(0, 0.008)
    boxes = cell_code.corners(scene)
    boxes = boxes + rng.normal(0, sigma * 0.7, boxes.shape).astype(np.float32)
    each = boxes[owner[on]] + rng.normal(0, sigma * 0.7, (int(on.sum()), 4)).astype(np.float32)
    fade = np.exp(-2 * np.pi**2 * FREQUENCIES**2 * sigma**2).astype(np.float32)
    code[on, BOX] = cell_code.waves(each) * np.tile(fade, 2 * PLACES)
    haze = np.where(rng.random((len(code), 1)) < 0.15, rng.uniform(0.5, 1, (len(code), 1)), 1.0)
    hazy = [*range(BOX.start), SHAPE[-1], *ECHO]
    code[:, hazy] *= haze.astype(np.float32)
    if isinstance(scene, SolidScene):
        code[on, METRES.start : SIGNS.stop] = blurred_metres(rng, scene, owner[on])
    hiss = rng.normal(0, rng.uniform(0, 0.12), code.shape).astype(np.float32)
    hiss[:, SILENT] *= 0.3
    return code + hiss


def blurred_metres(rng: np.random.Generator, scene: SolidScene, owner: np.ndarray) -> np.ndarray:
    """The waves and signs of metres and yaw for cells of these owners: off by some per cent of the distance or size."""
    share = 0.0 if rng.random() < 0.2 else rng.uniform(0, 0.05)
    solids = np.array([cell_code.numbers(item) for item in scene.objects], dtype=np.float32)
    scale = np.abs(solids) + 0.1
    scale[:, 6] = 0.5
    off = solids + (0.8 * share * scale * rng.normal(0, 1, solids.shape)).astype(np.float32)
    each = off[owner] + (0.4 * share * scale[owner] * rng.normal(0, 1, (len(owner), 7))).astype(np.float32)
    waves = cell_code.metres(each)
    # What is unsure fades, the faster the wave the more.
    lengths = np.repeat(scale[:, :6, None] * share / 10 * cell_code.METRE_FREQUENCIES, 2, 1).reshape(len(solids), -1)
    turns = np.repeat(scale[:, 6:, None] * share * cell_code.YAW_FREQUENCIES, 2, 1).reshape(len(solids), -1)
    fade = np.exp(-2 * np.pi**2 * np.concatenate((lengths, turns), 1) ** 2).astype(np.float32)
    waves[:, : fade.shape[1]] *= fade[owner]
    return waves


def run(model: Qwen3VL, batch: TalkBatch, visual: Tensor, deep: list[Tensor]) -> Tensor:
    """Logits at the learnt places. `visual`: batch × slots × hidden, `deep` likewise."""
    language = model.language
    x = language.embed_tokens(batch.ids)
    row, column = torch.nonzero(batch.slot >= 0, as_tuple=True)
    slots = batch.slot[row, column]
    x = x.index_put((row, column), visual[row, slots].float())
    added = [torch.zeros_like(x).index_put((row, column), d[row, slots].float()) for d in deep]
    hidden = language(x, batch.places, batch.mask.to(precision), added)
    return model.logits(hidden[batch.learnt[0], batch.learnt[1]])


def answer_loss(logits: Tensor, batch: TalkBatch) -> tuple[Tensor, Tensor]:
    """Weighted cross-entropy, and which learnt tokens came out right."""
    each = functional.cross_entropy(logits, batch.target, reduction="none")
    return (each * batch.weight).sum() / batch.weight.sum(), logits.argmax(-1) == batch.target


def glance_loss(model: Qwen3VL, batch: TalkBatch) -> tuple[Tensor, list[float]]:
    """How little of the watched heads' attention falls where it should (negative log), and how much does, layer by layer."""
    total, shares = torch.zeros((), device=batch.ids.device), []
    for layer, (where, on) in batch.glances.items():
        looks = model.language.layers[layer].self_attn.watched
        share = (looks[where[:, 0], where[:, 1], where[:, 2]].float() * on).sum(-1)
        total = total - (share + 1e-3).log().mean()
        shares.append(share.mean().item())
    return total, shares


def watch(model: Qwen3VL) -> None:
    """Keep the attention of the heads that are told where to look."""
    for layer in LAYERS:
        model.language.layers[layer].self_attn.watch = True


def looking(hit: Tensor, batch: TalkBatch) -> float:
    """Share of right tokens among those that cannot be known without looking: a box's first digit, and yes, no or neither."""
    before = batch.ids[batch.learnt[0], batch.learnt[1]]
    verdicts = torch.tensor([encode(word)[0] for word in ("Yes", "No", "There", "是", "不是")], device=before.device)
    looks = (batch.weight > 0) & ((before == encode(" [")[0]) | torch.isin(batch.target, verdicts))
    return (hit & looks).sum().item() / max(1, int(looks.sum()))


def drawn(
    order: random.Random, rng: random.Random, noise: np.random.Generator, count: int, size: int, most: int = 6
) -> list[tuple[Line, np.ndarray]]:
    """Lines with their codes, batches of similar length behind one another, so that little is padding. `order` shuffles
    them, for all partners alike, so that none waits for another's longer batch."""
    made = []
    for _ in range(count):
        grids = tuple(any_grid(rng, (16, 42)) for _ in range(2 if rng.random() < 0.08 else 1))
        scenes = tuple(scene_for(rng, grid, drawn=False, most=most, solid=0.65) for grid in grids)
        codes = [blurred_code(noise, scene, grid) for scene, grid in zip(scenes, grids, strict=True)]
        made.append((line_about(rng, scenes, grids, 140), np.concatenate(codes)))
    made.sort(key=lambda pair: len(pair[0].ids))
    batches = [made[k : k + size] for k in range(0, count, size)]
    order.shuffle(batches)
    return [pair for batch in batches for pair in batch]


def teach(
    model: Qwen3VL,
    minutes: float,
    seed: int,
    log: Callable[[str], None],
    size: int = 32,
    save: Callable[[], None] | None = None,
    muon: float = 0.02,
    adam: float = 3e-3,
    glances: float = 0.3,
    curriculum: float = 0.15,
    partners: Partners = ALONE,
) -> None:
    """Train the language model for that long."""
    rng, noise = random.Random(seed + 1000 * partners.rank), np.random.default_rng(seed + 1000 * partners.rank)
    order = random.Random(seed)
    watch(model)
    device, taught = model.language.embed_tokens.weight.device, list(model.language.parameters())
    optimiser = Optimiser(model.language.named_parameters(), muon=muon, adam=adam)
    start, progress, smooth, right = time.monotonic(), 0.0, 0.0, 0.0
    waiting: list[tuple[Line, np.ndarray]] = []
    while progress < 1:
        if not waiting:
            waiting = drawn(order, rng, noise, 6 * size, size, 3 if progress < curriculum else 6)
        lines, said = zip(*waiting[:size], strict=True)
        del waiting[:size]
        codes = np.zeros((size, max(map(len, said)), model.shape.hidden), dtype=np.float32)
        for k, code in enumerate(said):
            codes[k, : len(code)] = code
        batch = TalkBatch.of(list(lines)).to(device)
        loss, hit = answer_loss(run(model, batch, torch.from_numpy(codes).to(device), []), batch)
        glance, shares = glance_loss(model, batch)
        (loss + glances * glance).backward()
        progress = partners.average(taught, (time.monotonic() - start) / (60 * minutes))
        optimiser.step(progress)
        score = looking(hit, batch)
        first = optimiser.steps == 1
        smooth = loss.item() if first else 0.97 * smooth + 0.03 * loss.item()
        right = score if first else 0.97 * right + 0.03 * score
        if optimiser.steps % 50 == 0:
            pace = optimiser.steps * size * partners.count / (time.monotonic() - start)
            learnt = f"loss {smooth:.4f} looking {right:.4f} glances {shares[0]:.2f} {shares[1]:.2f}"
            log(f"speech {optimiser.steps} {pace:.0f} lines/s length {batch.ids.shape[1]} {learnt}")
        if save is not None and optimiser.steps % 250 == 0:
            save()
