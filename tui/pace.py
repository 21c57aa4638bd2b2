"""How often what grows by itself is drawn: as fast as eyes read, and less often while somebody types."""

from __future__ import annotations

from time import monotonic

REFRESH = 1 / 20
"""Seconds between two updates of a streaming reply: tokens come faster than eyes, and each update lays the screen out, which a
key that comes meanwhile waits for."""
_BESIDE = 1 / 5
"""The same beside somebody who types, and looks where that is."""
_TYPING_S = 0.5
"""Seconds for which somebody types after a key."""


class Pace:
    """Of one app."""

    def __init__(self) -> None:
        self._key_at = float("-inf")

    def key_came(self) -> None:
        self._key_at = monotonic()

    @property
    def refresh(self) -> float:
        """Seconds until what has changed is to be drawn."""
        return _BESIDE if monotonic() - self._key_at < _TYPING_S else REFRESH
