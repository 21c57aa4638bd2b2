"""One place between a source that does not wait and somebody who takes time: it holds the newest frame alone."""

from __future__ import annotations

import time
from threading import Condition

from backend.watch.shot import Shot


class Mailbox:
    """Holds one frame at most. `put` and `take` belong to a thread each; everything else may come from any."""

    def __init__(self, *, every: bool = False) -> None:
        """`every`: nothing is dropped; whoever puts a frame waits until the one before it was taken."""
        self._every = every
        self._changed = Condition()
        self._shot: Shot | None = None
        self._dropped = 0
        self._closed = False

    def put(self, shot: Shot) -> None:
        """Leave a frame, in place of one that was not taken; once it is closed, nothing."""
        with self._changed:
            if self._every:
                self._changed.wait_for(lambda: self._shot is None or self._closed)
            if self._closed:
                return
            if self._shot is not None:
                self._dropped += 1
            self._shot = shot
            self._changed.notify_all()

    def take(self, timeout: float | None = None) -> tuple[Shot, int] | None:
        """The newest frame, and how many were dropped since the last one; None after `timeout` seconds, or where it is closed
        and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._shot is not None or self._closed, timeout)
            if self._shot is None:
                return None
            taken, dropped = self._shot, self._dropped
            self._shot, self._dropped = None, 0
            self._changed.notify_all()
            return taken, dropped

    def close(self, *, empty: bool = False) -> None:
        """No more frames come; with `empty` the one that waits is not wanted either. Idempotent."""
        with self._changed:
            self._closed = True
            if empty:
                self._shot = None
            self._changed.notify_all()

    @property
    def over(self) -> bool:
        """Closed, and empty."""
        with self._changed:
            return self._closed and self._shot is None


def now() -> float:
    """The clock of captured frames and latencies, seconds."""
    return time.monotonic()
