"""Coming into sight and going out of it: over the picture's edge, behind something, or for no reason that can be seen.

Each track is in one of three states: in sight, out of sight, or gone over an edge. A thing that is missed for a frame or two
stays in sight. What is told is when it was last seen, and the reason that its last box and the others' boxes give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from backend.language import _
from backend.scene import Corners
from backend.scene.phrasing import side_word
from backend.spatial.tracks.assignment import area, intersection
from backend.spatial.tracks.events import Event, EventKind, Names
from backend.spatial.tracks.rules import EventRules
from backend.spatial.tracks.track import Sighting, Step

_FRAMES = 2
"""Frames without a thing, at least, before anything is made of it."""
_OUTWARD = 0.02
"""Widths per second towards an edge, from which a thing near it is on its way out."""


class _State(Enum):
    SEEN = 1
    HIDDEN = 2
    GONE = 3


@dataclass(slots=True)
class _Known:
    """One track as it was last told of."""

    state: _State
    sighting: Sighting
    frame: float
    """Seconds between the two frames before it was last seen: how far apart sights lie."""


class SightEvents:
    """Tells of one film, step by step."""

    def __init__(self, width: int, height: int, rules: EventRules, names: Names) -> None:
        self._width, self._height = width, height
        self._rules = rules
        self._margin = rules.margin * max(width, height)
        self._names = names
        self._known: dict[str, _Known] = {}
        self._start: float | None = None
        self._before: float | None = None
        """Times of the first step and of the one before."""

    def update(self, step: Step) -> Iterator[Event]:
        start = self._start = step.time if self._start is None else self._start
        frame = step.time - self._before if self._before is not None else 0.0
        for one in step.sightings:
            known = self._known.get(one.id)
            if one.seen:
                yield from self._came(one, known, step.time, start, frame)
                self._known[one.id] = _Known(_State.SEEN, one, frame)
            elif known is not None:
                yield from self._missed(one, known, step)
        for id_ in step.ended:
            known = self._known.pop(id_, None)
            if known is not None and known.state is not _State.GONE:
                yield self._event(EventKind.DISAPPEARS, known.sighting, known.sighting.last.time, step.time, "disappeared")
        self._before = step.time

    def _came(self, one: Sighting, known: _Known | None, time: float, start: float, frame: float) -> Iterator[Event]:
        if known is not None and known.state is _State.SEEN:
            return
        at = one.stretch.time
        if known is not None and known.state is _State.HIDDEN:
            unseen = at - known.sighting.last.time
            text = _("came into sight again after {unseen:.1f} s").format(unseen=unseen)
            yield self._event(EventKind.REAPPEARS, one, at, time, text, unseen=round(unseen, 3))
            return
        if known is None and at - start <= max(self._rules.at_start, frame) + 1e-9:
            return
        side = self._side(one.stretch.box, one, frame, towards=-1)
        if side:
            yield self._event(
                EventKind.ENTERS, one, at, time, _("came in from the {side}").format(side=side_word(side)), side=side
            )
        else:
            yield self._event(EventKind.APPEARS, one, at, time, "appeared")

    def _missed(self, one: Sighting, known: _Known, step: Step) -> Iterator[Event]:
        if known.state is not _State.SEEN or one.missed < _FRAMES:
            return
        unseen = step.time - one.last.time
        if unseen + 1e-9 < self._rules.unseen:
            return
        side = self._side(one.last.box, one, known.frame, towards=1)
        cover = None if side else self._cover(one, step.sightings)
        if side:
            known.state = _State.GONE
            yield self._event(
                EventKind.EXITS,
                one,
                one.last.time,
                step.time,
                _("left the picture at the {side}").format(side=side_word(side)),
                side=side,
            )
        elif cover is not None:
            known.state = _State.HIDDEN
            text = _("went out of sight behind {of}").format(of=self._names.of(cover))
            yield self._event(EventKind.HIDDEN, one, one.last.time, step.time, text, cover, behind=cover.label)
        elif unseen + 1e-9 >= self._rules.unexplained:
            known.state = _State.HIDDEN
            yield self._event(EventKind.HIDDEN, one, one.last.time, step.time, _("went out of sight"), behind=None)

    def _side(self, box: Corners, one: Sighting, frame: float, *, towards: int) -> str:
        """The edge that a thing came from (`towards` −1) or is going to (1), if it is at one; of two, where it goes faster.

        It is at an edge if its box touches it, or would have done one frame earlier or later.
        """
        across, down = one.velocity.across * towards, one.velocity.down * towards
        step_x, step_y = across * self._width * frame, down * self._width * frame
        x1, y1, x2, y2 = box
        room = {
            "left": (min(x1, x1 + step_x), -across),
            "right": (self._width - max(x2, x2 + step_x), across),
            "top": (min(y1, y1 + step_y), -down),
            "bottom": (self._height - max(y2, y2 + step_y), down),
        }
        touched = [(pace, side) for side, (space, pace) in room.items() if space <= self._margin and pace >= _OUTWARD]
        return max(touched)[1] if touched else ""

    def _cover(self, one: Sighting, others: Iterable[Sighting]) -> Sighting | None:
        """What lies over the place where it is expected, or was last seen; of several the one that covers most."""
        shares = [
            (max(_share(one.box, other.box), _share(one.last.box, other.box)), other.id, other)
            for other in others
            if other.id != one.id and other.seen
        ]
        best = max(shares, default=None)
        return best[2] if best is not None and best[0] >= self._rules.covered else None

    def _event(
        self, kind: EventKind, one: Sighting, at: float, time: float, text: str, other: Sighting | None = None, **detail: object
    ) -> Event:
        involved = (one,) if other is None else (one, other)
        ids, labels = tuple(who.id for who in involved), tuple(who.label for who in involved)
        return Event(kind, at, time, ids, labels, f"{self._names.of(one)} {text}", detail)


def _share(box: Corners, cover: Corners) -> float:
    size = area(box)
    return intersection(box, cover) / size if size > 0 else 0.0
