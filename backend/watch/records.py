"""What watching tells, record by record: the published lines of `sightline watch --jsonl` (their own schema, version 1).

Every record has a `type`. Keys may be added to a version, never renamed or removed; readers should pass over types and keys
that they do not know.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from backend.answer import Answer
from backend.errors import SightlineError
from backend.spatial.tracks import Event
from backend.watch.flips import Flip

VERSION = 1


def wall_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Started:
    """First: what is watched, and how."""

    type: ClassVar[str] = "start"
    source: str
    model: str
    budget_ms: float
    finds: tuple[str, ...]
    questions: tuple[str, ...]
    at: datetime = field(default_factory=wall_clock)

    def as_dict(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "schema": VERSION,
            "at": _said(self.at),
            "source": self.source,
            "model": self.model,
            "budget_ms": round(self.budget_ms, 1),
            "finds": list(self.finds),
            "questions": list(self.questions),
        }


@dataclass(frozen=True, slots=True)
class Looked:
    """A frame that was looked at, and what came of it. Left out, and counted, where nobody reads in time."""

    type: ClassVar[str] = "frame"
    frame: int
    """Of the source's frames, from 1."""
    time: float
    """Seconds: of a film from its first frame, of anything else since watching began."""
    at: datetime
    """When it was there to be looked at."""
    latency_ms: float
    """From then until this was known."""
    within_budget: bool
    dropped: int
    """Frames that were passed over since the last one that was looked at."""
    tracks: tuple[dict[str, Any], ...]
    """What is followed, as far as it counts."""
    answers: tuple[Answer, ...]
    errors: tuple[SightlineError, ...] = ()
    image_tokens: int = 0
    """That the frame was shown with: fewer where the budget is short."""
    withheld: int = 0
    """Frame records before this one that were not written because nobody read in time."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "frame": self.frame,
            "time": round(self.time, 3),
            "at": _said(self.at),
            "latency_ms": round(self.latency_ms, 1),
            "within_budget": self.within_budget,
            "dropped": self.dropped,
            "withheld": self.withheld,
            "image_tokens": self.image_tokens,
            "tracks": list(self.tracks),
            "answers": [answer.as_dict() for answer in self.answers],
            "errors": [{"message": error.message, "cure": error.cure} for error in self.errors],
        }


@dataclass(frozen=True, slots=True)
class Happened:
    """An event: of a track, of a relation, or of an answer. Never left out."""

    type: ClassVar[str] = "event"
    event: Event | Flip
    frame: int
    """The frame from which it was known."""
    at: datetime
    """When that frame was there."""
    latency_ms: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "frame": self.frame,
            "at": _said(self.at),
            "latency_ms": round(self.latency_ms, 1),
            **self.event.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Reconnecting:
    """The source was lost, and is tried again after a while; or, with `back`, it has come back."""

    type: ClassVar[str] = "reconnect"
    reason: str
    attempt: int
    """Counted from 1 since it was lost."""
    wait_s: float
    back: bool = False
    at: datetime = field(default_factory=wall_clock)

    def as_dict(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "at": _said(self.at),
            "back": self.back,
            "reason": self.reason,
            "attempt": self.attempt,
            "wait_s": round(self.wait_s, 2),
        }


@dataclass(frozen=True, slots=True)
class Ended:
    """Last: why, and what came of it all."""

    type: ClassVar[str] = "end"
    reason: str
    """`source`: it has no more frames; `stopped`: by a signal or a limit; `lost`: for good; `error`: see `message`."""
    frames: int
    """Looked at."""
    dropped: int
    within_budget: int
    events: int
    reconnects: int
    withheld: int
    message: str = ""
    at: datetime = field(default_factory=wall_clock)

    def as_dict(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "at": _said(self.at),
            "reason": self.reason,
            "message": self.message,
            "frames": self.frames,
            "dropped": self.dropped,
            "within_budget": self.within_budget,
            "events": self.events,
            "reconnects": self.reconnects,
            "withheld": self.withheld,
        }


Record = Started | Looked | Happened | Reconnecting | Ended
