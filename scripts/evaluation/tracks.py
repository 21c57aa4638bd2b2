"""What following is worth: tracks and events made of disturbed true boxes, held against the truth of generated films."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backend.ask.pipeline import Asker
from backend.ask.seeking import sought
from backend.media.images import load_bytes
from backend.spatial.tracks import Event, EventFinder, Rules, Track, Tracker
from backend.spatial.tracks.measures import Measures, Moment, Placed
from backend.spatial.tracks.measures import measured as of_moments
from backend.synthetic.disturbed import Disturbance
from backend.synthetic.moving import MovingScene, draw_moving, draw_moving_solids
from scripts.evaluation.families import MEASURED_FROM
from scripts.evaluation.markdown import table
from scripts.evaluation.true_events import KINDS, Instant, agreement, happened, told

FEWEST_FILMS = 100
"""Of each family, however few questions are asked."""
MODEL_FILMS = 8
"""Of each family that a model is asked about: 30 frames, and in each a question for every thing."""
MODEL_SIZES = {"flat": (384, 288), "perspective": (384, 216)}
FAMILIES: dict[str, Callable[..., MovingScene]] = {"flat": draw_moving, "perspective": draw_moving_solids}


@dataclass(frozen=True, slots=True)
class Case:
    """What a finder is like, and how often it looks."""

    name: str
    finder: Disturbance
    every: int = 1
    """Of so many frames, ten a second, one is looked at."""


GOAL = Case("σ 1 %, 5 % missed, 2 % false", Disturbance())
CASES = (
    Case("true boxes", Disturbance(0.0, 0.0, 0.0)),
    GOAL,
    Case("the same, without names", Disturbance(named=False)),
    Case("the same, 5 frames a second", Disturbance(), 2),
    Case("the same, 2 frames a second", Disturbance(), 5),
    Case("σ 2 %, 20 % missed, 10 % false", Disturbance(0.02, 0.2, 0.1)),
    Case("σ 3 %, 30 % missed, 20 % false", Disturbance(0.03, 0.3, 0.2)),
)


def measured(questions: int, asker: Asker | None = None, begin: int = MEASURED_FROM) -> dict[str, Any]:
    """The measures over all films of each family and case; for the goal's case, and for true boxes, the events too.

    `asker`: finds the things of a few films itself; nobody does where None.
    """
    films = max(FEWEST_FILMS, questions)
    counts: dict[tuple[str, str], Measures] = {}
    outcomes: Counter[tuple[str, str, str]] = Counter()
    for family, draw in FAMILIES.items():
        for seed in range(begin, begin + films):
            scene = draw(seed)
            instants = [Instant(time, scene.truth(time)) for time in scene.times]
            truth = happened(scene, instants)
            for case in CASES:
                looked = instants[:: case.every]
                tracks, events = followed(scene, looked, case, seed)
                key = family, case.name
                counts[key] = counts.get(key, Measures()) + of_moments(moments(looked, tracks))
                if case in CASES[:2]:
                    outcomes.update(
                        (case.name, kind, outcome) for kind, outcome in agreement(truth, told(events, looked, tracks))
                    )
    return {
        "films": films,
        "tracks": [{"family": family, "boxes": name, **_figures(one)} for (family, name), one in counts.items()],
        "events": [
            {
                "kind": kind,
                "boxes": case.name,
                **{what: outcomes[case.name, kind, what] for what in ("told", "missed", "false")},
            }
            for kind in KINDS
            for case in CASES[:2]
        ],
        "model": [] if asker is None else [_by_model(asker, family, begin) for family in FAMILIES],
    }


def _by_model(asker: Asker, family: str, begin: int) -> dict[str, Any]:
    """Things that a model is asked for by their names, in films of which it sees five frames a second."""
    counted = Measures()
    for seed in range(begin, begin + MODEL_FILMS):
        scene = FAMILIES[family](seed, MODEL_SIZES[family])
        tracker, instants = Tracker(scene.width, scene.height), []
        for time in scene.times[::2]:
            frame = scene.frame(time)
            instants.append(Instant(time, frame.truth))
            file = io.BytesIO()
            frame.picture.save(file, "PNG")
            picture = load_bytes(file.getvalue(), f"{family} {seed} at {time} s")
            tracker.update(time, sought(asker, picture, [one.name for one in frame.truth]))
        counted += of_moments(moments(instants, tracker.finish()))
    return {"family": family, "films": MODEL_FILMS, **_figures(counted)}


def followed(scene: MovingScene, instants: Sequence[Instant], case: Case, seed: int) -> tuple[tuple[Track, ...], list[Event]]:
    """The tracks and events of one film as that finder sees it."""
    rng = random.Random(f"{seed} {case.name}")
    size = scene.width, scene.height
    tracker, finder = Tracker(*size, Rules()), EventFinder(*size)
    events: list[Event] = []
    for instant in instants:
        events += finder.update(tracker.update(instant.time, list(case.finder.boxes(size, instant.truth, rng))))
    return tracker.finish(), events


def moments(instants: Sequence[Instant], tracks: Sequence[Track]) -> Iterator[Moment]:
    """Truth and tracks side by side; what hardly shows counts as unseen."""
    places: dict[float, list[Placed]] = {}
    for track in tracks:
        for seen in track.observations:
            places.setdefault(seen.time, []).append(Placed(track.id, seen.box))
    for instant in instants:
        truth = tuple(Placed(one.id, one.box) for one in instant.truth if one.visible)
        unseen = tuple(one.box for one in instant.truth if not one.visible)
        yield Moment(truth, tuple(places.get(instant.time, ())), unseen)


def _figures(one: Measures) -> dict[str, Any]:
    return {
        "mota": round(one.mota, 4),
        "motp": round(one.motp, 4),
        "idf1": round(one.idf1, 4),
        "switches": one.switches,
        "missed": one.missed,
        "false": one.false,
        "truth": one.truth,
    }


def tables(figures: dict[str, Any]) -> str:
    """The section of docs/accuracy.md."""
    goal = [row for row in figures["tracks"] if row["boxes"] == GOAL.name]
    shown = [
        *((row, row["boxes"]) for row in figures["tracks"]),
        *((row, f"the demo model's, 5 frames a second, {row['films']} films") for row in figures["model"]),
    ]
    rows = [
        (
            row["family"],
            boxes,
            *(f"{row[name]:.3f}" for name in ("mota", "idf1", "motp")),
            *(str(row[name]) for name in ("switches", "missed", "false", "truth")),
        )
        for row, boxes in shown
    ]
    events = [
        (row["kind"], row["boxes"], *(str(row[what]) for what in ("told", "missed", "false"))) for row in figures["events"]
    ]
    return (
        f"- {GOAL.name}: MOTA **{min(row['mota'] for row in goal):.3f}** and IDF1 **{min(row['idf1'] for row in goal):.3f}** "
        f"in the worse family (goal 0.9), over {figures['films']} films of each\n\n"
        + table(("family", "boxes", "MOTA", "IDF1", "MOTP", "switches", "missed", "false", "of true boxes"), rows)
        + "\n"
        + table(("event", "boxes", "told", "missed", "told and not true"), events)
    )
