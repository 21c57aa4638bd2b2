"""What outlives the app: the journal of answers, and pictures saved with their boxes. Written in threads that only post."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual.message import Message
from textual.widget import Widget

from backend.answer import Answer
from backend.errors import SightlineError
from backend.memory.journal import Journal, JournalUnavailable
from backend.places.remembering import remember
from backend.scene import Finding, Intrinsics
from backend.spatial.camera import Camera
from backend.spatial.known_camera import camera_of
from tui.preview.gallery import Gallery

RECALLED = 200
"""Earlier questions within reach of the ↑ key."""


class Keeping:
    """Keeps things for a widget, which receives what became of them."""

    @dataclass
    class Recalled(Message):
        """Earlier questions, the newest last."""

        questions: list[str]

    @dataclass
    class Saved(Message):
        path: Path

    @dataclass
    class Failed(Message):
        """Something could not be kept. The app goes on without."""

        error: SightlineError

    def __init__(self, owner: Widget, gallery: Gallery, journal: Journal | None) -> None:
        self._owner = owner
        self._gallery = gallery
        self._journal = journal

    def recall(self) -> None:
        if self._journal is not None:
            self._owner.run_worker(partial(self._recall, self._journal), thread=True, group="journal", description="recall")

    def record(self, answer: Answer) -> None:
        if self._journal is not None:
            work = partial(self._record, self._journal, answer)
            self._owner.run_worker(work, thread=True, group="journal", description="record")

    def save(
        self, picture: Path, findings: tuple[Finding, ...], camera: Intrinsics | None = None, *, from_above: bool = False
    ) -> None:
        """Write `picture` with its findings beside it, or where the program was started if nothing can be written there;
        `from_above`: what its 3D boxes look like from there instead."""
        work = partial(self._save, picture, findings, camera, from_above)
        self._owner.run_worker(work, thread=True, group="saving", description="save")

    def _recall(self, journal: Journal) -> None:
        try:
            questions = journal.recent_questions(RECALLED)
        except JournalUnavailable as error:
            self._owner.post_message(self.Failed(error))
        else:
            self._owner.post_message(self.Recalled(questions[::-1]))

    def _record(self, journal: Journal, answer: Answer) -> None:
        try:
            remember(journal.path, answer)
        except JournalUnavailable as error:
            self._owner.post_message(self.Failed(error))

    def _save(self, path: Path, findings: tuple[Finding, ...], used: Intrinsics | None, from_above: bool) -> None:
        from backend.export.overlay import save_overlay
        from backend.export.topdown import save_topdown

        folder = path.parent if os.access(path.parent, os.W_OK) else Path.cwd()
        target = next(name for name in _names(folder, f"{path.stem}-above" if from_above else path.stem) if not name.exists())
        try:
            picture = self._gallery.picture(path)
            known = used or camera_of(picture).intrinsics
            camera = Camera.of(known, picture.width, picture.height)
            if from_above:
                save_topdown(target, findings, camera, known.source)
            else:
                save_overlay(target, picture, findings, camera)
        except SightlineError as error:
            self._owner.post_message(self.Failed(error))
        else:
            self._owner.post_message(self.Saved(target))


def _names(folder: Path, stem: str) -> Iterator[Path]:
    """NAME-sightline.png, NAME-sightline-2.png, …: nothing that is there is written over."""
    yield folder / f"{stem}-sightline.png"
    number = 2
    while True:
        yield folder / f"{stem}-sightline-{number}.png"
        number += 1
