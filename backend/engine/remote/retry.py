"""When a server is asked once more, and after how long: it says so itself, or the pauses double, with chance in them.

The chance matters: without it all who were refused at one moment come back at one moment.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

BUSY = frozenset({429, 502, 503, 504})
"""Statuses that mean "not now". llama-server says 503 while it loads its model."""

LONGEST_WAIT_S = 60.0
"""A server that asks for more patience than this is not waited for; its answer is told instead."""


@dataclass(frozen=True, slots=True)
class Retries:
    """How often and how patiently; `first_s` and `longest_s` bound the pauses that the server does not prescribe."""

    unreachable: int = 2
    """Further attempts where no connection comes about: a server that is not there does not appear within seconds."""
    busy: int = 5
    first_s: float = 0.5
    longest_s: float = 8.0

    def pause(self, attempt: int) -> float:
        """Seconds before attempt 1, 2, …: between half and the whole of a span that doubles."""
        span = min(self.first_s * 2.0 ** (attempt - 1), self.longest_s)
        return span * random.uniform(0.5, 1.0)


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for: a number, or a date. None where it says neither."""
    if header is None:
        return None
    if re.fullmatch(r"-?\d+(\.\d+)?", header):
        return max(0.0, float(header))
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())
