"""What happened, when, and to which tracks: one event, one sentence.

Events speak of the picture, not of the world: a thing “went behind” another where their boxes say so, and whether it is on
the table or before it no box can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from backend.spatial.relations.wording import named
from backend.spatial.tracks.track import Sighting


class EventKind(StrEnum):
    """What can happen. The detail that each carries stands behind it."""

    ENTERS = "enters"
    """Came in over an edge of the picture: `side`, left, right, top or bottom."""
    EXITS = "exits"
    """Went out over an edge: `side`."""
    APPEARS = "appears"
    """First seen away from every edge."""
    DISAPPEARS = "disappears"
    """Not seen for longer than a thing may be hidden, and not gone over an edge."""
    HIDDEN = "hidden"
    """Went out of sight: `behind`, the name of what covers its place, or null."""
    REAPPEARS = "reappears"
    """Came back into sight: `unseen`, seconds."""
    CROSSES = "crosses"
    """Changed sides with another thing while their boxes overlapped: `direction`, in which the first one went."""
    PASSES = "passes"
    """Went from the left of another thing to its right, or back, above or below it: `direction`, and `along`."""
    CROSSES_LINE = "crosses_line"
    """`line`, its name; `to`, the side it went to as seen along the line: left or right."""
    ENTERS_ZONE = "enters_zone"
    """`zone`, its name."""
    LEAVES_ZONE = "leaves_zone"
    """`zone`, its name."""
    ENTERS_REGION = "enters_region"
    """Came to lie in the box of another thing, the second track."""
    LEAVES_REGION = "leaves_region"
    """Was in the box of another thing and is no more."""
    STOPS = "stops"
    """Came to a stand."""
    STARTS = "starts"
    """Moved again: `direction`, degrees counter-clockwise from the right."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    kind: EventKind
    time: float
    """When, seconds from the start."""
    known_at: float
    """The time of the frame from which it could be told: some events are known only after a while."""
    tracks: tuple[str, ...]
    """Ids: whom it happened to, and the other one where there is one."""
    labels: tuple[str, ...]
    """Their names."""
    text: str
    """One English sentence without a full stop, names in it made safe to show. Its labels are as they came."""
    detail: dict[str, Any] = field(default_factory=dict)
    """See EventKind."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "time": round(self.time, 3),
            "known_at": round(self.known_at, 3),
            "tracks": list(self.tracks),
            "labels": list(self.labels),
            "text": self.text,
            "detail": self.detail,
        }


class Names:
    """What things are called in sentences: by their name, with the id where several share it."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        """For each name the id that had it first."""
        self._shared: set[str] = set()
        """Names that more than one had."""

    def learn(self, sightings: Iterable[Sighting]) -> None:
        for one in sightings:
            if self._first.setdefault(one.label, one.id) != one.id:
                self._shared.add(one.label)

    def of(self, one: Sighting) -> str:
        """For the middle of a sentence, safe to show."""
        if not one.label.strip():
            return one.id
        name = named(one.label)
        return f"{name} ({one.id})" if one.label in self._shared else name
