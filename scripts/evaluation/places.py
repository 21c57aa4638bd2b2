"""Memory of places: what became of things between visits, whether names are found, cameras on the map, a camera's path."""

from __future__ import annotations

import hashlib
import math
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from backend.answer import Answer, PictureRef
from backend.ask import Asker, Question
from backend.events import Done
from backend.memory.filing import Clock, Provenance
from backend.memory.journal import Journal
from backend.memory.places import Visit
from backend.memory.recall import recall
from backend.memory.views import StoredView
from backend.places.comparing import between
from backend.scene import Box, Box3D, Picture
from backend.spatial.camera import Camera
from backend.spatial.camera_path import camera_path
from backend.spatial.place_plan import merged
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.perspective import Solid
from backend.synthetic.rooms import VIEWS, Room, draw_room
from backend.synthetic.scenes import KINDS
from backend.synthetic.walking import draw_walk
from scripts.evaluation.asking import demo_asker
from scripts.evaluation.markdown import table as markdown

OFF = (0.0, 0.01, 0.02)
"""Of the longer side: standard deviations by which edges are off. The program assumes the second."""
ASKED = 5
"""Rooms that the demo model is shown."""
DEPTH = 0.05
"""Share of its distance by which a solid box is off."""
START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def measured(questions: int) -> dict[str, Any]:
    """A room for every twenty-five questions, and a film for every fifty."""
    rooms = [draw_room(EVALUATION_SEEDS + number) for number in range(max(2, questions // 25))]
    became: dict[str, Counter[str]] = {}
    for off in OFF:
        counts = became.setdefault(f"edges off by {off:.0%} of the longer side" if off else "true boxes", Counter())
        for number, room in enumerate(rooms):
            rng = random.Random(number)
            counts.update(_became(room, [_visit(room, at, off, rng) for at in range(2)]))
    counts = became.setdefault(f"found by the demo model, {min(ASKED, len(rooms))} rooms", Counter())
    with demo_asker() as asker:
        for room in rooms[:ASKED]:
            counts.update(_became(room, [_found(room, at, asker) for at in range(2)]))
    return {
        "rooms": len(rooms),
        "became": {name: dict(counts) for name, counts in became.items()},
        "cameras": _cameras(rooms),
        "recall": _recalled(),
        "paths": [_path(number) for number in range(max(1, questions // 50))],
    }


def _became(room: Room, visits: Sequence[Visit]) -> Counter[str]:
    """Of each thing `true word → told word`; things that are not there are `nothing → …`."""
    told = {change.label: change.became.value for change in between(*visits)}
    counts = Counter(f"{true} → {told.pop(name, 'nothing')}" for name, true in room.became.items())
    counts.update(f"nothing → {word}" for word in told.values())
    return counts


def _visit(room: Room, number: int, off: float, rng: random.Random) -> Visit:
    """A visit whose boxes are the true ones, each edge off by a Gaussian error."""
    views = []
    for at in range(len(VIEWS)):
        boxes = []
        for n, item in enumerate(room.scene(number, at).objects):
            x1, y1, x2, y2 = (edge + rng.gauss(0, off * max(room.size)) for edge in item.box)
            boxes.append(Box(x1, y1, x2, y2, item.name, id=f"b{n}"))
        views.append(_view(room, number, at, boxes))
    return _of(number, views)


def _found(room: Room, number: int, asker: Asker) -> Visit:
    """A visit whose boxes a model finds."""
    views = []
    for at in range(len(VIEWS)):
        shown = room.scene(number, at).render()
        picture = Picture("room.png", *shown.size, shown.tobytes(), hashlib.sha256(shown.tobytes()).hexdigest())
        answer = next(event.answer for event in asker.ask(Question("Locate every box.", (picture,))) if isinstance(event, Done))
        views.append(_view(room, number, at, answer.boxes))
    return _of(number, views)


def _of(number: int, views: Sequence[StoredView]) -> Visit:
    when = START + timedelta(days=number)
    return Visit(number, when, when, tuple(views))


def _view(room: Room, number: int, at: int, boxes: Sequence[Box]) -> StoredView:
    """Under a file name of its own: names must not help."""
    known = (10 * number + at, "", Path(f"{number}{at}.png"), None, *room.size, START, Clock.EXIF, None, None)
    return StoredView(*known, tuple(boxes), (), ("Locate every box.",))


def _cameras(rooms: Sequence[Room]) -> dict[str, float]:
    """How far the second camera is from where it stood, and turned away, where distances are off by DEPTH."""
    places, turns = [], []
    for number, room in enumerate(rooms):
        rng = random.Random(number)
        views = [
            (name, [_solid(item, rng) for item in room.scene(0, at).objects], None, room.size) for at, name in enumerate(VIEWS)
        ]
        second = merged(views).cameras[1]
        at, other = (room.standpoints[VIEWS.index(name)] for name in (merged(views).cameras[0].name, second.name))
        dx, dz = other.x - at.x, other.z - at.z
        cos, sin = math.cos(at.heading), math.sin(at.heading)
        places.append(math.dist((second.x, second.z), (cos * dx - sin * dz, sin * dx + cos * dz)))
        turns.append(abs(math.degrees(second.heading - (other.heading - at.heading))))
    return {"metres off, median": median(places), "degrees off, median": median(turns)}


def _solid(item: Solid, rng: random.Random) -> Box3D:
    scale = 1 + rng.gauss(0, DEPTH)
    x, y, z = item.centre3d
    return Box3D((x * scale, y * scale, z * scale), item.size, 0.0, item.yaw * math.pi, 0.0, item.name)


def _recalled() -> dict[str, list[int]]:
    """Of the names of every colour and shape, asked for in several ways: how often the right one comes first, of how many."""
    found: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.db")
        for number, (colour, shape) in enumerate(KINDS):
            for label in (f"{colour.name} {shape.name}", colour.chinese + shape.chinese):
                told = (PictureRef(f"{number}.png", 640, 480, f"{number:064}"),)
                answer = Answer("?", "boxes", "", told, (Box(1, 1, 9, 9, label, id="b1"),))
                journal.record(answer, [Provenance(None, START + timedelta(hours=number), Clock.EXIF)])
        for number, (colour, shape) in enumerate(KINDS):
            label = f"{colour.name} {shape.name}"
            for way, query, wanted in _queries(label, f"{colour.name} {shape.plural}", colour.chinese + shape.chinese, number):
                hits = recall(journal.path, query)
                count = found.setdefault(way, [0, 0])
                count[0] += bool(hits) and hits[0].label == wanted and len(hits) == 1
                count[1] += 1
    return found


def _queries(label: str, plural: str, chinese: str, number: int) -> Iterator[tuple[str, str, str]]:
    colour, shape = label.split()
    rng = random.Random(number)
    at = rng.randrange(1, len(shape))
    yield "as it was found", label, label
    yield "plural", plural, label
    yield "the other way round, with an article", f"the {shape} {colour}", label
    yield "a letter missing", f"{colour} {shape[:at]}{shape[at + 1 :]}", label
    yield "a letter twice", f"{colour} {shape[:at]}{shape[at]}{shape[at:]}", label
    yield "Chinese", chinese, chinese


def _path(number: int) -> dict[str, float]:
    """A camera that goes round a bend through a textured room: how far off its path is once scale and place are fitted."""
    import numpy as np

    walk = draw_walk(EVALUATION_SEEDS + number)
    frames = [
        Picture(f"{step}", *picture.size, picture.convert("RGB").tobytes(), f"{step:064}")
        for step, picture in enumerate(walk.pictures)
    ]
    truth = [(at.position[0], at.position[2]) for at in walk.viewpoints]
    path = camera_path(frames, Camera.calibrated(walk.calibration))
    found, true = np.array(path.from_above), np.array(truth)
    angles = [_angle(b - a, d - c) for (a, b), (c, d) in zip(pairwise(found), pairwise(true), strict=True)]
    whole = float(np.linalg.norm(np.diff(true, axis=0), axis=1).sum())
    return {
        "direction off, degrees": float(median(angles)),
        "path off, share of its length": _aligned(found, true) / whole,
        "steps compared": sum(step.compared for step in path.steps),
        "steps": len(path.steps),
    }


def _angle(a: Any, b: Any) -> float:
    return abs(math.degrees(math.atan2(a[0] * b[1] - a[1] * b[0], float(a @ b))))


def _aligned(found: Any, true: Any) -> float:
    """Root mean square distance after the best similarity (Umeyama 1991): absolute trajectory error."""
    import numpy as np

    a, b = found - found.mean(axis=0), true - true.mean(axis=0)
    u, s, v = np.linalg.svd(b.T @ a)
    sign = np.diag([1.0, np.linalg.det(u @ v)])
    scale = float((s * np.diag(sign)).sum() / (a**2).sum())
    return float(np.sqrt((((scale * a @ (u @ sign @ v).T) - b) ** 2).sum(axis=1).mean()))


def table(figures: dict[str, Any]) -> str:
    """The section of docs/accuracy.md."""
    rows = [
        (name, *(_scored(counts, word) for word in ("moved", "kept", "new", "gone")))
        for name, counts in figures["became"].items()
    ]
    heads = ("boxes", *(f"{word}: recall, precision" for word in ("moved", "kept", "new", "gone")))
    found = [(way, f"{right} of {asked}") for way, (right, asked) in figures["recall"].items()]
    paths = figures["paths"]
    cameras = figures["cameras"]
    return (
        f"{figures['rooms']} rooms, each visited twice, two pictures a visit:\n\n"
        + markdown(heads, rows)
        + "\n"
        + markdown(("asked for", "found, and nothing else"), found)
        + f"\n- second camera on the map, distances off by {DEPTH:.0%}: median {cameras['metres off, median']:.2f} m and "
        f"{cameras['degrees off, median']:.1f}° off\n"
        f"- a camera's path, {len(paths)} films of {paths[0]['steps']} steps: direction of a step off by "
        f"{median(path['direction off, degrees'] for path in paths):.1f}° (median), the path by "
        f"{median(path['path off, share of its length'] for path in paths):.1%} of its length once scale and place are fitted "
        f"(median; worst {max(path['path off, share of its length'] for path in paths):.1%}); lengths compared in "
        f"{sum(path['steps compared'] for path in paths)} of {sum(path['steps'] - 1 for path in paths)} steps\n"
    )


def _scored(counts: dict[str, int], word: str) -> str:
    right = counts.get(f"{word} → {word}", 0)
    true = sum(count for pair, count in counts.items() if pair.startswith(f"{word} →"))
    told = sum(count for pair, count in counts.items() if pair.endswith(f"→ {word}"))
    return f"{right / true:.0%} ({right} of {true}), {right / told:.0%}" if true and told else f"{right} of {true}"
