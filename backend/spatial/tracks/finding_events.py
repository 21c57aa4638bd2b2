"""All that can happen to tracks, found step by step: four sorts of events, and the places that a user named."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from backend.language import _
from backend.sanitise import one_line
from backend.spatial.tracks.events import Event, EventKind, Names
from backend.spatial.tracks.meetings import MeetingEvents
from backend.spatial.tracks.pace import PaceEvents
from backend.spatial.tracks.places import Line, Spot, Zone
from backend.spatial.tracks.rules import EventRules
from backend.spatial.tracks.sight import SightEvents
from backend.spatial.tracks.track import Sighting, Step


class EventFinder:
    """The events of one film. Give it every step of a Tracker, in their order."""

    def __init__(
        self,
        width: int,
        height: int,
        *,
        zones: Sequence[Zone] = (),
        lines: Sequence[Line] = (),
        regions: Collection[str] = (),
        rules: EventRules | None = None,
    ) -> None:
        """`width`, `height`: of the upright pictures, pixels; `regions`: names of things (“table”) whose boxes other things
        may lie in and leave, “*” for all."""
        rules = rules or EventRules()
        self._names = Names()
        self._parts = (
            SightEvents(width, height, rules, self._names),
            PaceEvents(width, height, rules, self._names),
            MeetingEvents(width, height, rules, self._names, regions),
            _PlaceEvents(rules.margin * max(width, height), self._names, zones, lines),
        )

    def update(self, step: Step) -> list[Event]:
        """What has happened, as it is known at this step; in the order of the events' own times."""
        self._names.learn(step.sightings)
        return sorted((event for part in self._parts for event in part.update(step)), key=lambda event: event.time)


class _PlaceEvents:
    """Zones and lines. A thing is where its box's centre is."""

    def __init__(self, margin: float, names: Names, zones: Sequence[Zone], lines: Sequence[Line]) -> None:
        self._margin = margin / 2
        """Pixels: closer to an edge or a line a thing stays where it was."""
        self._names = names
        self._zones, self._lines = zones, lines
        self._inside: dict[tuple[str, int], bool] = {}
        self._sides: dict[tuple[str, int], tuple[Spot, float]] = {}

    def update(self, step: Step) -> Iterator[Event]:
        for one in step.sightings:
            if one.seen:
                yield from self._in_zones(one, step.time)
                yield from self._over_lines(one, step.time)
        if step.ended:
            self._inside = {key: value for key, value in self._inside.items() if key[0] not in step.ended}
            self._sides = {key: value for key, value in self._sides.items() if key[0] not in step.ended}

    def _in_zones(self, one: Sighting, time: float) -> Iterator[Event]:
        for number, zone in enumerate(self._zones):
            depth, before = zone.depth(one.centre), self._inside.get((one.id, number))
            inside = depth > 0 if before is None or abs(depth) > self._margin else before
            self._inside[one.id, number] = inside
            if before is not None and inside != before:
                kind = EventKind.ENTERS_ZONE if inside else EventKind.LEAVES_ZONE
                said = _("{of} entered zone {name}") if inside else _("{of} left zone {name}")
                text = said.format(of=self._names.of(one), name=one_line(zone.name, 60))
                yield Event(kind, time, time, (one.id,), (one.label,), text, {"zone": zone.name})

    def _over_lines(self, one: Sighting, time: float) -> Iterator[Event]:
        for number, line in enumerate(self._lines):
            side, before = line.side(one.centre), self._sides.get((one.id, number))
            if abs(side) <= self._margin:
                continue
            self._sides[one.id, number] = one.centre, side
            if before is not None and before[1] * side < 0 and line.is_met(before[0], one.centre):
                to = "right" if side > 0 else "left"
                text = _("{of} crossed line {name} to its {to}").format(
                    of=self._names.of(one), name=one_line(line.name, 60), to=to
                )
                yield Event(EventKind.CROSSES_LINE, time, time, (one.id,), (one.label,), text, {"line": line.name, "to": to})
