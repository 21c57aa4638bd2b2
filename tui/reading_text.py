"""The text in a picture, read by a network of its own when a key asks for it; the model is not asked.

The reader is loaded when it is first wanted, in the thread that wants it, and kept. What it read becomes an answer like
any other, so that the picture, the table and the journal need not know where it came from.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING

from backend.answer import Answer, PictureRef, Timings
from backend.errors import SightlineError
from backend.events import Done, Failed
from tui.preview.gallery import Gallery

if TYPE_CHECKING:
    from backend.witness.words import WordReader

QUESTION = "Read the text"
"""What stands in the conversation for the key."""


class TextReading:
    """Reads pictures of the gallery. Safe to use from several threads."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._reader: WordReader | None = None
        self._door = Lock()

    def read(self, request: str, path: Path) -> Done | Failed:
        """The lines of text in a picture as an answer, or why there is none: the file, or the extra that is missing."""
        began = perf_counter()
        try:
            picture = self._gallery.picture(path)
            lines = self._opened().read(picture)
        except SightlineError as error:
            return Failed(request, error)
        took = Timings(total_ms=(perf_counter() - began) * 1000)
        about = (PictureRef.of(picture),)
        return Done(request, Answer(QUESTION, "text", "", about, boxes=lines, model=(("name", "RapidOCR"),), timings=took))

    def _opened(self) -> WordReader:
        with self._door:
            if self._reader is None:
                from backend.witness.words import WordReader

                self._reader = WordReader()
            return self._reader
