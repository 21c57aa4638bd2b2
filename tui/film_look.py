"""What the timeline knows of a film beyond the frame that is shown: how long it is, small frames of it, and where it cuts.

Found out in a thread once the film has rested, in this order, as each takes longer than the one before; given up as soon as
something else is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Event

from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from backend.errors import SightlineError
from backend.scene import Picture

THUMBS = 24
THUMB_PIXELS = 160 * 120
"""Of one small frame; all of a film are half a million pixels."""
REST = 0.3
"""Seconds that a film must have rested: a cursor that runs through a folder opens none."""


@dataclass(frozen=True, slots=True)
class FilmKnown:
    """What is known so far."""

    film: Path
    last: float
    """When the last frame is shown, seconds."""
    fps: float
    thumbs: tuple[Picture, ...] = ()
    cuts: tuple[float, ...] = ()
    """Seconds."""


class FilmLooking:
    """Looks at one film at a time for a widget."""

    @dataclass
    class Known(Message):
        """More than before is known of the film."""

        known: FilmKnown

    def __init__(self, owner: Widget) -> None:
        self._owner = owner
        self._stop = Event()
        self._timer: Timer | None = None

    def look(self, film: Path | None) -> None:
        """At this film, soon; at none: give up."""
        self._stop.set()
        self._stop = Event()
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if film is not None:
            self._timer = self._owner.set_timer(REST, partial(self._start, film, self._stop))

    def _start(self, film: Path, stop: Event) -> None:
        work = partial(self._look, film, stop)
        self._owner.run_worker(work, thread=True, group="film", description="film")

    def _look(self, path: Path, stop: Event) -> None:
        """In a thread. What is wrong with a film is said where its frame is shown."""
        from backend.media.film import open_film
        from backend.media.film.sampling import span, uniform
        from backend.media.film.scenes import cuts

        try:
            with open_film(path) as film:
                known = FilmKnown(path, film.info.last, film.info.fps)
                self._tell(known, stop)
                thumbs: list[Picture] = []
                for picture in film.frames(uniform(span(film.info), THUMBS), THUMB_PIXELS):
                    if stop.is_set():
                        return
                    thumbs.append(picture)
                known = replace(known, thumbs=tuple(thumbs))
                self._tell(known, stop)
                found = cuts(film, stopped=stop.is_set)
                self._tell(replace(known, cuts=found), stop)
        except SightlineError:
            return

    def _tell(self, known: FilmKnown, stop: Event) -> None:
        if not stop.is_set():
            self._owner.post_message(self.Known(known))
