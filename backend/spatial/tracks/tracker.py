"""Boxes of one frame after another, put together to tracks while they come.

Each frame's boxes are given to the tracks that are known, by the Hungarian method on the IoU with the predicted boxes and on
the names (as in SORT: Bewley et al. 2016); boxes that are not sure may then go on with what is left, and begin nothing
(ByteTrack: Zhang et al. 2022). What is left of both becomes a new track, which counts after some hits. A thing that comes
back elsewhere than expected is first such a new track too: when it counts, and the way there is one that the old track of
the same name could have gone, it *is* the old one. One stray box never moves a track that has been lost to sight.
"""

from __future__ import annotations

import bisect
import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from backend.language import _
from backend.scene import Box
from backend.spatial.tracks.assignment import assigned, iou
from backend.spatial.tracks.motion import Motion
from backend.spatial.tracks.rules import Rules
from backend.spatial.tracks.track import Observation, Sighting, Step, Track, Velocity

_TRIES = 1
"""Frames that a track which does not count yet may miss in a row."""
_FRESH = 2
"""Frames for which a track that went unseen may be found beside its predicted box at once, without a new track between."""

_DASH = 0.5
"""Seconds for which a thing may move otherwise than expected."""


class _Live:
    """A track under way, and how it is expected to move."""

    def __init__(self, box: Box, time: float, motion: Motion) -> None:
        self.id = ""
        """Empty until it counts."""
        self.names = Counter((box.label,))
        self.motion = motion
        self.observations = [Observation(time, box.corners, box.confidence)]
        self.stretch = self.last = self.observations[0]
        self.missed = 0
        """Frames since it was last seen; 1 while this frame's boxes have not been given out."""

    @property
    def label(self) -> str:
        return self.names.most_common(1)[0][0]

    def cost(self, box: Box, rules: Rules, at_least: float) -> float:
        """1 − IoU and what a different name costs; infinite beyond the cost of an equal name at the least IoU."""
        cost = 1 - iou(self.motion.box, box.corners) + (0 if same(self.label, box.label) else rules.label_cost)
        return cost if cost <= 1 - at_least else math.inf

    def distance(self, box: Box, rules: Rules, width: int) -> float:
        """Pixels from the expected centre; infinite for another name, or out of reach. `width`: of the picture, pixels."""
        unseen = min(self.motion.time - self.last.time, _DASH) if box.label else 0.0
        if not same(self.label, box.label) or not self.motion.within_reach(
            box.corners, rules.reach, rules.dash * width * unseen
        ):
            return math.inf
        return math.dist((self.motion.x.place, self.motion.y.place), box.centre)

    def observe(self, box: Box, time: float) -> None:
        self.motion.correct(box.corners)
        self.last = Observation(time, box.corners, box.confidence)
        if self.missed > 1:
            self.stretch = self.last
        self.missed = 0
        self.names[box.label] += 1
        self.observations.append(self.last)

    def take_over(self, younger: _Live) -> None:
        """Be continued by a track that turned out to be the same thing."""
        self.motion, self.missed = younger.motion, younger.missed
        self.stretch, self.last = younger.observations[0], younger.last
        self.names.update(younger.names)
        self.observations += younger.observations


