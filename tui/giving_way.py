"""The model is told that somebody types: where it computes on the processor, it leaves that to the screen for a moment."""

from __future__ import annotations

from threading import Thread
from time import monotonic

from backend.ask import Asker

_EVERY_S = 1.0
"""Seconds until it is told again, while somebody goes on typing: half of what it heeds that for."""


class GivingWay:
    """Of one app, to one model at a time."""

    def __init__(self) -> None:
        self.asker: Asker | None = None
        """Who has the model; None where there is none yet."""
        self._again = float("-inf")
        self._telling: Thread | None = None

    def key_came(self) -> None:
        """Returns at once, also where the engine hangs."""
        now = monotonic()
        if self.asker is None or now < self._again or (self._telling is not None and self._telling.is_alive()):
            return
        self._again = now + _EVERY_S
        self._telling = Thread(target=self.asker.give_way, name="give way", daemon=True)
        self._telling.start()
