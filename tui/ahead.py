"""Looking ahead: while the user looks at a picture and types, the model reads it, and its neighbours after it.

One picture at a time, and only while nobody waits for the model. The cursor must rest for a moment first, so that running
through a folder starts nothing; what is no longer wanted is given up at once. All state belongs to the event loop; the
thread posts what happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import uuid4

from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from backend.ask import Asker
from backend.errors import UnreadablePicture
from backend.events import Encoding, Prefilling
from backend.media.folder import is_film
from tui.preview.gallery import Gallery

REST = 0.15
"""Seconds for which the cursor must rest on a picture before the model looks at it."""


@dataclass(slots=True, eq=False)
class Look:
    """One picture being read ahead."""

    path: Path
    given_up: bool = False
    id: str = field(default_factory=lambda: uuid4().hex[:12])


class LookingAhead:
    """Reads pictures for a widget, which hears how far each is and tells `ended` when one is over."""

    @dataclass
    class Progressed(Message):
        """So many layers of the vision tower, then so many tokens of the prompt, are done."""

        look: Look
        done: int
        total: int

    @dataclass
    class Ended(Message):
        """Read, given up, or failed, which the question that comes will explain."""

        look: Look

    def __init__(self, owner: Widget, asker: Asker, gallery: Gallery) -> None:
        self._owner = owner
        self._asker = asker
        self._gallery = gallery
        self._wanted: tuple[Path, ...] = ()
        self._queue: list[Path] = []
        self._look: Look | None = None
        self._timer: Timer | None = None
        self._held = True

    def rest(self, *pictures: Path) -> None:
        """The cursor is on the first of these; the others may be next, the likeliest first. Nothing: on no picture."""
        if pictures == self._wanted:
            return
        self._wanted = pictures
        still = [path for path in pictures if not is_film(path)]  # which frames of a film are asked about is not known yet
        self._queue = [path for path in still if self._look is None or self._look.given_up or path != self._look.path]
        self._give_up_unless(pictures[0] if pictures else None)
        self._soon()

    def hold(self, asked: Path | None = None) -> None:
        """Somebody waits for the model: nothing new is begun. What is being read goes on if it is the picture asked about."""
        self._held = True
        self._queue = [path for path in self._queue if path != asked]
        self._give_up_unless(asked)
        self._soon()

    def release(self) -> None:
        """The model is free."""
        self._held = False
        self._soon()

    def ended(self, look: Look) -> None:
        """The owner has seen the end of a look: the next one may begin."""
        if look is self._look:
            self._look = None
            self._next()

    def _give_up_unless(self, path: Path | None) -> None:
        look = self._look
        if look is not None and look.path != path and not look.given_up:
            look.given_up = True
            self._asker.cancel(look.id)

    def _soon(self) -> None:
        """Begin after the next moment of rest, if anything is to be begun."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._queue and not self._held:
            self._timer = self._owner.set_timer(REST, self._next)

    def _next(self) -> None:
        if self._held or self._look is not None or not self._queue:
            return
        self._look = Look(self._queue.pop(0))
        self._owner.run_worker(partial(self._read, self._look), thread=True, group="ahead", description="look ahead")

    def _read(self, look: Look) -> None:
        """In a thread."""
        try:
            picture = self._gallery.picture(look.path)
        except UnreadablePicture:  # said where it is shown
            self._owner.post_message(self.Ended(look))
            return
        events = self._asker.prepare(picture, look.id)
        if look.given_up:  # while it was decoded, so that the asker did not know of it
            self._asker.cancel(look.id)
        for event in events:
            if isinstance(event, Encoding | Prefilling):
                self._owner.post_message(self.Progressed(look, event.done, event.total))
        self._owner.post_message(self.Ended(look))
