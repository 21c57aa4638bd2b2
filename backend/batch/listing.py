"""The pictures and films that were named: in folders, by patterns, in lists; given out one after the other, never all at once.

Only the names within one folder are held together, as they must be to be sorted.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from backend.batch.work import Source
from backend.errors import SightlineError, UsageError
from backend.language import _
from backend.media.folder import is_picture, looks_like_film, natural
from backend.sanitise import quoted

_MAGIC = frozenset("*?[")
_CHUNK = 1 << 16
_LONGEST_NAME = 1 << 16
"""Bytes of a line in a list; Linux has paths of 4096 at most."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What was named on the command line, checked; `sources` may be gone through more than once."""

    names: tuple[str, ...]
    recursive: bool = False

    @classmethod
    def of(cls, names: Sequence[str], *, recursive: bool = False) -> Listing:
        """Raises UsageError for a name that is neither a file, a folder nor a pattern that fits one."""
        for name in names:
            if not _exists(name) and not any(True for __ in _matching(name)):
                raise UsageError(
                    _("there is no file or folder {name}").format(name=quoted(name)),
                    cure=_("give pictures, films, folders or patterns that exist"),
                )
        return cls(tuple(names), recursive)

    def sources(self) -> Iterator[Source]:
        """Pictures and films in the order of the names; of a folder in natural order, its own before those of its folders."""
        for name in self.names:
            if _exists(name):
                yield from self.under(Path(name))
            else:
                seen: set[str] = set()  # ** follows links round in circles
                for found in sorted(_matching(name), key=natural):
                    real = os.path.realpath(found)
                    if real not in seen and Path(found).is_file():
                        seen.add(real)
                        yield Source(Path(found))

    def listed(self, file: BinaryIO) -> Iterator[Source]:
        """What a list names, as it is read: a path a line, or with NUL after each (find -print0). Blank lines are skipped."""
        for name in _names(file):
            yield from self.under(Path(os.fsdecode(name)))

    def under(self, path: Path) -> Iterator[Source]:
        """A file itself, whatever it is called; of a folder what it holds."""
        if not _is_folder(path):
            yield Source(path)
        else:
            yield from self._inside(path, frozenset())

    def _inside(self, folder: Path, above: frozenset[tuple[int, int]]) -> Iterator[Source]:
        """`above`: the folders that lead here, so that a link to one of them is not followed for ever."""
        files: list[str] = []
        folders: list[str] = []
        try:
            status = folder.stat()
            with os.scandir(folder) as scan:
                for entry in scan:
                    if entry.name.startswith("."):
                        continue
                    if _is_folder(entry):
                        folders.append(entry.name)
                    elif is_picture(entry.name) or looks_like_film(entry.name):
                        files.append(entry.name)
        except OSError as error:
            reason = error.strerror or str(error)
            yield Source(
                folder,
                SightlineError(
                    _("the folder {folder} cannot be listed: {reason}").format(folder=quoted(folder), reason=reason),
                    cure=_("check its name and that you may read it"),
                ),
            )
            return
        here = (status.st_dev, status.st_ino)
        if here in above:
            return
        for name in sorted(files, key=natural):
            yield Source(folder / name)
        for name in sorted(folders, key=natural) if self.recursive else ():
            yield from self._inside(folder / name, above | {here})


def _names(file: BinaryIO) -> Iterator[bytes]:
    """Raises UsageError where a line is longer than any path."""
    rest, end = b"", b""
    while chunk := file.read1(_CHUNK) if hasattr(file, "read1") else file.read(_CHUNK):
        rest += chunk
        end = end or (b"\0" if b"\0" in rest else b"\n" if b"\n" in rest else b"")
        if end:
            *whole, rest = rest.split(end)
            yield from _spelled(whole, end)
        if len(rest) > _LONGEST_NAME:
            raise UsageError(
                _("the list of pictures holds a line that is no path"), cure=_("give a text file with one path a line")
            )
    yield from _spelled([rest], end)


def _spelled(names: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    for name in names:
        spelled = name if end == b"\0" else name.removesuffix(b"\r")
        if spelled.strip():
            yield spelled


def _matching(pattern: str) -> Iterator[str]:
    """The names that a pattern fits, ** included; none for what is no pattern."""
    if _MAGIC & set(pattern):
        yield from glob.iglob(pattern, recursive=True)  # noqa: PTH207 (Path.glob takes no absolute pattern)


def _exists(name: str) -> bool:
    try:
        return os.path.lexists(name)
    except ValueError:  # a NUL character, which no file has in its name
        return False


def _is_folder(path: Path | os.DirEntry[str]) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
