"""Where jobs wait between those who read pictures and those who answer: so many bytes of pixels at most, whatever the number.

A job that could not be answered comes back to the end of the queue. It goes to another station where there is one, and on its
last attempt it is alone at its station: if it takes the engine down, it takes no other with it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection
from threading import Condition

from backend.batch.work import Job

MOST_BYTES = 384 << 20
"""Of pixels that wait or are asked about; one job is let in whatever it holds."""
MOST_JOBS = 256
"""That wait; small pictures take more than their pixels."""
ATTEMPTS = 3
"""That a job gets before its failure is its own."""


class Desk:
    """Jobs on their way. Safe to use from several threads."""

    def __init__(self, stations: Collection[str], *, most_bytes: int = MOST_BYTES) -> None:
        self._changed = Condition()
        self._most = most_bytes
        self._jobs: deque[Job] = deque()
        self._held = 0
        """Bytes of pixels of all jobs, those at work included."""
        self._at_work: Counter[str] = Counter()
        self._alone: set[str] = set()
        """Stations that work on a job that must be alone."""
        self._open = set(stations)
        self._more = True
        self._stopped = False

    def put(self, job: Job) -> bool:
        """Hand a job in; waits while there is no room. False where no more are wanted."""
        with self._changed:
            while not self._stopped and self._open and self._full(job.weight):
                self._changed.wait()
            if self._stopped or not self._open:
                return False
            self._jobs.append(job)
            self._held += job.weight
            self._changed.notify_all()
            return True

    def close(self) -> None:
        """No more jobs come."""
        with self._changed:
            self._more = False
            self._changed.notify_all()

    def stop(self) -> None:
        """No more jobs are wanted, and none of those that wait is given out."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def retire(self, station: str) -> None:
        """That station takes no more jobs."""
        with self._changed:
            self._open.discard(station)
            self._changed.notify_all()

    def reopen(self, station: str) -> None:
        """It takes jobs again."""
        with self._changed:
            self._open.add(station)
            self._changed.notify_all()

    def over(self, seconds: float) -> bool:
        """Whether nothing is left to do, or nobody to do it; waits for that so long."""
        with self._changed:
            return self._changed.wait_for(lambda: self._stopped or not self._open or self._done, seconds)

    @property
    def _done(self) -> bool:
        return not self._more and not self._jobs and not self._at_work.total()

    def take(self, station: str) -> Job | None:
        """The next job for that station; waits for one. None where none will come any more."""
        with self._changed:
            while True:
                if self._stopped or station not in self._open:
                    return None
                if (job := self._fitting(station)) is not None:
                    self._jobs.remove(job)
                    self._at_work[station] += 1
                    if job.attempts >= ATTEMPTS - 1:
                        self._alone.add(station)
                    return job
                if self._done:
                    return None
                self._changed.wait()

    def done(self, station: str, job: Job, again: Job | None = None) -> None:
        """The station is through with a job that it took; `again`: what is left of it to be tried once more."""
        with self._changed:
            self._at_work[station] -= 1
            self._alone.discard(station)
            self._held -= job.weight
            if again is not None:
                self._jobs.append(again)
                self._held += again.weight
            self._changed.notify_all()

    def _full(self, weight: int) -> bool:
        return self._held > 0 and (self._held + weight > self._most or len(self._jobs) >= MOST_JOBS)

    def _fitting(self, station: str) -> Job | None:
        """The first that this station may take now; one that it failed at only where no other is left."""
        if station in self._alone:
            return None
        for job in self._jobs:
            if station in job.failed_at and self._open - job.failed_at:
                continue
            if job.attempts < ATTEMPTS - 1 or not self._at_work[station]:
                return job
        return None
