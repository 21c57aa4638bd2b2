"""The pictures and films that a question is about: opened before a model is chosen, so that a wrong name costs no time."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from backend.errors import UsageError
from backend.language import _
from backend.media.folder import is_film

if TYPE_CHECKING:
    from backend.catalog.card import ModelCard
    from backend.media.film import Film
    from backend.media.film.choice import Wanted
    from backend.scene import Picture


class Sources:
    """What was named, in that order; `-` is a picture from standard input. Use it in a `with` block: films stay open."""

    def __init__(self, names: Sequence[str]) -> None:
        """Raises UnreadablePicture or UnreadableFilm for the first that cannot be read."""
        self._opened: list[Picture | Film] = []
        try:
            for name in names:
                self._opened.append(_opened(name))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the films. Idempotent."""
        from backend.scene import Picture

        for source in self._opened:
            if not isinstance(source, Picture):
                source.close()

    def pictures(self, wanted: Wanted, card: ModelCard, answer_tokens: int | None) -> tuple[Picture, ...]:
        """All of them as pictures for that model: of each film, in its place, the wanted frames, as many as fit.

        Raises UsageError where a film has no such part, and where frames are wanted and there is no film.
        """
        from backend.media.film.choice import Wanted
        from backend.scene import Picture

        if wanted != Wanted() and all(isinstance(source, Picture) for source in self._opened):
            raise UsageError(
                _("--frames, --fps, --scenes, --from and --to choose frames of a film, and no film was named"),
                cure=_("name one, or leave them out"),
            )
        others = len(self._opened) - 1
        shown: list[Picture] = []
        for source in self._opened:
            if isinstance(source, Picture):
                shown.append(source)
                continue
            from backend.ask.films import frames_for

            shown += frames_for(source, wanted, card, answer_tokens, others)
        return tuple(shown)


def _opened(name: str) -> Picture | Film:
    if name != "-" and is_film(name):
        from backend.media.film import open_film

        return open_film(name)
    from backend.media.images import load, load_bytes

    return load_bytes(sys.stdin.buffer.read(), "-") if name == "-" else load(Path(name))
