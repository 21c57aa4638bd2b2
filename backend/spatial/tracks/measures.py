"""How well tracks agree with the truth: MOTA, MOTP, IDF1, and how often a thing changed its identity.

MOTA and MOTP are those of Bernardin & Stiefelhagen, *Evaluating Multiple Object Tracking Performance: The CLEAR MOT
Metrics* (2008): in each frame pairs of the frame before stand while they still overlap enough, and the rest is paired anew.
MOTP is here the mean IoU of the pairs (1 is best). IDF1 is that of Ristani et al., *Performance Measures and a Data Set for
Multi-Target, Multi-Camera Tracking* (2016): every true thing is paired with one track over the whole film. A track over a
true thing that nobody could see (`ignored`) counts neither for nor against it, as over MOTChallenge's occluded people
(Milan et al., *MOT16*, 2016).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backend.scene import Corners
from backend.spatial.tracks.assignment import assigned, iou


@dataclass(frozen=True, slots=True)
class Placed:
    """One thing in one frame: which, and where (pixels)."""

    id: str
    box: Corners


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame: what is true of it, what the tracks say, and true boxes of things that cannot be seen."""

    truth: tuple[Placed, ...]
    tracks: tuple[Placed, ...]
    ignored: tuple[Corners, ...] = ()


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts of one film, or of several added up."""

    truth: int = 0
    """True boxes."""
    tracks: int = 0
    """Boxes of tracks, without those ignored."""
    matches: int = 0
    switches: int = 0
    """How often a true thing was paired with another track than the time before."""
    overlap: float = 0.0
    """Sum of the pairs' IoU."""
    identified: int = 0
    """Boxes of the track that is the true thing's over the whole film, on it."""

    def __add__(self, other: Measures) -> Measures:
        return Measures(
            self.truth + other.truth,
            self.tracks + other.tracks,
            self.matches + other.matches,
            self.switches + other.switches,
            self.overlap + other.overlap,
            self.identified + other.identified,
        )

    @property
    def missed(self) -> int:
        """True boxes without a track."""
        return self.truth - self.matches

    @property
    def false(self) -> int:
        """Boxes of tracks where nothing is."""
        return self.tracks - self.matches

    @property
    def mota(self) -> float:
        """1 − (missed + false + switches) / true boxes; NaN without truth, negative where mistakes outnumber it."""
        return 1 - (self.missed + self.false + self.switches) / self.truth if self.truth else math.nan

    @property
    def motp(self) -> float:
        """Mean IoU of the pairs; NaN without any."""
        return self.overlap / self.matches if self.matches else math.nan

    @property
    def idf1(self) -> float:
        """2 · identified / (true boxes + boxes of tracks); NaN without any."""
        return 2 * self.identified / (self.truth + self.tracks) if self.truth + self.tracks else math.nan


def measured(moments: Iterable[Moment], at_least: float = 0.5) -> Measures:
    """Measure one film; a pair needs an IoU of `at_least`."""
    truth = tracks = matches = switches = 0
    overlap = 0.0
    before: dict[str, str] = {}
    """For each true thing the track that it was last paired with."""
    together: Counter[tuple[str, str]] = Counter()
    """In how many frames a true thing and a track overlap enough."""
    for moment in moments:
        output = _without_ignored(moment, at_least)
        pairs = _paired(moment.truth, output, before, at_least)
        truth, tracks, matches = truth + len(moment.truth), tracks + len(output), matches + len(pairs)
        for thing, track in pairs:
            overlap += iou(thing.box, track.box)
            switches += before.get(thing.id, track.id) != track.id
            before[thing.id] = track.id
        together.update(
            (thing.id, track.id) for thing in moment.truth for track in output if iou(thing.box, track.box) >= at_least
        )
    return Measures(truth, tracks, matches, switches, overlap, _identified(together))


def _paired(
    truth: Sequence[Placed], output: Sequence[Placed], before: dict[str, str], at_least: float
) -> list[tuple[Placed, Placed]]:
    """Of one frame: as before where that still holds, else as many as possible, and of those the best."""
    by_id = {track.id: track for track in output}
    pairs = [
        (thing, by_id[before[thing.id]])
        for thing in truth
        if before.get(thing.id) in by_id and iou(thing.box, by_id[before[thing.id]].box) >= at_least
    ]
    held, things = {track.id for _, track in pairs}, {thing.id for thing, _ in pairs}
    if len(held) < len(pairs):  # two things had the same track in turn: the first keeps it
        kept: dict[str, tuple[Placed, Placed]] = {}
        for pair in pairs:
            kept.setdefault(pair[1].id, pair)
        pairs = list(kept.values())
        things = {thing.id for thing, _ in pairs}
    rows, columns = [t for t in truth if t.id not in things], [t for t in output if t.id not in held]
    overlaps = [[iou(row.box, column.box) for column in columns] for row in rows]
    costs = [[1 - share if share >= at_least else math.inf for share in row] for row in overlaps]
    return pairs + [(rows[row], columns[column]) for row, column in assigned(costs)]


def _without_ignored(moment: Moment, at_least: float) -> list[Placed]:
    """The tracks' boxes but for those that lie on something unseen rather than on something true."""
    costs = [
        [1 - share if (share := iou(track.box, box)) >= at_least else math.inf for box in (*_boxes(moment), *moment.ignored)]
        for track in moment.tracks
    ]
    unseen = {row for row, column in assigned(costs) if column >= len(moment.truth)}
    return [track for row, track in enumerate(moment.tracks) if row not in unseen]


def _boxes(moment: Moment) -> Iterable[Corners]:
    return (thing.box for thing in moment.truth)


def _identified(together: Counter[tuple[str, str]]) -> int:
    """The most frames that one pairing of true things and tracks over the whole film can have in common."""
    things, tracks = sorted({a for a, _ in together}), sorted({b for _, b in together})
    costs = [[-float(together[thing, track]) for track in tracks] for thing in things]
    return sum(together[things[row], tracks[column]] for row, column in assigned(costs))
