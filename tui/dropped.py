"""File paths in what is pasted: a terminal pastes the paths of files that are dropped on it, quoted as a shell would need them.

Only whole paths (from the root or from `~`) of what is there count, and only where the text holds nothing else: a question
that names a file stays a question.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from urllib.parse import unquote_to_bytes

from backend.media.folder import is_film, is_picture

_LONGEST = 1 << 18
"""Characters; nobody drops so many files, and each would be looked for."""
_LINE_ENDS = re.compile("[\r\n]+")
_CONTROLS = re.compile("[\0-\x1f\x7f-\x9f]")
_LOCAL = ("file:///", "file://localhost/")


def paths_in(text: str) -> tuple[Path, ...]:
    """The pictures, films and folders that the text consists of, in its order, each once; none where it holds anything else.

    One a line, or with blanks between them: bare, in quotes or with backslashes as shells read them, or as `file://` URIs with
    percent escapes (RFC 8089). Links are kept, unless `..` leads through one.
    """
    if len(text) > _LONGEST or not _begins_as_path(text):
        return ()
    found: list[Path] = []
    for line in filter(None, map(str.strip, _LINE_ENDS.split(text))):
        paths = _in_line(line)
        if not paths:
            return ()
        found += paths
    return tuple(dict.fromkeys(found))


def _begins_as_path(text: str) -> bool:
    """Whether it is worth looking at the disk: most of what is pasted are words."""
    return text.lstrip().lstrip("'\"").startswith(("/", "~/", "file://"))


def _in_line(line: str) -> list[Path]:
    """A line may be one path with blanks in it, which nothing quoted; else words are."""
    whole = _existing(line)
    if whole is not None:
        return [whole]
    words = line.split()
    if not all(word.startswith(_LOCAL) for word in words):  # a URI may hold an apostrophe as it is
        try:
            words = shlex.split(line)
        except ValueError:  # a quotation without an end
            return []
    paths: list[Path] = []
    for word in words:
        path = _existing(word)
        if path is None:
            return []
        paths.append(path)
    return paths


def _existing(word: str) -> Path | None:
    """The picture, film or folder at a path; None where there is none."""
    for scheme in _LOCAL:
        if word.startswith(scheme):
            word = os.fsdecode(unquote_to_bytes(word[len(scheme) - 1 :]))
            break
    if _CONTROLS.search(word) or not word.startswith(("/", "~/")):
        return None
    try:
        path = Path(word).expanduser()
        path = path.resolve() if ".." in path.parts else path
        there = path.is_dir() or ((is_picture(path) or is_film(path)) and path.is_file())
    except (OSError, ValueError, RuntimeError):  # too long, not to be encoded, no home
        return None
    return path if there and path.name else None  # a lone slash was typed
