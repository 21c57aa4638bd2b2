"""Stopping and starting: a thing stands while its speed, over a window of time, is less than noise could make it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from backend.language import _
from backend.spatial.tracks.events import Event, EventKind, Names
from backend.spatial.tracks.rules import EventRules
from backend.spatial.tracks.track import Observation, Sighting, Step, Velocity, fitted_velocity

_FEWEST = 4
"""Observations in a window that a speed is taken from."""


@dataclass(slots=True)
class _Pace:
    recent: list[Observation] = field(default_factory=list)
    """Of the last two windows, without a break longer than one."""
    moves: bool | None = None
    """None while it is not known."""
    standing: tuple[float, float] = (0.0, 0.0)
    """Where it stood, pixels."""


class PaceEvents:
    """Tells of one film, step by step; nothing of a thing at the picture's edge, whose box shows a part of it."""

    def __init__(self, width: int, height: int, rules: EventRules, names: Names) -> None:
        self._width, self._height = width, height
        self._rules = rules
        self._margin = rules.margin * max(width, height)
        self._names = names
        self._paces: dict[str, _Pace] = {}

    def update(self, step: Step) -> Iterator[Event]:
        for one in step.sightings:
            pace = self._paces.setdefault(one.id, _Pace())
            if not one.seen:
                continue
            if self._is_cut(one) or self._is_long_ago(pace, step.time):
                pace.recent.clear()
            if not self._is_cut(one):
                pace.recent.append(one.last)
                yield from self._judged(one, pace, step.time)
        for id_ in step.ended:
            self._paces.pop(id_, None)

    def _judged(self, one: Sighting, pace: _Pace, time: float) -> Iterator[Event]:
        window = self._rules.window
        pace.recent = [seen for seen in pace.recent if seen.time >= time - 2 * window - 1e-9]
        within = [seen for seen in pace.recent if seen.time >= time - window - 1e-9]
        if len(within) < _FEWEST or time - within[0].time < 0.7 * window:
            return
        velocity = fitted_velocity(within, self._width)
        if pace.moves is not False and velocity.speed < self._rules.still:
            stood = _mean(within[-_FEWEST:])
            since = self._since(pace.recent, stood)
            if pace.moves:
                yield self._event(EventKind.STOPS, one, since, time, "stopped", {})
            pace.moves, pace.standing = False, stood
        elif pace.moves is not True and velocity.speed > self._rules.moving:
            if pace.moves is False:
                towards = fitted_velocity(
                    within[len(within) // 2 :], self._width
                )  # of the half that is not mixed with standing
                since = self._departed(within, pace.standing, towards)
                yield self._event(
                    EventKind.STARTS, one, since, time, _("started to move"), {"direction": round(towards.direction, 1)}
                )
            pace.moves = True
        elif pace.moves is False and velocity.speed < self._rules.still:
            pace.standing = _mean(within)

    def _since(self, recent: list[Observation], place: tuple[float, float]) -> float:
        """Since when it has been at that place."""
        since = recent[-1].time
        for seen in reversed(recent):
            if math.dist(seen.centre, place) > self._margin:
                break
            since = seen.time
        return since

    def _departed(self, within: list[Observation], place: tuple[float, float], towards: Velocity) -> float:
        """When it was at that place, if it has moved at one speed since."""
        way = math.dist(within[-1].centre, place) / self._width
        return max(within[0].time, within[-1].time - way / towards.speed) if towards.speed > 0 else within[0].time

    def _is_cut(self, one: Sighting) -> bool:
        x1, y1, x2, y2 = one.box
        return min(x1, y1, self._width - x2, self._height - y2) <= self._margin / 2

    def _is_long_ago(self, pace: _Pace, time: float) -> bool:
        return bool(pace.recent) and time - pace.recent[-1].time > self._rules.window

    def _event(self, kind: EventKind, one: Sighting, at: float, time: float, text: str, detail: dict[str, float]) -> Event:
        return Event(kind, at, time, (one.id,), (one.label,), f"{self._names.of(one)} {text}", detail)


def _mean(seen: list[Observation]) -> tuple[float, float]:
    return sum(one.centre[0] for one in seen) / len(seen), sum(one.centre[1] for one in seen) / len(seen)
