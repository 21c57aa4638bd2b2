"""Third lesson, eyes and tongue together: real pictures in, answers out, the code kept in sight by its own loss.

Each picture serves several conversations (see `conversations`). Every eighth line asks about two pictures: its own and the
next one of the batch. DeepStack, silent until now, learns here whatever the code leaves out.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import torch

from . import sight, speech
from .architecture import Qwen3VL
from .conversations import TalkBatch, line_about
from .optimiser import Optimiser
from .partners import ALONE, Partners
from .pictures import any_grid, batch_of, scene_for


def teach(
    model: Qwen3VL,
    minutes: float,
    seed: int,
    log: Callable[[str], None],
    size: int = 20,
    save: Callable[[], None] | None = None,
    muon: float = 0.002,
    adam: float = 5e-4,
    code_weight: float = 0.15,
    glances: float = 0.05,
    partners: Partners = ALONE,
) -> None:
    """Train everything for that long, together with the partners. All of them look at pictures of one size at a time."""
    grids, rng = random.Random(seed), random.Random(seed + 1000 * (partners.rank + 1))
    speech.watch(model)
    taught = list(model.parameters())
    optimiser = Optimiser(model.named_parameters(), muon=muon, adam=adam, warm=30)
    device = model.language.embed_tokens.weight.device
    start, progress = time.monotonic(), 0.0
    smooth, right, coded = 0.0, 0.0, 0.0
    while progress < 1:
        grid = any_grid(grids, (24, 40))
        scenes = [scene_for(rng, grid) for _ in range(size)]
        pictures = batch_of(scenes, grid)
        budget, longest = (240, 260) if grids.random() < 0.12 else (170, 200)
        lines = []
        for k, scene in enumerate(scenes):
            pair = rng.random() < 0.12
            shown = (scene, scenes[(k + 1) % size]) if pair else (scene,)
            lines.append(line_about(rng, shown, (grid,) * len(shown), budget, longest))
        pictures, talk = pictures.to(device), TalkBatch.of(lines).to(device)
        said, deep = model.tower(pictures.patches, 2 * grid[1], 2 * grid[0])
        code_loss = sight.code_loss(said, pictures)
        both = [torch.cat((x, x.roll(-1, 0)), 1) for x in (said, *deep)]
        loss, hit = speech.answer_loss(speech.run(model, talk, both[0], both[1:]), talk)
        glance, shares = speech.glance_loss(model, talk)
        (loss + code_weight * code_loss + glances * glance).backward()
        progress = partners.average(taught, (time.monotonic() - start) / (60 * minutes))
        optimiser.step(progress)
        smooth, right, coded = (
            now if optimiser.steps == 1 else 0.97 * before + 0.03 * now
            for before, now in (
                (smooth, loss.item()),
                (right, speech.looking(hit, talk)),
                (coded, code_loss.item()),
            )
        )
        if optimiser.steps % 50 == 0:
            pace = optimiser.steps * size * partners.count / (time.monotonic() - start)
            learnt = f"loss {smooth:.4f} looking {right:.4f} code {coded:.3f} glances {shares[0]:.2f} {shares[1]:.2f}"
            log(f"joint {optimiser.steps} {pace:.0f} pictures/s {learnt} {sight.report(said, pictures)}")
        if save is not None and optimiser.steps % 250 == 0:
            save()
