"""What outlives the app: the journal of answers, and pictures saved with their boxes. Written in threads that only post."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

from backend.answer import Answer
from backend.errors import SightlineError
from backend.memory.journal import Journal, JournalUnavailable
from backend.places.remembering import remember
from tui.preview.gallery import Gallery

if TYPE_CHECKING:
    from tui.shown_image import ShownImage

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

    def save(self, shown: ShownImage) -> None:
        """Write what is shown as a picture beside the one that it is of, or where the program was started if nothing can be
        written there."""
        self._owner.run_worker(partial(self._save, shown), thread=True, group="saving", description="save")

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

    def _save(self, shown: ShownImage) -> None:
        from backend.export.saving import save

        folder = shown.path.parent if os.access(shown.path.parent, os.W_OK) else Path.cwd()
        target = next(name for name in _names(folder, shown.stem) if not name.exists())
        try:
            save(shown.drawn(self._gallery), target)
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
