"""Moments of a film, and how times in it are written and read."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backend.scene.claims import Span

CLOSE = 0.005
"""Seconds that a time may be off by its being written to a hundredth."""

_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d+(?:\.\d+)?) ?(?:s|sec|seconds?)?\Z")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time, or a stretch of it, that an answer about a film speaks of."""

    start: float
    """Seconds from the film's first frame."""
    end: float | None
    """Where it is a stretch."""
    text_span: Span
    """Where the answer names it: offsets in its text."""
    picture: int | None
    """Which of the answer's pictures shows its start: the last frame at or before it. None where the film had no frame yet."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "start": round(self.start, 3),
            "end": None if self.end is None else round(self.end, 3),
            "text_span": list(self.text_span),
            "picture": self.picture,
        }


def frame_at(time: float, times: Sequence[float | None]) -> int | None:
    """Of pictures with these times (None: of no film) the one that shows that time: the latest that is not later."""
    earlier = [(known, index) for index, known in enumerate(times) if known is not None and known <= time + CLOSE]
    return max(earlier, key=lambda known: (known[0], -known[1]))[1] if earlier else None


def stamp(seconds: float) -> str:
    """A time as `mm:ss.ff`, from an hour on as `h:mm:ss.ff`; what it reads as is less than `CLOSE` from it."""
    hundredths = max(0, round(seconds * 100))
    minutes, rest = divmod(hundredths, 6000)
    hours, over = divmod(minutes, 60)
    clock = f"{hours}:{over:02}" if hours else f"{minutes:02}"
    return f"{clock}:{rest // 100:02}.{rest % 100:02}"


def seconds(written: str) -> float | None:
    """`12.4`, `12.4 s`, `01:12.40` or `1:02:12.40` in seconds; None for what is no time."""
    found = _CLOCK.match(written.strip().lower())
    if found is None:
        return None
    hours, minutes, rest = (float(part or 0) for part in found.groups())
    if (found[2] and rest >= 60) or (found[1] and minutes >= 60):
        return None
    total = hours * 3600 + minutes * 60 + rest
    return total if math.isfinite(total) else None
