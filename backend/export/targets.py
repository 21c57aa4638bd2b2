"""Where exports go: a file or a folder, whole or not at all, and nothing that is there is lost unasked."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.errors import UsageError
from backend.export.saving import not_saved
from backend.language import _
from backend.sanitise import quoted


def require_free(path: Path, *, folder: bool, replace: bool = False) -> None:
    """Refuse a target that cannot be written, before work is spent on it. `replace` is for files: a folder is never replaced.

    Raises UsageError.
    """
    try:
        parent_is_there, there = path.parent.is_dir(), os.path.lexists(path)
    except ValueError as error:  # a NUL in it
        raise UsageError(_("{path} can be no file").format(path=quoted(path)), cure=_("give another name")) from error
    if not parent_is_there:
        raise UsageError(
            _("{path} lies in a folder that does not exist").format(path=quoted(path)),
            cure=_("make the folder first, or give one that exists"),
        )
    if not there:
        return
    if path.is_dir():
        if not folder:
            raise UsageError(_("{path} is a folder").format(path=quoted(path)), cure=_("give the name of a file in it"))
        if any(path.iterdir()):
            raise UsageError(
                _("the folder {path} is not empty").format(path=quoted(path)), cure=_("give the name of a new folder")
            )
    elif folder:
        raise UsageError(
            _("{path} is a file, and this format makes a folder").format(path=quoted(path)),
            cure=_("give the name of a new folder"),
        )
    elif not replace:
        raise UsageError(
            _("{path} is there already").format(path=quoted(path)), cure=_("give another name, or --force to replace it")
        )


@contextmanager
def folder_at(path: Path) -> Iterator[Path]:
    """A folder to write into, beside `path`, whose place it takes when all went well; else nothing is left of it.

    Raises NotSaved.
    """
    part = path.parent / f".sightline-{secrets.token_hex(6)}.part"
    try:
        part.mkdir()
        yield part
        part.replace(path)  # an empty folder of that name gives way
    except OSError as error:
        raise not_saved(path, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
