"""What a folder offers to look at: pictures by suffix, in the order a person expects (2.png before 10.png).

Suffixes only, because a file list must not open a thousand files; `images.load` looks at the contents.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

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
_UNLISTED = ".ts"
"""Folders hold more TypeScript than MPEG transport streams: such a film is opened where it is named."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a file list. A hundred thousand of them are made before the first is seen, and paths only of those that are
    looked at."""

    place: str
    """The path, as `str(Path(…))` writes it."""
    is_folder: bool

    @property
    def path(self) -> Path:
        return Path(self.place)

    @property
    def name(self) -> str:
        return self.place.rpartition(os.sep)[2]


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
    return [
        Entry(within + key.rpartition(_END)[2], is_folder)
        for group, is_folder in ((inner, True), (found, False))
        for key in sorted(group)
    ]


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
