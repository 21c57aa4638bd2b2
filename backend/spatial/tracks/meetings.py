"""What two tracks do to each other: one crosses or passes the other, or comes into its region and leaves it.

Sides are told by centres, and only once they are apart by more than noise: left and right, above and below. Where the order
changes, the boxes tell whether they overlapped on the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from backend.language import N_, _
from backend.spatial.tracks.assignment import area, intersection
from backend.spatial.tracks.events import Event, EventKind, Names
from backend.spatial.tracks.rules import EventRules
from backend.spatial.tracks.track import Sighting, Step

_DIRECTIONS = ((N_("from right to left"), N_("from left to right")), (N_("from below to above"), N_("from above to below")))
_APART = 0.25
"""Of the things' mean extent: centres farther apart than that along an axis are on different sides."""


@dataclass(slots=True)
class _Order:
    """How two things lie to each other along one axis: −1 the first one left or above, 1 right or below, 0 unknown."""

    sure: int = 0
    """When it was last certain."""
    latest: int = 0
    """As the centres lie now, be it noise."""
    turned: float = 0.0
    """When that last changed, seconds …"""
    level: bool = False
    """… and whether the two were then level along the other axis, so that their boxes overlapped."""

    def see(self, lead: float, level: bool, time: float) -> None:
        """Take in how far the first centre is ahead of the second one, pixels."""
        side = 1 if lead > 0 else -1
        if side != self.latest:
            self.latest, self.turned, self.level = side, time, level


@dataclass(slots=True)
class _Pair:
    orders: tuple[_Order, _Order] = field(default_factory=lambda: (_Order(), _Order()))
    """Across and down."""
    told: bool = False
    """Of the present overlap a crossing has been told."""
    inside: bool | None = None
    """Whether the smaller one lies in the other's region."""


class MeetingEvents:
    """Tells of one film, step by step. `regions`: names of things whose boxes count as regions; “*” for all."""

    def __init__(self, width: int, height: int, rules: EventRules, names: Names, regions: Collection[str] = ()) -> None:
        self._rules = rules
        self._margin = rules.margin * max(width, height)
        self._names = names
        self._regions = frozenset(region.strip().casefold() for region in regions)
        self._pairs: dict[tuple[str, str], _Pair] = {}

    def update(self, step: Step) -> Iterator[Event]:
        for first, second in combinations(step.sightings, 2):
            pair = self._pairs.setdefault((first.id, second.id), _Pair())
            yield from self._sides(first, second, pair, step.time)
            if first.seen and second.seen:
                yield from self._region(first, second, pair, step.time)
        for key in [key for key in self._pairs if step.ended and not set(step.ended).isdisjoint(key)]:
            del self._pairs[key]

    def _sides(self, first: Sighting, second: Sighting, pair: _Pair, time: float) -> Iterator[Event]:
        if intersection(first.box, second.box) <= 0:
            pair.told = False
        flips = []
        for axis, order in enumerate(pair.orders):
            lead = first.centre[axis] - second.centre[axis]
            order.see(lead, _are_level(first, second, 1 - axis), time)
            if not (first.seen and second.seen):
                continue  # an expected box may lie on the wrong side
            extent = (first.box[axis + 2] - first.box[axis] + second.box[axis + 2] - second.box[axis]) / 2
            if abs(lead) <= max(self._margin, _APART * extent):
                continue
            if order.latest == -order.sure:
                flips.append((axis, order.latest, order.level, order.turned))
            order.sure = order.latest
        yield from self._flipped(first, second, pair, flips, time)

    def _flipped(
        self, first: Sighting, second: Sighting, pair: _Pair, flips: list[tuple[int, int, bool, float]], time: float
    ) -> Iterator[Event]:
        for axis, side, touched, at in flips:
            if touched and pair.told:
                continue
            if not touched and axis == 1:
                continue  # things side by side that change their heights have not passed each other
            mover, other, towards = (first, second, side) if _moves_more(first, second, axis) else (second, first, -side)
            direction = _(_DIRECTIONS[axis][(towards + 1) // 2])
            if touched:
                pair.told = True
                text = f"crossed {self._names.of(other)} {direction}"
                yield self._event(EventKind.CROSSES, mover, other, at, time, text, direction=direction)
            else:
                along = "above" if mover.centre[1] < other.centre[1] else "below"
                text = f"passed {along} {self._names.of(other)} {direction}"
                yield self._event(EventKind.PASSES, mover, other, at, time, text, direction=direction, along=along)

    def _region(self, first: Sighting, second: Sighting, pair: _Pair, time: float) -> Iterator[Event]:
        small, large = sorted((first, second), key=lambda one: area(one.box))
        size = area(small.box)
        if size <= 0 or not self._is_region(large):
            return
        share = intersection(small.box, large.box) / size
        if pair.inside is None:
            pair.inside = share >= self._rules.inside
        elif pair.inside and share <= self._rules.outside:
            pair.inside = False
            yield self._event(EventKind.LEAVES_REGION, small, large, time, time, f"left {self._names.of(large)}")
        elif not pair.inside and share >= self._rules.inside:
            pair.inside = True
            yield self._event(
                EventKind.ENTERS_REGION, small, large, time, time, _("came to {of}").format(of=self._names.of(large))
            )

    def _is_region(self, large: Sighting) -> bool:
        return "*" in self._regions or large.label.strip().casefold() in self._regions

    def _event(
        self, kind: EventKind, one: Sighting, other: Sighting, at: float, time: float, text: str, **detail: object
    ) -> Event:
        return Event(kind, at, time, (one.id, other.id), (one.label, other.label), f"{self._names.of(one)} {text}", detail)


def _are_level(first: Sighting, second: Sighting, axis: int) -> bool:
    """Whether their extents along an axis overlap."""
    return min(first.box[axis + 2], second.box[axis + 2]) > max(first.box[axis], second.box[axis])


def _moves_more(first: Sighting, second: Sighting, axis: int) -> bool:
    speeds = [abs(one.velocity.down if axis else one.velocity.across) for one in (first, second)]
    return speeds[0] >= speeds[1]
