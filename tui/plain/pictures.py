"""The pictures and films that are open, in order, and the one that is asked about."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.catalog.card import ModelCard
from backend.errors import UsageError
from backend.language import _
from backend.media.folder import entries, is_film
from backend.sanitise import one_line, quoted
from backend.scene import Picture

PAGE = 20
"""Of a list that are told at once."""


@dataclass(slots=True)
class Pictures:
    """A list with a place in it; it may be empty."""

    paths: list[Path] = field(default_factory=list)
    at: int = 0
    _decoded: tuple[Path, int, tuple[Picture, ...]] | None = None
    """The last one, with its date: questions about it come in a row."""

    @property
    def current(self) -> Path:
        """Raises UsageError where there is none."""
        if not self.paths:
            raise UsageError(_("no picture is open"), cure=_("open one with: /open PATH"))
        return self.paths[self.at]

    @property
    def title(self) -> str:
        """What stands before what is typed."""
        return one_line(self.paths[self.at].name) if self.paths else "sightline"

    def open(self, given: Sequence[Path]) -> None:
        """Have these in place of what is open; of folders what they hold. Raises UsageError and SightlineError."""
        found: list[Path] = []
        for path in given:
            if path.is_dir():
                found += [entry.path for entry in entries(path, films=True) if not entry.is_folder]
            elif path.exists():
                found.append(path)
            else:
                raise UsageError(_("there is no file or folder {name}").format(name=quoted(path)), cure=_("check its name"))
        if not found:
            raise UsageError(
                _("there is no picture and no film in {name}").format(name=quoted(given[0])), cure=_("open another folder")
            )
        self.paths, self.at = found, 0

    def go(self, number: int) -> None:
        """To that one of the list, counted from 1. Raises UsageError."""
        if not 1 <= number <= len(self.paths):
            raise UsageError(
                _("there is no picture {number}; the list has {count}").format(number=number, count=len(self.paths)),
                cure=_("/list tells them"),
            )
        self.at = number - 1

    def step(self, by: int) -> bool:
        """So many further; False where the list has ended."""
        if not 0 <= self.at + by < len(self.paths):
            return False
        self.at += by
        return True

    def listed(self, first: int) -> Iterator[str]:
        """A page of the list from that number on."""
        for number in range(first, min(first + PAGE, len(self.paths) + 1)):
            open_ = _(", open") if number - 1 == self.at else ""
            yield f"{number}: {one_line(str(self.paths[number - 1]))}{open_}"

    def shown(self, path: Path, card: ModelCard) -> tuple[Picture, ...]:
        """What the model is shown of a file: the picture, or frames of the film. Raises SightlineError."""
        modified = path.stat().st_mtime_ns if path.exists() else 0
        if self._decoded is not None and self._decoded[:2] == (path, modified):
            return self._decoded[2]
        if is_film(path):
            from backend.ask.films import frames_for
            from backend.media.film import open_film
            from backend.media.film.choice import Wanted

            with open_film(path) as film:
                shown = tuple(frames_for(film, Wanted(), card))
        else:
            from backend.media.images import load

            shown = (load(path),)
        self._decoded = (path, modified, shown)
        return shown


def names_in(rest: str) -> list[str]:
    """What was typed behind /open, as a shell would take it. Raises UsageError for a quote that does not end."""
    try:
        names = shlex.split(rest)
    except ValueError:
        names = [rest]
    if not names:
        raise UsageError(_("no file was named"), cure=_("write /open PATH"))
    return [rest] if Path(rest).exists() else names


def beside(path: Path) -> Path:
    """NAME-sightline.png beside the picture, or here; nothing that is there is written over."""
    folder = path.parent if os.access(path.parent, os.W_OK) else Path.cwd()
    number, target = 1, folder / f"{path.stem}-sightline.png"
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-sightline-{number}.png"
    return target
