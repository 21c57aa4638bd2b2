"""What the reading of films is worth: times, cuts, memory, and the demo model's boxes in their frames."""

from __future__ import annotations

import bisect
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil

from backend.ask import Asker, Question
from backend.ask.films import frames_for
from backend.events import Done
from backend.media.film import open_film
from backend.media.film.choice import Wanted
from backend.media.film.scenes import cuts
from backend.scene import Box
from backend.scene.moments import CLOSE
from backend.synthetic.filming import film_scene, write_film
from backend.synthetic.material.films import cut_together
from backend.synthetic.moving import MovingScene, Shown, draw_moving, draw_moving_solids
from scripts.evaluation import film_samples
from scripts.evaluation.asking import MODEL, demo_asker
from scripts.evaluation.families import MEASURED_FROM

_TIMES = 200
"""Asked of each kind of film."""
_FILMS = 60
"""With cuts."""
_TOGETHER = 16
_HIDDEN = 0.02
"""Share that shows below which nothing is there to be found."""
_WHOLE = 0.98


def measured(questions: int) -> dict[str, Any]:
    """`questions`: of each family asked of the demo model."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        return {
            "times": _times(folder),
            "cuts": _cuts(folder),
            "boxes": _boxes(folder, questions),
            "moments": _moments(folder, max(4, questions // 10)),
            "memory": _memory(folder),
        }


def _times(folder: Path) -> list[dict[str, Any]]:
    """For random times, whether the frame that is given is the one that is shown then."""
    rows = []
    for number, kind in enumerate(film_samples.KINDS):
        rng = random.Random(MEASURED_FROM + number)
        path = folder / f"times-{number}{kind.suffix}"
        starts = film_samples.write(path, kind, rng)
        right, asked, off = 0, 0, 0.0
        with open_film(path) as film:
            for _ in range(_TIMES // 10):
                times = [rng.uniform(0, starts[-1]) for _ in range(10)]
                wanted = sorted({bisect.bisect_right(starts, at + CLOSE) - 1 for at in times})  # one frame comes once
                given = list(film.frames(times))
                asked += len(wanted)
                for picture, frame in zip(given, wanted, strict=False):
                    right += film_samples.number_in(picture) == frame
                    off = max(off, abs((picture.time or 0.0) - starts[frame]))
        rows.append({"kind": kind.name, "asked": asked, "right": right, "time off": off})
    return rows


def _cuts(folder: Path) -> dict[str, int]:
    """Cuts found among scenes cut together; half of the films have none, but things that move."""
    counts = {"films": 0, "cuts": 0, "found": 0, "wrong": 0}
    for number in range(_FILMS):
        rng = random.Random(MEASURED_FROM + number)
        path = folder / "cuts.mp4"
        true: list[float] = []
        if number % 2:
            scene = (draw_moving if number % 4 == 1 else draw_moving_solids)(MEASURED_FROM + number, (320, 240))
            film_scene(path, scene)
        else:
            shot, shots = rng.uniform(0.8, 2.0), rng.randint(3, 8)
            seeds = [rng.randrange(2**30) for _ in range(shots)]
            frames = cut_together(seeds, (320, 240), round(shot, 1))
            true = [round(shot, 1) * n for n in range(1, shots)]
            write_film(path, ((frame.time, frame.picture) for frame in frames), fps=10)
        with open_film(path) as film:
            said = cuts(film)
        found = sum(any(abs(at - cut) < 0.02 for cut in said) for at in true)
        counts["films"] += 1
        counts["cuts"] += len(true)
        counts["found"] += found
        counts["wrong"] += len(said) - found
    return counts


def _boxes(folder: Path, questions: int) -> list[dict[str, Any]]:
    """Where the demo model finds a thing in a frame, asked of that frame alone."""
    rows = []
    with demo_asker() as asker:
        for family, draw in (("flat", draw_moving), ("perspective", draw_moving_solids)):
            asked = list(_asked(folder, draw, questions))
            answers = _answered(asker, [question for question, _ in asked])
            told: dict[str, list[float]] = {"whole": [], "partly hidden": [], "gone": []}
            for (_, thing), boxes in zip(asked, answers, strict=True):
                if thing.share < _HIDDEN:
                    told["gone"].append(float(not boxes))
                    continue
                best = max((box.iou(Box(*thing.box)) for box in boxes[:1]), default=0.0)
                told["whole" if thing.share >= _WHOLE else "partly hidden"].append(best)
            rows.append({"family": family, **{name: _summary(values) for name, values in told.items()}})
    return rows


def _summary(values: Sequence[float]) -> dict[str, float]:
    good = sum(value > 0.5 for value in values)
    return {"asked": len(values), "mean": statistics.fmean(values) if values else 0.0, "over half": good}


def _asked(folder: Path, draw: Any, questions: int) -> Iterator[tuple[Question, Shown]]:
    """Of each film five frames, and of each frame one thing: visible at least to a third, or gone altogether."""
    left, seed = questions, MEASURED_FROM
    while left > 0:
        seed += 1
        rng = random.Random(seed)
        scene: MovingScene = draw(seed, (320, 240))
        frames = film_scene(folder / "asked.mp4", scene)
        chosen = sorted(rng.sample(range(len(frames)), min(5, left)))
        with open_film(folder / "asked.mp4") as film:
            pictures = film.frames([frames[at].time for at in chosen])
            for at, picture in zip(chosen, pictures, strict=True):
                fit = [thing for thing in frames[at].truth if thing.visible or thing.share < _HIDDEN]
                if fit:
                    thing = rng.choice(fit)
                    yield Question(f"Where is the {thing.name}?", (picture,)), thing
                left -= 1


def _moments(folder: Path, questions: int) -> dict[str, int]:
    """Eight frames in one question, and a question about time: how often the demo model names one at all, and the right one."""
    counts = {"asked": 0, "named a time": 0, "right": 0}
    with demo_asker() as asker:
        for number in range(questions):
            scene = draw_moving(MEASURED_FROM + number, (320, 240))
            frames = film_scene(folder / "moments.mp4", scene)
            thing = frames[0].truth[0]  # passes behind the cover
            hidden = [frame.time for frame in frames for shown in frame.truth if shown.id == thing.id and shown.share < _HIDDEN]
            with open_film(folder / "moments.mp4") as film:
                pictures = tuple(frames_for(film, Wanted(count=8), asker.model.card))
            question = Question(f"At what time is the {thing.name} hidden?", pictures)
            for event in asker.ask(question):
                if isinstance(event, Done):
                    named = event.answer.moments
                    counts["named a time"] += bool(named)
                    counts["right"] += any(abs(moment.start - at) < 0.5 for moment in named for at in hidden)
            counts["asked"] += 1
    return counts


def _answered(asker: Asker, questions: Sequence[Question]) -> list[list[Box]]:
    found: dict[str, list[Box]] = {}
    for start in range(0, len(questions), _TOGETHER):
        for event in asker.ask(*questions[start : start + _TOGETHER]):
            if isinstance(event, Done):
                found[event.request] = list(event.answer.boxes)
    return [found.get(question.id, []) for question in questions]


def _memory(folder: Path) -> list[dict[str, Any]]:
    """The largest resident memory of the program while it works on a two-hour film, and of it and the model's process."""
    path = folder / "two-hours.mp4"
    film_samples.write_two_hours(path)
    question = ["ask", "--model", MODEL, "Where is the red square?", str(path)]
    commands = {
        "frames --frames 64 --out": ["frames", str(path), "--frames", "64", "--out", str(folder / "out")],
        "frames --scenes": ["frames", str(path), "--scenes"],
        "ask --frames 64": [*question, "--frames", "64"],
    }
    rows = []
    for name, arguments in commands.items():
        began = time.perf_counter()
        program, whole = _largest([sys.executable, "-m", "tui", *arguments])
        rows.append({"command": name, "program": program, "with its model": whole, "s": time.perf_counter() - began})
    return [{"film": f"1920×1080, 25 a second, {path.stat().st_size / 1e6:.0f} MB"}, *rows]


