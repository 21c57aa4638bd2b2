"""What a folder offers to look at: pictures by suffix, in the order a person expects (2.png before 10.png).

Suffixes only, because a file list must not open a thousand files; `images.load` looks at the contents.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import overload

from backend.errors import SightlineError
from backend.language import _
from backend.sanitise import quoted

SUFFIXES = frozenset(
    f".{ending}"
    for group in (
        "jpg jpeg jpe jfif mpo",
        "png",
        "webp",
        "gif",
        "tif tiff",
        "bmp dib",
        "heic heif hif avif",
        "jp2 j2k",
        "ico qoi",
        "pbm pgm ppm pnm",
    )
    for ending in group.split()
)
"""Of files that are taken for pictures, in lower case."""

FILM_SUFFIXES = frozenset(
    f".{ending}"
    for group in (
        "mp4 m4v mov qt 3gp 3g2",
        "mkv webm",
        "avi divx",
        "ts mts m2ts",
        "mpg mpeg m2v vob",
        "flv wmv asf ogv mxf",
        "h264 264 hevc h265 265 ivf y4m mjpeg mjpg",
    )
    for ending in group.split()
)
"""Of files that are taken for films, in lower case."""
_DIGITS = re.compile("([0-9]+)")
_END = "\0"
"""Behind a sorting key comes the name itself, which cannot hold it."""
_RUN = 4096
"""Names that are sorted in one call."""
_UNLISTED = ".ts"
"""Folders hold more TypeScript than MPEG transport streams: such a film is opened where it is named."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a file list."""

    place: str
    """The path, as `str(Path(…))` writes it."""
    is_folder: bool

    @property
    def path(self) -> Path:
        return Path(self.place)

    @property
    def name(self) -> str:
        return self.place.rpartition(os.sep)[2]


class Listing(Sequence[Entry]):
    """The lines of a file list, of which those alone are made that are looked at: a hundred thousand objects take longer to
    make than their names to sort, and the garbage collector's passes over them would hold up the event loop."""

    def __init__(self, places: Sequence[str], folders: int = 0, folded: Sequence[str] | None = None) -> None:
        """`places`: of all, of the folders first; `folders`: how many these are; `folded`: their names, if they are known."""
        self._places = places
        self.folders = folders
        if folded is not None:
            self.folded = folded

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Entry: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Entry]: ...

    def __getitem__(self, at: int | slice) -> Entry | Sequence[Entry]:
        numbers = range(len(self._places))[at]
        if isinstance(numbers, range):
            return [self[number] for number in numbers]
        return Entry(self._places[numbers], numbers < self.folders)

    def __iter__(self) -> Iterator[Entry]:
        return (Entry(place, number < self.folders) for number, place in enumerate(self._places))

    @cached_property
    def folded(self) -> Sequence[str]:
        """All names in the form in which they are compared whatever their case."""
        return [place.rpartition(os.sep)[2].casefold() for place in self._places]

    @property
    def files(self) -> int:
        """How many are no folders."""
        return len(self._places) - self.folders

    def at(self, place: str) -> int | None:
        """Where the entry of that place is; None where there is none."""
        try:
            return self._places.index(place)
        except ValueError:
            return None

    def below(self, folder: str) -> Listing:
        """With another folder before all others."""
        return Listing([folder, *self._places], self.folders + 1)

    def followed_by(self, file: str) -> Listing:
        """With another file behind all others."""
        return Listing([*self._places, file], self.folders)

    def containing(self, text: str) -> Listing:
        """Those whose name contains it, whatever its case."""
        wanted, folded, places = text.casefold(), self.folded, self._places
        passing = [number for number, name in enumerate(folded) if wanted in name]
        chosen, names = [places[number] for number in passing], [folded[number] for number in passing]
        return Listing(chosen, bisect_left(passing, self.folders), names)

    def without(self, number: int) -> Listing:
        """All but the entry there."""
        rest = [*self._places[:number], *self._places[number + 1 :]]
        return Listing(rest, self.folders - (number < self.folders))


def is_picture(path: str | Path) -> bool:
    """Whether the name is a picture's."""
    return _suffix(path) in SUFFIXES


def is_film(path: str | Path) -> bool:
    """Whether the name is a film's."""
    return _suffix(path) in FILM_SUFFIXES


def _suffix(path: str | Path) -> str:
    return _ending(path.name if isinstance(path, Path) else path.rpartition(os.sep)[2])


def _ending(name: str) -> str:
    """`Path.suffix` of a file's name in lower case, without making a path."""
    dot = name.rfind(".")
    return name[dot:].lower() if 0 < dot < len(name) - 1 else ""


def looks_like_film(name: str) -> bool:
    """Whether a folder offers the file of that name as a film."""
    return is_film(name) and not name.lower().endswith(_UNLISTED)


def pictures_in(folder: str | Path, hidden: bool = False) -> list[Path]:
    """The pictures directly in `folder`, in natural order; with `hidden` also those whose name begins with a dot."""
    return [entry.path for entry in entries(folder, hidden) if not entry.is_folder]


def entries(folder: str | Path, hidden: bool = False, *, films: bool = False) -> list[Entry]:
    """Folders first, then pictures (and films, where they are wanted), each in natural order."""
    return list(listing(folder, hidden, films=films))


def listing(folder: str | Path, hidden: bool = False, *, films: bool = False) -> Listing:
    """The same, without an object for each. Made in a thread, it never keeps the interpreter for long."""
    inner: list[str] = []
    found: list[str] = []
    within = "" if str(Path(folder)) == os.curdir else str(Path(folder)).removesuffix(os.sep) + os.sep
    try:
        with os.scandir(folder) as scan:
            for item in scan:
                name = item.name
                if name.startswith(".") and not hidden:
                    continue
                if _is_folder(item):
                    inner.append(natural(name))
                elif _ending(name) in SUFFIXES or (films and looks_like_film(name)):
                    found.append(natural(name))
    except OSError as error:
        reason = error.strerror or str(error)
        raise SightlineError(
            _("the folder {folder} cannot be listed: {reason}").format(folder=quoted(folder), reason=reason),
            cure=_("check its name and that you may read it"),
        ) from error
    return Listing([within + key.rpartition(_END)[2] for group in (inner, found) for key in _sorted(group)], len(inner))


def _sorted(keys: list[str]) -> list[str]:
    """Sorted in short calls: one that sorts a hundred thousand names would keep every other thread, and so the event loop,
    waiting for a tenth of a second. Of two runs that lie one behind the other `sorted` merges what is there."""
    runs = [sorted(keys[at : at + _RUN]) for at in range(0, len(keys), _RUN)] or [[]]
    while len(runs) > 1:
        pairs = [sorted(one + other) for one, other in zip(runs[0::2], runs[1::2], strict=False)]
        runs = [*pairs, *runs[2 * len(pairs) :]]
    return runs[0]


def natural(name: str) -> str:
    """A sorting key in which runs of digits count as numbers and case matters only between otherwise equal names.

    A number is written as how many digits it has, and these, behind a sign that sorts before any letter. One string, since a
    hundred thousand of them are sorted four times as fast as tuples, and hold the interpreter up for that much less.
    """
    return _DIGITS.sub(_number, name.casefold()) + _END + name


def _number(digits: re.Match[str]) -> str:
    worth = digits[0].lstrip("0")
    return f"\x01{chr(len(worth))}{worth}"


def _is_folder(item: os.DirEntry[str]) -> bool:
    """A link to a folder is one; a link that leads nowhere, or in a circle, is not."""
    try:
        return item.is_dir()
    except OSError:
        return False
