"""Pictures read ahead of the models: sources that are not done yet are decoded in threads and handed in at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock, Thread

from backend.batch.desk import Desk
from backend.batch.kept import Kept, State
from backend.batch.work import Item, Job, Outcome, Parameters, Source, Stamp
from backend.catalog.card import ModelCard
from backend.errors import SightlineError
from backend.media.folder import is_film
from backend.scene import Picture


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of every source, and what of it is there already."""

    questions: tuple[str, ...]
    parameters: Parameters
    kept: Kept
    retry_failed: bool
    card: ModelCard
    """For which a film's frames are chosen."""


@dataclass(slots=True)
class Skipped:
    """Items that were not asked again."""

    answered: int = 0
    failed: int = 0
    listed: int = 0
    """Sources that were looked at so far."""


class Readers:
    """Threads that share one listing. `tell` hears of pictures that cannot be read, `crash` of what should not happen."""

    def __init__(
        self,
        sources: Iterable[Source],
        wish: Wish,
        desk: Desk,
        tell: Callable[[Outcome], None],
        crash: Callable[[BaseException], None],
        threads: int = 2,
    ) -> None:
        self.skipped = Skipped()
        self._wish, self._desk, self._tell, self._crash = wish, desk, tell, crash
        self._seen: set[bytes] = set()
        self._todo = self._unanswered(sources)
        self._lock = Lock()
        """Guards the listing."""
        self._threads = [Thread(target=self._run, name=f"batch-reader-{n}", daemon=True) for n in range(threads)]
        self._running = threads

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def _run(self) -> None:
        try:
            while True:
                with self._lock:
                    job = next(self._todo, None)
                if job is None or not self._hand_in(job):
                    break
        except BaseException as error:  # noqa: BLE001 (raised again by whoever waits for outcomes)
            self._crash(error)
        finally:
            with self._lock:
                self._running -= 1
                last = self._running == 0
            if last:
                self._desk.close()

    def _hand_in(self, job: Job) -> bool:
        """False where no more are wanted."""
        try:
            if job.source.problem is not None:
                raise job.source.problem
            pictures = self._pictures(job.source)
        except SightlineError as error:
            for item in job.items:
                self._tell(Outcome(item, job.source, job.stamp, error))
            return True
        items = tuple(item for item in job.items if not self._is_same(item, job.stamp, pictures[0]))
        if not items:
            return True
        return self._desk.put(Job(job.source, job.stamp, pictures, items))

    def _is_same(self, item: Item, stamp: Stamp, picture: Picture) -> bool:
        """Whether the file only seemed to be another than the one that was answered about."""
        kept = self._wish.kept
        if kept.state(item.key, stamp) is not State.MAYBE or not kept.is_of(item.key, picture.sha256):
            return False
        with self._lock:
            self.skipped.answered += 1
        return True

    def _pictures(self, source: Source) -> tuple[Picture, ...]:
        wish = self._wish
        if not is_film(source.path):
            from backend.media.images import load

            return (load(source.path),)
        from backend.ask.films import frames_for
        from backend.media.film import open_film

        with open_film(source.path) as film:
            return tuple(frames_for(film, wish.parameters.frames, wish.card, wish.parameters.max_tokens))

    def _unanswered(self, sources: Iterable[Source]) -> Iterator[Job]:
        """Each source that has something left to ask about it, without its pictures; drained under the lock."""
        for source in sources:
            self.skipped.listed += 1
            stamp = Stamp.of(source.path)
            if items := tuple(self._items(source, stamp, self._wish.questions)):
                yield Job(source, stamp, (), items)

    def _items(self, source: Source, stamp: Stamp, questions: Sequence[str]) -> Iterator[Item]:
        wish = self._wish
        for question in questions:
            key = wish.parameters.key(source.path, question)
            packed = bytes.fromhex(key)
            if packed in self._seen:
                continue  # named twice
            self._seen.add(packed)
            state = wish.kept.state(key, stamp)
            if state is State.ANSWERED:
                self.skipped.answered += 1
            elif state is State.FAILED and not wish.retry_failed:
                self.skipped.failed += 1
            else:
                yield Item(key, question)
