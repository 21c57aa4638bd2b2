"""When Python looks for objects that hold each other and that nobody else holds.

A pass over 10,000 new objects takes 5 to 10 ms, one over all there is, the cached frames and strips included, up to 80: as long
as a key may take, and five times that. So where somebody types, the new ones are looked through when what a key did has been
drawn, before the next one comes, and all of them when no key has come for a while.
"""

from __future__ import annotations

import gc

from textual.app import App
from textual.timer import Timer

_REST_S = 3.0
"""Seconds without a key or the mouse, after which nobody is waiting."""
_YOUNG = 1_000
"""Objects made and kept since the last pass, from which on one is worth its time (1 ms); a reply that streams in beside who
types makes some 14,000 a second."""
_THRESHOLDS = 10_000, 5, 200
"""The same, where nobody types, and of such passes until older ones are looked through, and all (`gc.set_threshold`)."""


class Garbage:
    """Collected for one app, from its first frame on."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._rest: Timer | None = None
        self._due = False
        """A key has been acted on, which is not drawn yet."""

    def begin(self) -> None:
        """Take it up after the start (see `tui.__main__`), without what was loaded so far, which stays."""
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
        gc.enable()

    def end(self) -> None:
        """Leave it to Python again, which goes on where the app was but a part of it."""
        gc.unfreeze()
        gc.enable()

    def key_came(self) -> None:
        """Something was typed or pointed at, and has been sent to where it is acted on."""
        gc.disable()
        (self._app.focused or self._app.screen).call_later(self._acted_on)
        if self._rest is None:
            self._rest = self._app.set_timer(_REST_S, self._rested)
        else:
            self._rest.reset()

    def _acted_on(self) -> None:
        self._due = True

    def drawn(self) -> None:
        """The screen has just been written."""
        if self._due and gc.get_count()[0] > _YOUNG:
            gc.collect(0)
        self._due = False

    def _rested(self) -> None:
        self._rest = None
        gc.collect()
        gc.enable()