class Tracker:
    """Follows things in one film. `width`, `height`: of its upright pictures, pixels."""

    def __init__(self, width: int, height: int, rules: Rules | None = None, *, keep: float | None = None) -> None:
        """`keep`: seconds of the past that are remembered, for whoever watches without end; all when None."""
        self.width, self.height = width, height
        self.rules = rules or Rules()
        self._keep = keep
        self._times: list[float] = []
        self._live: list[_Live] = []
        self._over: list[_Live] = []
        self._counted = 0

    def update(self, time: float, boxes: Sequence[Box]) -> Step:
        """Take in what was found in the next frame. Raises ValueError where its time (seconds) is not later than the last."""
        if self._times and not time > self._times[-1]:
            raise ValueError(
                _("the frame at {time} s does not come after the one at {times} s").format(time=time, times=self._times[-1])
            )
        self._times.append(time)
        for track in self._live:
            track.motion.advance(time)
            track.missed += 1
        whole = [box for box in boxes if box.x2 > box.x1 and box.y2 > box.y1]
        sure = [box for box in whole if box.confidence is None or box.confidence >= self.rules.sure]
        unsure = [box for box in whole if box not in sure]
        counting = [track for track in self._live if track.id]
        counting, sure = self._continued(time, counting, sure, self.rules.iou)
        counting, __ = self._continued(time, counting, unsure, self.rules.low_iou)
        trying = [track for track in self._live if not track.id]
        trying, sure = self._continued(time, trying, sure, self.rules.iou)
        nearby = [track for track in counting if track.missed <= _FRESH] + trying
        sure = self._continued_nearby(time, nearby, sure)
        self._live += [self._begun(time, box) for box in sure]
        self._count()
        ended = self._leave_off(time)
        return Step(time, tuple(self._sighting(track) for track in self._live if track.id), ended)

    def finish(self) -> tuple[Track, ...]:
        """Every track that counts, in the order of their ids, with the frames between two sights interpolated."""
        tracks = [track for track in (*self._over, *self._live) if track.id]
        made = [Track(one.id, one.label, tuple(self._filled(one.observations)), self.width) for one in tracks]
        return tuple(sorted(made, key=lambda track: int(track.id[1:])))

    def _continued(self, time: float, tracks: list[_Live], boxes: list[Box], at_least: float) -> tuple[list[_Live], list[Box]]:
        """Give boxes to tracks by their IoU; what is left of both."""
        return self._paired(time, tracks, boxes, [[track.cost(box, self.rules, at_least) for box in boxes] for track in tracks])

    def _continued_nearby(self, time: float, tracks: list[_Live], boxes: list[Box]) -> list[Box]:
        """Give boxes to tracks of the same name that may have got there; the boxes that are left."""
        costs = [[track.distance(box, self.rules, self.width) for box in boxes] for track in tracks]
        return self._paired(time, tracks, boxes, costs)[1]

    @staticmethod
    def _paired(time: float, tracks: list[_Live], boxes: list[Box], costs: list[list[float]]) -> tuple[list[_Live], list[Box]]:
        pairs = assigned(costs)
        for row, column in pairs:
            tracks[row].observe(boxes[column], time)
        rows, columns = {row for row, __ in pairs}, {column for __, column in pairs}
        return (
            [track for row, track in enumerate(tracks) if row not in rows],
            [box for column, box in enumerate(boxes) if column not in columns],
        )

    def _begun(self, time: float, box: Box) -> _Live:
        sigma = self.rules.sigma * max(self.width, self.height)
        return _Live(box, time, Motion(box.corners, time, self.width, sigma, self.rules.agility))

    def _count(self) -> None:
        """Tracks with enough hits count from now on: as the continuation of a lost one, or with an id of their own."""
        for track in [one for one in self._live if not one.id and len(one.observations) >= self.rules.hits]:
            older = self._lost_before(track)
            if older is None:
                self._counted += 1
                track.id = f"t{self._counted}"
            else:
                older.take_over(track)
                self._live.remove(track)

    def _lost_before(self, track: _Live) -> _Live | None:
        """The nearest track of that name that was lost before this one began, and could have come here."""
        now = Box(*track.motion.box, track.label)
        lost = [one for one in self._live if one.id and one.missed and one.last.time < track.observations[0].time]
        reached = [(one.distance(now, self.rules, self.width), number, one) for number, one in enumerate(lost)]
        nearest = min(reached, default=None)
        return nearest[2] if nearest is not None and math.isfinite(nearest[0]) else None

    def _leave_off(self, time: float) -> tuple[str, ...]:
        """Drop what was not seen for too long, and forget what need not be remembered; the ids of the tracks that are over."""
        over = [track for track in self._live if self._is_over(track, time)]
        self._live = [track for track in self._live if track not in over]
        if self._keep is None:
            self._over += [track for track in over if track.id]
        else:
            for track in self._live:
                old = bisect.bisect_left(track.observations, time - self._keep, key=lambda one: one.time)
                del track.observations[: min(old, len(track.observations) - 1)]
            del self._times[: bisect.bisect_left(self._times, time - self._keep)]
        return tuple(track.id for track in over if track.id)

    def _is_over(self, track: _Live, time: float) -> bool:
        if not track.id:
            return track.missed > _TRIES
        return track.missed > _TRIES and time - track.last.time > self.rules.gap

    def _sighting(self, track: _Live) -> Sighting:
        seen = track.missed == 0
        across, down = track.motion.speed
        return Sighting(
            track.id,
            track.label,
            track.last.box if seen else track.motion.box,
            seen,
            track.last,
            track.stretch,
            Velocity(across / self.width, down / self.width),
            track.missed,
        )

    def _filled(self, observations: Sequence[Observation]) -> list[Observation]:
        """The observations, with one more at each frame between them."""
        filled = list(observations[:1])
        for before, after in pairwise(observations):
            between = self._times[bisect.bisect_right(self._times, before.time) : bisect.bisect_left(self._times, after.time)]
            filled += [_between(before, after, time) for time in between]
            filled.append(after)
        return filled


def same(name: str, other: str) -> bool:
    """Whether two names mean the same, as far as their letters tell."""
    return name.strip().casefold() == other.strip().casefold()


def _between(before: Observation, after: Observation, time: float) -> Observation:
    share = (time - before.time) / (after.time - before.time)
    x1, y1, x2, y2 = (a + share * (b - a) for a, b in zip(before.box, after.box, strict=True))
    return Observation(time, (x1, y1, x2, y2), interpolated=True)
