"""Which frame is wanted, which are being made, and which came too late.

The wanted frame is made at once, beside one that is no longer wanted: that one is told to stop, but a picture that is being
decoded cannot be stopped, and nobody shall wait for it. Never more than two: a cursor that runs through a thousand files asks
for a thousand frames, of which the first two and the last are begun.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Event

from backend.scene import DepthMap, Finding, Intrinsics, Picture
from backend.spatial.known_camera import camera_of
from tui.preview.capabilities import Capabilities
from tui.preview.film_frames import film_of
from tui.preview.viewport import WHOLE, Viewport
from tui.preview.views import Study, View

AT_ONCE = 2
"""Frames in the making: one that cannot be stopped, and the one that is wanted."""


@dataclass(frozen=True, slots=True)
class Source:
    """One state of one file: another size or time of change is another picture."""

    path: Path
    modified_ns: int
    size: int

    @classmethod
    def of(cls, path: Path) -> Source | None:
        """None where there is no such file, or none that may be looked at; reading it will say why."""
        try:
            status = (film_of(path) or path).stat()
        except (OSError, ValueError):
            return None
        return cls(path, status.st_mtime_ns, status.st_size)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the caption says of a picture."""

    width: int
    height: int
    notes: tuple[str, ...]
    camera: Intrinsics
    """The picture's own, as far as it is known without being told."""
    depth: DepthMap | None = None
    """What is shown in its place, where that was wanted."""

    @classmethod
    def of(cls, picture: Picture, depth: DepthMap | None = None) -> Shown:
        return cls(picture.width, picture.height, picture.notes, camera_of(picture).intrinsics, depth)


@dataclass(frozen=True, slots=True)
class Signature:
    """Everything that decides how a frame looks. The file's own state is looked at when the frame is made."""

    path: Path
    columns: int
    rows: int
    findings: tuple[Finding, ...]
    selected: frozenset[int]
    capabilities: Capabilities
    revision: int = 0
    """Raised when the file should be looked at again."""
    camera: Intrinsics | None = None
    """Which the answer used; the picture's own while there is none."""
    picture: int | None = None
    """Of which of the answer's pictures findings are drawn; of all where None."""
    view: View = View.PICTURE
    """What is shown of it."""
    study: Study | None = None
    """What that view is drawn from, where it is neither the picture nor the findings."""
    viewport: Viewport = WHOLE
    """Which part of it."""


class Superseded(Exception):
    """What is being made is no longer wanted."""


class Job:
    """One frame on its way. Given up by the event loop, noticed by its thread between two steps."""

    def __init__(self, signature: Signature) -> None:
        self.signature = signature
        self._given_up = Event()

    @property
    def given_up(self) -> bool:
        return self._given_up.is_set()

    def give_up(self) -> None:
        self._given_up.set()

    def take_up(self) -> None:
        """It is wanted after all; its thread may have noticed already."""
        self._given_up.clear()

    def check(self) -> None:
        """Raises Superseded where it was given up."""
        if self._given_up.is_set():
            raise Superseded


class Desk:
    """Decides what to make next. Not thread-safe: it belongs to the event loop."""

    def __init__(self) -> None:
        self._wanted: Signature | None = None
        self._finished = True
        """Whether the wanted frame is made, or none is wanted."""
        self._jobs: list[Job] = []

    @property
    def busy(self) -> bool:
        """Whether a frame is being made."""
        return bool(self._jobs)

    @property
    def waits(self) -> bool:
        """Whether the wanted frame is not there yet."""
        return not self._finished

    def want(self, signature: Signature | None) -> Job | None:
        """Ask for a frame (None: for nothing). Returns what to start making now, if anything."""
        if signature == self._wanted:
            return None
        self._wanted, self._finished = signature, signature is None
        for job in self._jobs:
            if job.signature == signature:
                job.take_up()
            else:
                job.give_up()
        return self._next()

    def is_wanted(self, job: Job) -> bool:
        return job.signature == self._wanted and not self._finished

    def ended(self, job: Job, *, made: bool) -> tuple[bool, Job | None]:
        """A job is over, with its frame or given up: whether that is the wanted frame, and what to start making now."""
        self._jobs.remove(job)
        fresh = made and self.is_wanted(job)
        self._finished = self._finished or fresh
        return fresh, self._next()

    def _next(self) -> Job | None:
        if self._wanted is None or self._finished or len(self._jobs) >= AT_ONCE:
            return None
        if any(job.signature == self._wanted for job in self._jobs):
            return None
        job = Job(self._wanted)
        self._jobs.append(job)
        return job