def _largest(command: Sequence[str]) -> tuple[float, float]:
    """MB of resident memory at the most: of the process, and of it together with those that it started."""
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process = psutil.Process(running.pid)
    own = whole = 0
    while running.poll() is None:
        try:
            mine = process.memory_info().rss
            others = sum(child.memory_info().rss for child in process.children(recursive=True))
        except psutil.NoSuchProcess:
            continue
        own, whole = max(own, mine), max(whole, mine + others)
        time.sleep(0.02)
    if running.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {running.returncode}")
    return own / 1e6, whole / 1e6


def table(figures: dict[str, Any]) -> str:
    """For docs/accuracy.md."""
    counts, moments = figures["cuts"], figures["moments"]
    film, *memory = figures["memory"]
    lines = ["| film | times asked | right frame | time off, at most |", "|---|---|---|---|"]
    for row in figures["times"]:
        lines.append(f"| {row['kind']} | {row['asked']} | {row['right']} | {row['time off'] * 1000:.1f} ms |")
    lines += [
        "",
        f"- cuts found: **{counts['found']} of {counts['cuts']}** in {counts['films']} films, "
        f"{counts['wrong']} where there is none",
        "",
        "| demo model, asked of one frame | things | mean IoU | IoU > 0.5 |",
        "|---|---|---|---|",
    ]
    for row in figures["boxes"]:
        for name in ("whole", "partly hidden"):
            told = row[name]
            share = told["over half"] / max(1, told["asked"])
            lines.append(f"| {row['family']}, {name} | {told['asked']} | {told['mean']:.3f} | {share:.1%} |")
    for row in figures["boxes"]:
        gone = row["gone"]
        lines.append(f"| {row['family']}, hidden or outside | {gone['asked']} | | called absent: {gone['mean']:.1%} |")
    lines += [
        "",
        f"- “At what time is … hidden?” over eight frames at once: the demo model names a time in {moments['named a time']} of "
        f"{moments['asked']} answers, the right one in {moments['right']}",
        "",
        f"| a film of two hours ({film['film']}) | the program, MB | with its model's process, MB | s |",
        "|---|---|---|---|",
    ]
    for row in memory:
        lines.append(f"| `{row['command']}` | {row['program']:.0f} | {row['with its model']:.0f} | {row['s']:.1f} |")
    return "\n".join(lines) + "\n"
