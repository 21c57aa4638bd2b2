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
_UNLISTED = ".ts"
"""Folders hold more TypeScript than MPEG transport streams: such a film is opened where it is named."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a file list."""

    path: Path
    is_folder: bool


def is_picture(path: str | Path) -> bool:
    """Whether the name is a picture's."""
    return Path(path).suffix.lower() in SUFFIXES


def is_film(path: str | Path) -> bool:
    """Whether the name is a film's."""
    return Path(path).suffix.lower() in FILM_SUFFIXES


def looks_like_film(name: str) -> bool:
    """Whether a folder offers the file of that name as a film."""
    return is_film(name) and not name.lower().endswith(_UNLISTED)


def pictures_in(folder: str | Path, hidden: bool = False) -> list[Path]:
    """The pictures directly in `folder`, in natural order; with `hidden` also those whose name begins with a dot."""
    return [entry.path for entry in entries(folder, hidden) if not entry.is_folder]


def entries(folder: str | Path, hidden: bool = False, *, films: bool = False) -> list[Entry]:
    """Folders first, then pictures (and films, where they are wanted), each in natural order."""
    found = []
    try:
        with os.scandir(folder) as scan:
            for item in scan:
                if hidden or not item.name.startswith("."):
                    is_folder = _is_folder(item)
                    if is_folder or is_picture(item.name) or (films and looks_like_film(item.name)):
                        found.append(Entry(Path(item.path), is_folder))
    except OSError as error:
        reason = error.strerror or str(error)
        raise SightlineError(
            _("the folder {folder} cannot be listed: {reason}").format(folder=quoted(folder), reason=reason),
            cure=_("check its name and that you may read it"),
        ) from error
    return sorted(found, key=lambda entry: (not entry.is_folder, natural(entry.path.name)))


def natural(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """A sorting key in which runs of digits count as numbers and case matters only between otherwise equal names."""
    parts = re.findall(r"([0-9]+)|([^0-9]+)", name.casefold())
    return tuple((0, int(digits), "") if digits else (1, 0, text) for digits, text in parts), name


def _is_folder(item: os.DirEntry[str]) -> bool:
    """A link to a folder is one; a link that leads nowhere, or in a circle, is not."""
    try:
        return item.is_dir()
    except OSError:
        return False
