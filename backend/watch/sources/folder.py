"""A folder into which somebody puts pictures: a camera with a card, a robot's log, a script.

It is looked through again and again, because that works on every file system, those of the network included. A file whose
size or date still changes is being written, and is waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from backend.media.folder import pictures_in
from backend.media.images import load
from backend.scene import Picture
from backend.watch.mailbox import now
from backend.watch.shot import Shot

EVERY_S = 0.1
"""Seconds between two looks."""
SETTLED_S = 0.15
"""Seconds for which a file must not have changed."""


@dataclass(slots=True)
class _Growing:
    """A file that has come, and since when it looks as it does."""

    looks: tuple[int, int]
    """Size, and date in nanoseconds."""
    since: float


class FolderSource:
    """Never ends by itself. Pictures that are there already are not new, unless each counts; one that is written anew is."""

    comes_back = False

    def __init__(self, path: Path, *, every: bool) -> None:
        self.name = str(path)
        self._path = path
        self._every = every

    def shots(self, stop: Event) -> Iterator[Shot]:
        began, number = now(), 0
        known: dict[Path, tuple[int, int]] = {} if self._every else self._looks()
        growing: dict[Path, _Growing] = {}
        while not stop.is_set():
            looks = self._looks()
            for path in list(growing):
                if path not in looks:
                    del growing[path]  # renamed, or removed before it was whole
            known = {path: seen for path, seen in known.items() if path in looks}
            for path, seen in looks.items():
                if known.get(path) == seen:
                    continue
                if path not in growing or growing[path].looks != seen:
                    growing[path] = _Growing(seen, now())
            for path in sorted((p for p, file in growing.items() if _whole(file)), key=lambda path: growing[path].since):
                known[path] = growing.pop(path).looks
                number += 1
                yield _shot(path, number, now() - began)
                if stop.is_set():
                    return
            stop.wait(EVERY_S)

    def _looks(self) -> dict[Path, tuple[int, int]]:
        found = {}
        for path in pictures_in(self._path):
            try:
                status = path.stat()
            except OSError:
                continue  # gone meanwhile
            found[path] = status.st_size, status.st_mtime_ns
        return found


def _whole(file: _Growing) -> bool:
    return file.looks[0] > 0 and now() - file.since >= SETTLED_S


def _shot(path: Path, number: int, time: float) -> Shot:
    def picture() -> Picture:
        return load(path)

    return Shot(number, time, now(), picture)
