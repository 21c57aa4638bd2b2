"""When Python looks for objects that hold each other and that nobody else holds.

A full pass goes through all there is, the cached frames and strips included: up to 80 ms, five times what a key may take; and
77 passes of more than 4 ms were counted while one answer of 400 tokens streamed. So a full pass waits until no key has come
for a while; by themselves mostly young objects are looked through.
"""

from __future__ import annotations

import gc

from textual.app import App
from textual.timer import Timer

_REST_S = 3.0
"""Seconds without a key or the mouse, after which nobody is waiting."""
_THRESHOLDS = 10_000, 5, 200
"""Objects made and kept until the youngest are looked through, and of such passes until older ones are, and all
(`gc.set_threshold`). The last is for whoever never rests."""


class Garbage:
    """Collected for one app, from its first frame on."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._rest: Timer | None = None

    def begin(self) -> None:
        """Take it up after the start (see `tui.__main__`), without what was loaded so far, which stays."""
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
        gc.enable()

    def key_came(self) -> None:
        """Something was typed or pointed at: look through everything when that is over."""
        if self._rest is None:
            self._rest = self._app.set_timer(_REST_S, self._collect)
        else:
            self._rest.reset()

    def _collect(self) -> None:
        self._rest = None
        gc.collect()
