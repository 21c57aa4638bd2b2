"""Frames on their way to the widget that shows them: the one that is wanted, and those that may be wanted next.

They are made in threads (`tui.preview.job.Desk` decides which); the widget hears of those alone that it still wants by then.
"""

from __future__ import annotations

from abc import abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual import on
from textual.message import Message

from backend.errors import SightlineError
from tui.preview.canvas import Frame
from tui.preview.gallery import Gallery
from tui.preview.job import Desk, Job, Shown, Signature, Superseded
from tui.widgets.closer import Closer


class FrameMaking(Closer):
    """A widget whose frames are made for it."""

    @dataclass
    class Made(Message):
        """A thread has made a frame, or found that there is none to make."""

        job: Job
        frame: Frame | None
        shown: Shown | None
        error: SightlineError | None

    @dataclass
    class Glimpsed(Message):
        """A thread shows what there is of a picture until it is decoded."""

        job: Job
        frame: Frame
        shown: Shown

    @dataclass
    class Stopped(Message):
        """A thread has stopped, because its frame was not wanted any more."""

        job: Job

    @dataclass
    class Foreseen(Message):
        """A thread is done with what may be wanted next, or has stopped."""

        job: Job

    def __init__(self, id: str, gallery: Gallery) -> None:
        super().__init__(id)
        self._gallery = gallery
        self._desk = Desk()
        self._ahead: Job | None = None
        """What is made before it is asked for."""
        self._coming: list[Path] = []
        """What may be wanted next, the likeliest first."""

    # --- what the widget that is built on this does with them

    @abstractmethod
    def made(self, signature: Signature, frame: Frame, shown: Shown, *, finished: bool) -> None:
        """Show what is wanted; one that is not `finished` stands for another that comes."""

    @abstractmethod
    def failed(self, signature: Signature, error: SightlineError) -> None:
        """Say why there is no frame."""

    @abstractmethod
    def plainly(self, path: Path) -> Signature:
        """How a picture would be shown that nothing is known of yet."""

    # --- the wanted frame

    @property
    def busy(self) -> bool:
        """Whether a frame is being made."""
        return self._desk.busy

    def want(self, signature: Signature | None) -> None:
        """Have this frame made, and nothing else before it; None: no frame is wanted."""
        if signature is not None and (self._ahead is None or signature.path != self._ahead.signature.path):
            self._call_off()
        self._start(self._desk.want(signature))

    def _start(self, job: Job | None) -> None:
        if job is not None:
            self.run_worker(partial(self._make, job), thread=True, group="preview", description="preview")

    def _make(self, job: Job) -> None:
        """In a thread: everything that takes time."""
        try:
            job.check()
            glimpsed = self._gallery.glimpse(job.signature)
            if glimpsed is not None:
                self.post_message(self.Glimpsed(job, *glimpsed))
            frame, shown = self._gallery.frame(job.signature, job.check)
        except Superseded:
            self.post_message(self.Stopped(job))
        except SightlineError as error:
            self.post_message(self.Made(job, None, None, error))
        else:
            self.post_message(self.Made(job, frame, shown, None))

    @on(Stopped)
    def _stopped(self, message: Stopped) -> None:
        message.stop()
        self._start(self._desk.ended(message.job, made=False)[1])

    @on(Glimpsed)
    def _glimpsed(self, message: Glimpsed) -> None:
        message.stop()
        if self._desk.is_wanted(message.job):
            self.made(message.job.signature, message.frame, message.shown, finished=False)

    @on(Made)
    def _arrived(self, message: Made) -> None:
        message.stop()
        fresh, following = self._desk.ended(message.job, made=True)
        self._start(following)
        if not fresh:
            return
        if message.error is not None:
            self.failed(message.job.signature, message.error)
        elif message.frame is not None and message.shown is not None:
            self.made(message.job.signature, message.frame, message.shown, finished=True)
        self._foresee()

    # --- what may be wanted next

    def prepare(self, *paths: Path) -> None:
        """Make ready what may be wanted next, the likeliest first: one at a time, and only while the wanted frame is there."""
        self._coming = list(paths)
        self._foresee()

    def _foresee(self) -> None:
        if self._ahead is not None or self._desk.waits or not self._coming:
            return
        self._ahead = Job(self.plainly(self._coming.pop(0)))
        self.run_worker(partial(self._look_ahead, self._ahead), thread=True, group="prepare", description="prepare")

    def _look_ahead(self, job: Job) -> None:
        """In a thread."""
        with suppress(SightlineError, Superseded):  # an error is said when it is shown
            self._gallery.foresee(job.signature, job.check)
        self.post_message(self.Foreseen(job))

    @on(Foreseen)
    def _foreseen(self, message: Foreseen) -> None:
        message.stop()
        self._ahead = None
        self._foresee()

    def _call_off(self) -> None:
        """Nothing ahead is worth delaying what is wanted now."""
        self._coming = []
        if self._ahead is not None:
            self._ahead.give_up()
