"""What happens in a drawn film, told from how it was drawn rather than from boxes, and how far told events agree with it.

What no finder could tell for sure (a thing hidden for less than the time after which it is told, a halt that ends at once, a
crossing of which one side was never seen) may be told and need not be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from backend.spatial.tracks import Event, Track
from backend.spatial.tracks.assignment import intersection, iou
from backend.synthetic.moving import MovingScene, Shown

KINDS = ("enters", "exits", "hidden", "reappears", "stops", "starts", "crosses")
"""What is measured. The others are what remains of these (appears, disappears), or need a place that a user names."""
_TOLERANCE = {"stops": 0.6, "starts": 0.6, "crosses": 1.0}
"""Seconds; half a second for the others."""
_CLEAR = 0.8
"""Seconds that something must last, or stay away from the film's ends, for it to have to be told."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: of which things (true ids), when, and its side or direction."""

    kind: str
    time: float
    things: tuple[str, ...]
    where: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Instant:
    """One frame that is looked at: when, and what is true of it."""

    time: float
    truth: tuple[Shown, ...]


def happened(scene: MovingScene, instants: Sequence[Instant]) -> list[Happening]:
    """All that is true of a film."""
    found: list[Happening] = []
    for index in range(len(scene.movers)):
        found += _sights(scene, [(instant.time, instant.truth[index]) for instant in instants])
        found += _halts(scene, index, [(instant.time, instant.truth[index]) for instant in instants])
    for first, second in combinations(range(len(scene.movers)), 2):
        found += _crossings(instants, first, second)
    return found


def told(events: Sequence[Event], instants: Sequence[Instant], tracks: Sequence[Track]) -> list[Happening]:
    """What was told, of the true things that the tracks are on for most of their frames."""
    names = {track.id: _thing(track, instants) for track in tracks}
    return [
        Happening(
            event.kind.value,
            event.time,
            tuple(names.get(id_, "") for id_ in event.tracks),
            str(event.detail.get("side") or event.detail.get("direction") or ""),
        )
        for event in events
        if event.kind.value in KINDS
    ]


def agreement(truth: Sequence[Happening], said: Sequence[Happening]) -> Iterator[tuple[str, str]]:
    """For each event its kind, and `told`, `missed` or `false`; of what may go untold nothing, unless it is false."""
    left = list(truth)
    for one in sorted(said, key=lambda event: event.time):
        near = [true for true in left if _is_same(true, one)]
        if not near:
            yield one.kind, "false"
            continue
        best = min(near, key=lambda true: (not true.required, abs(true.time - one.time)))
        left.remove(best)
        if best.required:
            yield one.kind, "told"
    yield from ((true.kind, "missed") for true in left if true.required)


def _is_same(true: Happening, one: Happening) -> bool:
    if true.kind != one.kind or abs(true.time - one.time) > _TOLERANCE.get(true.kind, 0.5):
        return False
    if true.kind == "crosses":
        return set(true.things) == set(one.things)
    return true.things[0] == one.things[0] and true.where in ("", one.where)


def _thing(track: Track, instants: Sequence[Instant]) -> str:
    at = {instant.time: instant.truth for instant in instants}
    votes: Counter[str] = Counter()
    for seen in track.observations:
        best = max(((iou(seen.box, one.box), one.id) for one in at.get(seen.time, ())), default=(0.0, ""))
        votes[best[1] if best[0] >= 0.3 else ""] += 1
    return votes.most_common(1)[0][0]


def _sights(scene: MovingScene, rows: Sequence[tuple[float, Shown]]) -> Iterator[Happening]:
    """Into sight and out of it."""
    end = rows[-1][0]
    runs = _runs(rows, lambda shown: shown.visible)
    for number, (start, stop) in enumerate(runs):
        first, last = rows[start], rows[stop]
        if start > 0:
            edge, long_enough = _edge(scene, first[1]), last[0] - first[0] >= 0.3
            gap = first[0] - rows[runs[number - 1][1]][0] if number else 0.0
            if edge:
                yield Happening("enters", first[0], (first[1].id,), required=long_enough and first[0] > _CLEAR)
            elif number:
                yield Happening("reappears", first[0], (first[1].id,), required=long_enough and _CLEAR <= gap <= 2.0)
        if stop < len(rows) - 1:
            edge = _edge(scene, rows[stop + 1][1])
            away = (rows[runs[number + 1][0]][0] if number + 1 < len(runs) else end) - last[0]
            kind = "exits" if edge else "hidden"
            yield Happening(kind, last[0], (last[1].id,), required=last[0] - first[0] >= _CLEAR and away >= _CLEAR)


