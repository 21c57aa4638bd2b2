"""Looks at one frame after another: asks, follows what was found, and tells what has happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event as Flag

from backend.answer import Answer
from backend.ask import Asker, Question
from backend.ask.showing import budget
from backend.errors import EngineFailure, ModelError, SightlineError
from backend.events import Cancelled, Done, Failed
from backend.language import _
from backend.scene import Picture
from backend.watch.following import Following, Watched, as_dict
from backend.watch.mailbox import Mailbox, now
from backend.watch.pace import Pace
from backend.watch.records import Happened, Looked, Record, wall_clock
from backend.watch.shot import Shot

FAILURES = 3
"""Frames in a row that the engine may fail at before watching ends."""
PATIENCE = 4.0
"""Budgets after which an answer is given up; never sooner than …"""
PATIENCE_S = 10.0


@dataclass(slots=True)
class Counts:
    """What came of all frames."""

    frames: int = 0
    dropped: int = 0
    within_budget: int = 0
    events: int = 0


@dataclass(slots=True)
class _Frame:
    """What was said about one frame."""

    answers: list[Answer] = field(default_factory=list)
    errors: list[SightlineError] = field(default_factory=list)


class Watcher:
    """The middle of the loop. `run` belongs to one thread, `stop` to all."""

    def __init__(
        self, asker: Asker, watched: Watched, mailbox: Mailbox, put: Callable[[Record], None], *, budget_s: float
    ) -> None:
        """`put`: where records go; it may make the watcher wait. `budget_s`: seconds from a frame to its answer."""
        self._asker, self._watched, self._mailbox, self._put = asker, watched, mailbox, put
        self._budget_s = budget_s
        self._following = Following(watched, budget_s)
        self._pace: Pace | None = None
        self._stopped = Flag()
        self._asking: tuple[str, ...] = ()
        self._failed = 0
        self.counts = Counts()

    @property
    def hopeless(self) -> bool:
        """Not even the smallest frames are answered within the budget."""
        return self._pace is not None and self._pace.hopeless

    def stop(self) -> None:
        """Look at nothing more, and give up the frame that is being looked at."""
        self._stopped.set()
        self._mailbox.close(empty=True)
        for question in self._asking:
            self._asker.cancel(question)

    def run(self, *, frames: int | None = None, until: float | None = None) -> None:
        """Until the mailbox is over, it is stopped, so many frames were looked at, or the clock of the mailbox says `until`.

        Raises EngineFailure where the engine fails at several frames in a row, ModelError where the model cannot be used.
        """
        while not self._stopped.is_set() and (frames is None or self.counts.frames < frames):
            left = None if until is None else until - now()
            if left is not None and left <= 0:
                return
            taken = self._mailbox.take(left)
            if taken is None:
                if self._mailbox.over:
                    return
                continue
            self._look(*taken)

    def _look(self, shot: Shot, dropped: int) -> None:
        """One frame, from its pixels to its records."""
        at = wall_clock() - timedelta(seconds=now() - shot.captured)
        self.counts.dropped += dropped
        tokens = 0
        said = _Frame()
        picture: Picture | None = None
        try:
            picture = shot.picture()
        except SightlineError as error:
            said.errors.append(error)
        if picture is not None:
            tokens = self._tokens(picture)
            said = self._asked(picture, tokens)
            if self._stopped.is_set():
                return
        sightings, happened = self._following.update(shot.time, picture, said.answers) if picture is not None else ((), [])
        latency = now() - shot.captured
        if self._pace is not None:
            self._pace.took(latency)
        on_time = latency <= self._budget_s and not said.errors
        self.counts.frames += 1
        self.counts.within_budget += on_time
        self.counts.events += len(happened)
        frame = Looked(
            shot.number,
            shot.time,
            at,
            latency * 1000,
            on_time,
            dropped,
            tuple(map(as_dict, sightings)),
            tuple(said.answers),
            tuple(said.errors),
            tokens,
        )
        self._put(frame)
        for event in happened:
            self._put(Happened(event, shot.number, at, latency * 1000))

    def _tokens(self, picture: Picture) -> int:
        """Image tokens that this frame is shown with."""
        if self._pace is None:
            card = self._asker.model.card.image_tokens
            self._pace = Pace(self._budget_s, budget(card, picture, closely=True), card.min)
        return self._pace.tokens

    def _asked(self, picture: Picture, tokens: int) -> _Frame:
        """Everything that is wanted of a frame, asked at once. What takes far too long is given up."""
        finds = [Question(name, (picture,), "boxes", image_tokens=tokens, passing=True) for name in self._watched.finds]
        camera = self._watched.camera
        texts = [
            Question(text, (picture,), image_tokens=tokens, passing=True, camera=camera) for text in self._watched.questions
        ]
        questions = (*finds, *texts)
        said = _Frame()
        deadline = now() + max(PATIENCE * self._budget_s, PATIENCE_S)
        self._asking = tuple(question.id for question in questions)
        for event in self._asker.ask(*questions):
            match event:
                case Done(answer=answer):
                    said.answers.append(answer)
                case Failed(error=error):
                    said.errors.append(error)
                case Cancelled() if not self._stopped.is_set():
                    reason = _("the answer was not there after {patience:.0f} s").format(
                        patience=max(PATIENCE * self._budget_s, PATIENCE_S)
                    )
                    said.errors.append(EngineFailure(reason, cure=_("allow more with --budget-ms, or use a smaller model")))
            if now() > deadline or self._stopped.is_set():
                for question in self._asking:
                    self._asker.cancel(question)
        self._asking = ()
        self._mind(said.errors)
        return said

    def _mind(self, errors: Sequence[SightlineError]) -> None:
        """Frames may fail; a model that cannot be used, or an engine that fails every time, ends the watching."""
        for error in errors:
            if isinstance(error, ModelError):
                raise error
        failure = next((error for error in errors if isinstance(error, EngineFailure)), None)
        self._failed = 0 if failure is None else self._failed + 1
        if failure is not None and self._failed >= FAILURES:
            raise failure
