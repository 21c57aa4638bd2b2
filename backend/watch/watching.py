"""The whole loop: a source, somebody who looks, a way out, and how it all ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from backend.ask import Asker
from backend.errors import SightlineError
from backend.watch.errors import SourceLost
from backend.watch.following import Watched
from backend.watch.grabber import Grabber
from backend.watch.mailbox import Mailbox, now
from backend.watch.outbox import Outbox
from backend.watch.records import Ended, Reconnecting, Record, Started
from backend.watch.sources import Source
from backend.watch.watcher import Watcher

LAST_WORDS_S = 5.0
"""That a reader has to take what waits when the loop ends."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how often and how patiently."""

    budget_s: float = 1.0
    """From a frame to its answer."""
    fps: float | None = None
    """Frames a second that are taken from the source at most."""
    every: bool = False
    """No frame is dropped, however late it gets."""
    frames: int | None = None
    """After which it ends."""
    seconds: float | None = None
    """After which it ends."""
    give_up_after: float = 60.0
    """Seconds for which a source that was lost is tried again."""


class Watching:
    """One run of the loop. `run` once, in one thread; `stop` from any."""

    def __init__(self, source: Source, asker: Asker, watched: Watched, limits: Limits, write: Callable[[Record], None]) -> None:
        """`write` is called from one thread, record after record, and may block; OSError from it ends the loop."""
        self._source, self._limits = source, limits
        self._asker, self._watched = asker, watched
        self._mailbox = Mailbox(every=limits.every)
        self._outbox = Outbox(write)
        self._reconnects = 0
        self._grabber = Grabber(source, self._mailbox, self._reconnecting, fps=limits.fps, give_up_after=limits.give_up_after)
        self._watcher = Watcher(asker, watched, self._mailbox, self._put, budget_s=limits.budget_s)
        self._stopped = False
        self._ran_dry = False
        """The source had no more frames."""

    @property
    def hopeless(self) -> bool:
        """Not even the smallest frames are answered within the budget."""
        return self._watcher.hopeless

    @property
    def unread(self) -> bool:
        """The reader went away before all was written."""
        return self._outbox.gone

    def stop(self) -> None:
        """End soon, with all that is known written."""
        self._stopped = True
        self._grabber.stop()
        self._watcher.stop()

    def run(self) -> Ended:
        """Until the end, whose record is written and returned; where that is an error, it is raised afterwards."""
        limits = self._limits
        model = self._asker.model.card.name
        self._put(Started(self._source.name, model, limits.budget_s * 1000, self._watched.finds, self._watched.questions))
        self._grabber.start()
        error: SightlineError | None = None
        try:
            until = None if limits.seconds is None else now() + limits.seconds
            self._watcher.run(frames=limits.frames, until=until)
        except SightlineError as failure:
            error = failure
        self._ran_dry = self._mailbox.over and not self._stopped
        self._grabber.stop()
        self._mailbox.close(empty=True)
        error = error or (None if self._stopped else self._grabber.error)
        ended = self._ended(error)
        self._put(ended)
        self._outbox.close(LAST_WORDS_S)
        if error is not None:
            raise error
        return ended

    def _put(self, record: Record) -> None:
        self._outbox.put(record)
        if self._outbox.gone:
            self.stop()

    def _reconnecting(self, record: Reconnecting) -> None:
        self._reconnects += not record.back
        self._put(record)

    def _ended(self, error: SightlineError | None) -> Ended:
        if error is not None:
            reason = "lost" if isinstance(error, SourceLost) else "error"
        else:
            reason = "source" if self._ran_dry else "stopped"
        counts = self._watcher.counts
        return Ended(
            reason=reason,
            frames=counts.frames,
            dropped=counts.dropped,
            within_budget=counts.within_budget,
            events=counts.events,
            reconnects=self._reconnects,
            withheld=self._outbox.withheld,
            message="" if error is None else error.message,
        )
