"""The loop in real time: which events it tells, how late, and how many frames it drops to keep up.

Drawn films are watched through the demo model at their own pace, for two things in each that move about. What should be told
is taken from the true boxes, frame by frame: which of them comes into the left or the upper half of the picture, and leaves it.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from backend.ask.pipeline import Asker
from backend.spatial.tracks import Event, Zone
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.filming import film_scene
from backend.synthetic.moving import Frame, draw_moving
from backend.watch import Happened, Limits, Looked, Record, Watched, Watching, open_source
from scripts.evaluation import markdown
from scripts.evaluation.asking import demo_asker

_SIZE, _SECONDS, _FPS = (384, 288), 6.0, 10.0
_ZONES = (Zone("left half", 0, 0, _SIZE[0] / 2, _SIZE[1]), Zone("upper half", 0, 0, _SIZE[0], _SIZE[1] / 2))
_MARGIN = 0.01 * _SIZE[0]
"""Pixels around a border in which a thing has not changed sides, as in the loop itself."""
_CLOSE_S = 0.75
"""Between an event and the true one that it is taken for."""
_BUDGETS = (1.0, 0.25)
"""Seconds."""
_THINGS = 2
"""That are watched for in one film: those that cross a border, and others where too few do."""

Crossing = tuple[str, str, str, float]
"""Label, kind of event, zone, seconds."""


def measured(questions: int) -> dict[str, Any]:
    """One line for watching every frame, and one for each budget. A film for every ten questions."""
    with demo_asker() as asker:
        return _measured(asker, max(2, questions // 10))


def _measured(asker: Asker, films: int) -> dict[str, Any]:
    settings = [("every frame, however late", Limits(every=True))]
    settings += [(f"budget {budget * 1000:.0f} ms", Limits(budget_s=budget)) for budget in _BUDGETS]
    lines: list[dict[str, Any]] = [
        {"watched": name, "right": 0, "told": 0, "true": 0, "frames": [], "late": []} for name, _ in settings
    ]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(films):
            path = Path(folder) / f"{number}.mp4"
            frames = film_scene(path, draw_moving(3 * EVALUATION_SEEDS + number, _SIZE, _SECONDS, _FPS))
            truth = crossings(frames)
            crossing = dict.fromkeys(label for label, *_ in truth)
            names = tuple(dict.fromkeys([*crossing, *(shown.name for shown in frames[0].truth)]))[:_THINGS]
            wanted = [one for one in truth if one[0] in names]
            for line, (_, limits) in zip(lines, settings, strict=True):
                _add(line, wanted, watched(asker, path, names, limits), len(frames))
    return {"films": films, "lines": [_summed(line) for line in lines]}


def watched(asker: Asker, path: Path, names: tuple[str, ...], limits: Limits) -> list[Record]:
    """What is told of a film."""
    records: list[Record] = []
    source = open_source(str(path), every=limits.every)
    Watching(source, asker, Watched(finds=names, zones=_ZONES), limits, records.append).run()
    return records


def crossings(frames: Sequence[Frame]) -> list[Crossing]:
    """When things that can be seen come into a zone, and leave it."""
    found: list[Crossing] = []
    inside: dict[tuple[str, str], bool] = {}
    for frame, zone in itertools.product(frames, _ZONES):
        for shown in frame.truth:
            depth = zone.depth(((shown.box[0] + shown.box[2]) / 2, (shown.box[1] + shown.box[3]) / 2))
            before = inside.get((shown.name, zone.name))
            if not shown.visible or (abs(depth) <= _MARGIN and before is not None):
                continue
            if before is not None and before != (depth > 0):
                found.append((shown.name, "enters_zone" if depth > 0 else "leaves_zone", zone.name, frame.time))
            inside[shown.name, zone.name] = depth > 0
    return found


def _add(line: dict[str, Any], truth: Sequence[Crossing], records: Iterable[Record], frames: int) -> None:
    records = list(records)
    looked = [one for one in records if isinstance(one, Looked)]
    events = [one.event for one in records if isinstance(one, Happened) and isinstance(one.event, Event)]
    told = [(one.labels[0], one.kind.value, one.detail["zone"], one.time) for one in events if "zone" in one.detail]
    left = list(truth)
    for *what, time in told:
        near = [one for one in left if list(one[:3]) == what and abs(one[3] - time) <= _CLOSE_S]
        if near:
            left.remove(min(near, key=lambda one: abs(one[3] - time)))
    line["right"] += len(truth) - len(left)
    line["told"] += len(told)
    line["true"] += len(truth)
    line["frames"].append(len(looked) / frames)
    line["late"] += [(one.latency_ms, one.within_budget) for one in looked]


def _summed(line: dict[str, Any]) -> dict[str, Any]:
    latencies = sorted(latency for latency, _ in line["late"])
    return {
        "watched": line["watched"],
        "true events": line["true"],
        "recall": line["right"] / max(1, line["true"]),
        "precision": line["right"] / max(1, line["told"]),
        "frames looked at": statistics.mean(line["frames"]),
        "within budget": sum(on_time for _, on_time in line["late"]) / max(1, len(latencies)),
        "median latency ms": latencies[len(latencies) // 2],
        "95 % latency ms": latencies[int(0.95 * (len(latencies) - 1))],
    }


def table(figures: dict[str, Any]) -> str:
    """For docs/accuracy.md."""
    heads = ("watched", "true events", "found", "right of those told", "frames looked at", "in time", "latency, median", "95 %")
    rows = [
        (
            line["watched"],
            str(line["true events"]),
            f"{line['recall']:.1%}",
            f"{line['precision']:.1%}",
            f"{line['frames looked at']:.0%}",
            f"{line['within budget']:.1%}",
            f"{line['median latency ms']:.0f} ms",
            f"{line['95 % latency ms']:.0f} ms",
        )
        for line in figures["lines"]
    ]
    return markdown.table(heads, rows)