def _runs(rows: Sequence[tuple[float, Shown]], holds: Callable[[Shown], bool]) -> list[tuple[int, int]]:
    """First and last index of each stretch in which it holds."""
    runs: list[tuple[int, int]] = []
    for index, (_, shown) in enumerate(rows):
        if not holds(shown):
            continue
        if runs and runs[-1][1] == index - 1:
            runs[-1] = runs[-1][0], index
        else:
            runs.append((index, index))
    return runs


def _edge(scene: MovingScene, shown: Shown) -> bool:
    x1, y1, x2, y2 = shown.box
    return min(x1, y1, scene.width - x2, scene.height - y2) <= 0.5


def _halts(scene: MovingScene, index: int, rows: Sequence[tuple[float, Shown]]) -> Iterator[Happening]:
    """Where two legs of a way meet in one place."""
    mover = scene.movers[index]
    keys = mover.keys
    for number, (before, after) in enumerate(pairwise(keys)):
        if before[1:] != after[1:]:
            continue
        for kind, at, moves in (("stops", before[0], number > 0), ("starts", after[0], number + 2 < len(keys))):
            if not moves:
                continue
            around = [shown for time, shown in rows if at - 1.0 <= time <= at + 1.0]
            clear = all(shown.share > 0.6 and not _edge(scene, shown) for shown in around) and len(around) > 15
            legs = keys[number - 1 : number + 1] if kind == "stops" else keys[number + 1 : number + 3]
            yield Happening(kind, at, (mover.id,), required=clear and _is_fast(scene, index, legs))
    if keys[0][0] > 0:
        yield Happening("starts", keys[0][0], (mover.id,), required=False)
    yield Happening("stops", keys[-1][0], (mover.id,), required=False)


def _is_fast(scene: MovingScene, index: int, legs: Sequence[tuple[float, float, float]]) -> bool:
    """Whether the leg is one that is told as moving: a tenth of a width per second, in the picture."""
    (start, *_), (end, *_) = legs
    first, last = (scene.truth(time)[index].box for time in (start + 1e-3, end - 1e-3))
    way = max(abs(first[0] + first[2] - last[0] - last[2]), abs(first[1] + first[3] - last[1] - last[3])) / 2
    return end > start and way / scene.width / (end - start) >= 0.1


def _crossings(instants: Sequence[Instant], first: int, second: int) -> Iterator[Happening]:
    """Every change of order along an axis while both boxes overlap; required where both sides were seen clearly."""
    for axis in (0, 1):
        rows = []
        for instant in instants:
            a, b = instant.truth[first], instant.truth[second]
            lead = (a.box[axis] + a.box[axis + 2] - b.box[axis] - b.box[axis + 2]) / 2
            extent = (a.box[axis + 2] - a.box[axis] + b.box[axis + 2] - b.box[axis]) / 2
            rows.append((instant.time, lead, lead / extent if extent else 0.0, a, b))
        for before, after in pairwise(rows):
            if (before[1] > 0) == (after[1] > 0) or intersection(after[3].box, after[4].box) <= 0:
                continue
            near = [row for row in rows if abs(row[0] - after[0]) <= 2.0 and row[3].visible and row[4].visible]
            sides = [
                any(row[2] * sign > 0.5 and (row[0] > after[0]) == (after[1] * sign > 0) for row in near) for sign in (1, -1)
            ]
            yield Happening("crosses", after[0], (before[3].id, before[4].id), required=axis == 0 and all(sides))
