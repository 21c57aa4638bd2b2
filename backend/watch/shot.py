"""A frame that was caught and that nobody has looked at yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from backend.scene import Picture


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame of a source. Most are never looked at, so that making a Picture of it is put off until somebody does."""

    number: int
    """Of the source's frames, counted from 1; frames that are dropped count."""
    time: float
    """Seconds: of a film from its first frame, of anything else since watching began."""
    captured: float
    """When it was there to be looked at, on the clock of `time.monotonic`."""
    picture: Callable[[], Picture]
    """Raises UnreadablePicture or UnreadableFilm. May be called from another thread than the source's."""
