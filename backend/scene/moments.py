"""Times in a film: how they are written, and how they are read."""

from __future__ import annotations

import math
import re

CLOSE = 0.005
"""Seconds that a time may be off by its being written to a hundredth."""

_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d+(?:\.\d+)?) ?(?:s|sec|seconds?)?\Z")


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
