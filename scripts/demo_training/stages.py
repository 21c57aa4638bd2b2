"""The course of the training: eyes and tongue apart and at the same time, then a little together.

The two first lessons need nothing of each other, so they run in two processes, each with half of the processor's cores,
and since both speak the code of `cell_code`, the halves fit. They get most of the time: a step of the third lesson costs as
much as one of both, and at a high rate it spoils what the tower already sees. It only lets the halves get used to each
other's mistakes, and DeepStack say what the code leaves out.

Whatever was learnt last is on disk every few minutes, as float32 (`checkpoint.pt`) and in the end as the quantised pair, so
that nothing is lost when the training is stopped.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from backend.synthetic.scenes import SOLID

from . import gguf_files, joint, sight, speech
from .architecture import Qwen3VL, Shape
from .initial import initialise
from .looking import know_solids
from .partners import ALONE, Partners
from .tokenizer import build, encode

APART = 0.8
"""Share of the time in which eyes and tongue learn apart."""
CHECKPOINT = "checkpoint.pt"
RENDEZVOUS = "rendezvous"
MOST_PARTNERS = 4
"""Processes that share the third lesson on a CPU, at most: more would make the batch larger than it need be."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for on the command line. `minutes`: of the whole training. `start`: a folder with a checkpoint or a
    GGUF pair."""

    minutes: float
    out: Path
    device: str
    threads: int
    seed: int
    start: Path | None = None


def new_model(seed: int) -> Qwen3VL:
    """The network of the demo model with initial weights; its vocabulary is rounded up to whole blocks of Q8_0."""
    model = Qwen3VL(Shape(vocabulary=-(-len(build().tokens) // 32) * 32))
    initialise(model, seed)
    return model


def resumed(folder: Path) -> Qwen3VL:
    """The network as `folder` holds it: from its float32 checkpoint, else from its quantised pair."""
    model = new_model(seed=0)
    checkpoint = folder / CHECKPOINT
    if checkpoint.exists():
        model.load_state_dict(torch.load(checkpoint, weights_only=True))
    else:
        new = gguf_files.read_pair(model, folder)
        if encode(SOLID.chinese)[0] in new:
            know_solids(model)
    return model


def say(line: str) -> None:
    """One line of the log."""
    print(time.strftime("%H:%M:%S"), line, flush=True)


def keep(state: dict[str, torch.Tensor], path: Path) -> None:
    """Write weights so that a stop in the middle leaves the old ones."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def apart(plan: Plan, lesson: str, threads: int) -> None:
    """One of the first two lessons, in a process of its own; gentler, and without easy pictures first, where it goes on."""
    torch.set_num_threads(threads)
    fresh, minutes, path = plan.start is None, plan.minutes * APART, plan.out / f"{lesson}.pt"
    model = (new_model(plan.seed) if plan.start is None else resumed(plan.start)).to(plan.device)
    half = model.tower if lesson == "sight" else model.language

    def save() -> None:
        keep(half.state_dict(), path)

    if lesson == "sight":
        pace = {} if fresh else {"muon": 0.012, "adam": 1.2e-3, "small": 0.0, "size": 32}
        sight.teach(model, minutes, plan.seed, say, save=save, **pace)
    else:
        pace = {} if fresh else {"muon": 0.015, "adam": 2.5e-3, "curriculum": 0.0, "glances": 0.15, "size": 20}
        speech.teach(model, minutes, plan.seed, say, save=save, **pace)
    save()


def together(plan: Plan, minutes: float, rank: int, count: int) -> None:
    """The third lesson, as one of `count` processes; the first of them writes."""
    torch.set_num_threads(max(1, plan.threads // count))
    model = resumed(plan.out).to(plan.device)
    partners = Partners.meet(rank, count, plan.out / RENDEZVOUS) if count > 1 else ALONE

    def save() -> None:
        if rank == 0:
            keep(model.state_dict(), plan.out / CHECKPOINT)
            gguf_files.write_pair(model, plan.out)

    log = say if rank == 0 else silence
    joint.teach(model, minutes, plan.seed + 1, log, save=save, partners=partners)
    save()


def silence(_: str) -> None:
    """Of several processes, one speaks."""


def run_all(lessons: list[tuple[Callable[..., None], tuple[object, ...]]]) -> None:
    """Each lesson in a process of its own; ends when all have ended, and fails if one failed."""
    spawn = multiprocessing.get_context("spawn")
    running = [spawn.Process(target=lesson, args=given) for lesson, given in lessons]
    for process in running:
        process.start()
    for process in running:
        process.join()
        if process.exitcode:
            raise SystemExit(f"a lesson ended with code {process.exitcode}; its messages are above")


def train(plan: Plan) -> None:
    """The whole course, from new weights or from those in `plan.start`."""
    plan.out.mkdir(parents=True, exist_ok=True)
    (plan.out / RENDEZVOUS).unlink(missing_ok=True)
    half = max(1, plan.threads // 2)
    run_all([(apart, (plan, "sight", half)), (apart, (plan, "speech", half))])
    model = new_model(plan.seed) if plan.start is None else resumed(plan.start)
    model.tower.load_state_dict(torch.load(plan.out / "sight.pt", weights_only=True))
    model.language.load_state_dict(torch.load(plan.out / "speech.pt", weights_only=True))
    keep(model.state_dict(), plan.out / CHECKPOINT)
    minutes = plan.minutes * (1 - APART)
    count = min(plan.threads, MOST_PARTNERS) if plan.device == "cpu" else 1
    run_all([(together, (plan, minutes, rank, count)) for rank in range(count)])
    say(f"written: {plan.out / gguf_files.TEXT_FILE}, {plan.out / gguf_files.VISION_FILE}")
