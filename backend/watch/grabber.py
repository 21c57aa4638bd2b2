"""Takes frames from a source as they come, whatever the rest does; opens it again when it was lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from threading import Event, Thread

from backend.errors import SightlineError
from backend.sanitise import one_line
from backend.watch.errors import SourceLost, UnusableSource
from backend.watch.mailbox import Mailbox, now
from backend.watch.records import Reconnecting
from backend.watch.sources import Source

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 15.0
"""Between two attempts: twice as long each time, from the one to the other, and a quarter more or less by chance, so that many
programs that lost one camera do not all come back at once."""


class Grabber:
    """One source, read in a thread of its own into a mailbox, which is closed when there is nothing more to come."""

    def __init__(
        self,
        source: Source,
        mailbox: Mailbox,
        told: Callable[[Reconnecting], None],
        *,
        fps: float | None = None,
        give_up_after: float = 60.0,
    ) -> None:
        """`fps`: frames a second at most; those between are not counted as dropped. `give_up_after`: seconds for which a source
        that was lost is tried again."""
        self._source, self._mailbox, self._told = source, mailbox, told
        self._fps, self._give_up_after = fps, give_up_after
        self._due = 0.0
        self._stop = Event()
        self.error: SightlineError | None = None
        """Why there is nothing more to come, where that is not as it should be."""
        self._thread = Thread(target=self._run, name="watch-grabber", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """No more frames are wanted. Does not wait: a camera that gives nothing holds its thread for a while."""
        self._stop.set()

    def _run(self) -> None:
        try:
            self._grab()
        except SightlineError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 (nobody else would hear of it, and the watcher would wait for ever)
            self.error = UnusableSource(self._source.name, one_line(f"{type(error).__name__}: {error}", 200))
        finally:
            self._mailbox.close()

    def _grab(self) -> None:
        lost: SourceLost | None = None
        attempt, deadline = 0, 0.0
        while not self._stop.is_set():
            try:
                for shot in self._source.shots(self._stop):
                    if lost is not None:
                        self._told(Reconnecting(lost.message, attempt, 0.0, back=True))
                        lost, attempt = None, 0
                    if self._fps is None or shot.time >= self._due - 1e-6:
                        self._due = max(self._due + 1 / self._fps, shot.time) if self._fps else 0.0
                        self._mailbox.put(shot)
                    if self._stop.is_set():
                        return
                return
            except UnusableSource as error:
                if not self._source.comes_back or (lost is None and not isinstance(error, SourceLost)):
                    raise
                if lost is None:
                    deadline = now() + self._give_up_after
                lost = SourceLost.again(error)
            attempt += 1
            wait = min(FIRST_WAIT_S * 2 ** (attempt - 1), LONGEST_WAIT_S) * random.uniform(0.75, 1.25)
            if now() + wait > deadline:
                raise lost
            self._told(Reconnecting(lost.message, attempt, wait))
            self._stop.wait(wait)
