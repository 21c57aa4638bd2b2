"""A run: readers, a desk, stations with their workers, and the outcomes in the order in which they come.

Only the thread that iterates over `outcomes` hears of anything; it alone writes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from queue import Empty, Queue
from threading import Event, Lock, Thread

from backend.ask import Asker, Question
from backend.batch.desk import ATTEMPTS, Desk
from backend.batch.readers import Readers, Skipped, Wish
from backend.batch.station import Station, is_trouble
from backend.batch.work import Job, Outcome, Source
from backend.engine.remote.refusal import Unreachable
from backend.errors import QuestionCancelled, SightlineError, UsageError
from backend.scene import Picture
from backend.spatial.known_camera import GivenCamera

GLANCE_S = 0.1
"""Between two looks at whether something came, or somebody wants it to end."""

MOST_NEWS = 512
"""Outcomes that wait to be written: files that cannot be read are told faster than a slow disk takes them."""

CameraOf = Callable[[tuple[int, int]], GivenCamera | None]
"""What the user says of the camera of a picture of that size."""


class Run:
    """One run over the sources. `start` it, then drain `outcomes`; `stop` and `abandon` may be called from there."""

    def __init__(
        self,
        askers: Sequence[Asker],
        sources: Iterable[Source],
        wish: Wish,
        camera_of: CameraOf,
        *,
        workers: int,
        readers: int = 2,
    ) -> None:
        """`workers`: how many pictures each model is asked about at once."""
        self.stations = tuple(Station(asker) for asker in askers)
        self.retries = 0
        """Attempts that brought nothing and were made again."""
        self._wish, self._camera_of = wish, camera_of
        self._desk = Desk([station.name for station in self.stations])
        self._news: Queue[Outcome | BaseException] = Queue(MOST_NEWS)
        self._stopping = Event()
        self._counting = Lock()
        self._readers = Readers(sources, wish, self._desk, self._news.put, self._news.put, readers)
        self._workers = [
            Thread(target=self._run, args=(station,), name=f"batch-{station.name}-{number}", daemon=True)
            for station in self.stations
            for number in range(workers)
        ]

    @property
    def skipped(self) -> Skipped:
        """What was done before."""
        return self._readers.skipped

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def start(self) -> None:
        self._readers.start()
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Take on nothing more; what is being answered is finished."""
        self._stopping.set()
        self._desk.stop()

    def abandon(self) -> None:
        """Stop at once; what was being answered has no outcome."""
        self.stop()
        for station in self.stations:
            station.abandon()

    def outcomes(self) -> Iterator[Outcome | None]:
        """Each as it comes, and None now and then while none does; ends when all is done or was stopped.

        Raises what a station was set aside for where none is left, and what went wrong in a thread.
        """
        while True:
            over = not any(worker.is_alive() for worker in self._workers)
            try:
                news = self._news.get(not over, GLANCE_S)
            except Empty:
                if not over:
                    yield None
                    continue
                if not self.stopping and all(station.aside is not None for station in self.stations):
                    self.stop()
                    raise self.stations[0].aside or QuestionCancelled("cancelled") from None
                return
            if isinstance(news, BaseException):
                self.stop()
                raise news
            yield news

    def close(self) -> None:
        """Free the models."""
        self.abandon()
        for station in self.stations:
            station.close()

    # In the workers' threads

    def _run(self, station: Station) -> None:
        try:
            while True:
                while (job := self._desk.take(station.name)) is not None:
                    again: Job | None = None
                    try:
                        again = self._answer(station, job)
                    finally:
                        self._desk.done(station.name, job, again)
                    if station.aside is not None:
                        self._desk.retire(station.name)
                if self._desk.over(min(station.revive_s, threading.TIMEOUT_MAX)):
                    return
                station.revive()
                self._desk.reopen(station.name)
        except BaseException as error:  # noqa: BLE001 (raised again by whoever waits for outcomes)
            self._news.put(error)
            self._desk.stop()

    def _answer(self, station: Station, job: Job) -> Job | None:
        """Tell the outcomes; what is left of the job to be tried again."""
        self._stopping.wait(station.pause_s)
        if self.stopping:
            return None
        started = time.monotonic()
        try:
            camera = self._camera_of(_size(job.pictures[0]))
        except UsageError as error:  # a calibration that cannot be of this picture
            for item in job.items:
                self._news.put(Outcome(item, job.source, job.stamp, error))
            return None
        ends = station.ask([self._question(item.question, job.pictures, camera) for item in job.items])
        seconds = time.monotonic() - started
        left, worst = [], 0
        for item, end in zip(job.items, ends, strict=True):
            if isinstance(end, QuestionCancelled):
                continue
            if isinstance(end, SightlineError) and is_trouble(end):
                counted = not isinstance(end, Unreachable) and station.aside is None
                if station.aside is not None or not counted or job.attempts + 1 < ATTEMPTS:
                    left.append(item)
                    worst = max(worst, int(counted))
                    continue
            self._news.put(Outcome(item, job.source, job.stamp, end, seconds, station.name))
        if not left:
            return None
        with self._counting:
            self.retries += len(left)
        return replace(
            job, items=tuple(left), attempts=min(job.attempts + worst, ATTEMPTS - 1), failed_at=job.failed_at | {station.name}
        )

    def _question(self, text: str, pictures: tuple[Picture, ...], camera: GivenCamera | None) -> Question:
        parameters = self._wish.parameters
        return Question(
            text,
            pictures,
            parameters.task,
            max_tokens=parameters.max_tokens,
            thinking_tokens=parameters.thinking_tokens,
            seed=parameters.seed,
            second_looks=parameters.second_looks,
            camera=camera,
            passing=True,
        )


def _size(picture: Picture) -> tuple[int, int]:
    return picture.width, picture.height
