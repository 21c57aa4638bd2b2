"""What following is worth: tracks and events made of disturbed true boxes, held against the truth of generated films."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backend.spatial.tracks import Event, EventFinder, Rules, Track, Tracker
from backend.spatial.tracks.measures import Measures, Moment, Placed
from backend.spatial.tracks.measures import measured as of_moments
from backend.synthetic.disturbed import Disturbance
from backend.synthetic.moving import MovingScene, draw_moving, draw_moving_solids
from scripts.evaluation.families import MEASURED_FROM
from scripts.evaluation.true_events import KINDS, Instant, agreement, happened, told

FEWEST_FILMS = 100
"""Of each family, however few questions are asked."""
FAMILIES: dict[str, Callable[[int], MovingScene]] = {"flat": draw_moving, "perspective": draw_moving_solids}


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


def measured(questions: int, begin: int = MEASURED_FROM) -> dict[str, Any]:
    """The measures over all films of each family and case; for the goal's case, and for true boxes, the events too."""
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
    }


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
