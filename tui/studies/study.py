"""What every study is to the rest of the app: a tab, rows for the table, a sentence for the status line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tui.preview.views import Study, View


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    sign: str
    """Four cells at most: a number, a track's id."""
    words: str
    """Text from outside made safe."""
    where: str = ""
    colour: tuple[int, int, int] | None = None
    """Of the sign, as in the picture; None: none."""
    lit: frozenset[int] = frozenset()
    """What stands out in the picture while the row is under the cursor, in the numbering of the study's drawing."""
    time: float | None = None
    """Where in the film it is, seconds."""
    picture: Path | None = None
    """The picture that shows it."""


class Finished(Protocol):
    """A study that was made, wholly or as far as it came."""

    @property
    def view(self) -> View:
        """The tab that shows it."""
        ...

    @property
    def pictures(self) -> tuple[Path, ...]:
        """What it is of; its tab is there while just these are looked at."""
        ...

    @property
    def rows(self) -> Sequence[Row]: ...

    @property
    def said(self) -> str:
        """One sentence: what came of it."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What had to be assumed or is missing, one sentence each."""
        ...

    @property
    def happened(self) -> Sequence[tuple[float, int]]:
        """Times of a film (seconds) at which something happened, each with the place of whom it happened to."""
        ...

    def shown_on(self, picture: Path, /) -> Path:
        """The picture that its tab shows while that one is looked at."""
        ...

    def drawn(self, picture: Path, time: float, /) -> Study | None:
        """What its tab draws on that picture, at that time of a film (seconds); None while it is not made (again) yet."""
        ...

    @property
    def kept(self) -> Mapping[str, Any]:
        """What a session keeps of it, as JSON: the result, or what it takes to make it again. May take a moment."""
        ...

    @property
    def hashes(self) -> tuple[str, ...]:
        """SHA-256 of its pictures, where they are known; else nothing."""
        ...
