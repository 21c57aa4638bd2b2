"""Records on their way to a reader who may be slow: frames give way, everything else is kept and waited for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from threading import Condition, Thread

from backend.watch.records import Looked, Record

FRAMES = 8
"""Frame records that wait at most; beyond it the oldest is left out."""
KEPT = 512
"""Records of other kinds that wait before whoever puts the next one has to wait as well."""


class Outbox:
    """Writes records in their order, from a thread of its own. `put` may come from several threads."""

    def __init__(self, write: Callable[[Record], None], *, frames: int = FRAMES, kept: int = KEPT) -> None:
        """`write` may block for as long as the reader does; OSError from it means that nobody reads any more."""
        self._write = write
        self._most_frames, self._most_kept = frames, kept
        self._changed = Condition()
        self._waiting: deque[Record] = deque()
        self._closed = False
        self._withheld = 0
        """Frame records left out since the last one that was not."""
        self.withheld = 0
        """In all."""
        self.gone = False
        """The reader has gone; what comes now is thrown away."""
        self._thread = Thread(target=self._run, name="watch-outbox", daemon=True)
        self._thread.start()

    def put(self, record: Record) -> None:
        """Leave a record to be written. Waits where too much that must not be lost has not been read."""
        with self._changed:
            if isinstance(record, Looked):
                frames = [one for one in self._waiting if isinstance(one, Looked)]
                if len(frames) >= self._most_frames:
                    self._waiting.remove(frames[0])
                    self._withheld += 1
                    self.withheld += 1
            else:
                self._changed.wait_for(lambda: self._others < self._most_kept or self.gone or self._closed)
            if not self.gone:
                self._waiting.append(record)
            self._changed.notify_all()

    def close(self, timeout: float) -> bool:
        """Write what waits, for so many seconds at most; whether all was written. Wakes up whoever waits to put something."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(timeout)
        return not self._thread.is_alive() and not self.gone

    @property
    def _others(self) -> int:
        return sum(not isinstance(one, Looked) for one in self._waiting)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                record = self._waiting.popleft()
                if isinstance(record, Looked):
                    record, self._withheld = replace(record, withheld=self._withheld), 0
                self._changed.notify_all()
            try:
                self._write(record)
            except (OSError, ValueError):  # a closed pipe; a stream that was closed under us
                with self._changed:
                    self.gone = True
                    self._waiting.clear()
                    self._changed.notify_all()
                return
