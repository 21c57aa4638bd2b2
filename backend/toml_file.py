"""A settings file read as TOML, before anything is made of what it says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from backend.errors import CatalogError, SightlineError
from backend.language import _
from backend.sanitise import one_line, quoted


def read_toml(file: Path, error: type[SightlineError] = CatalogError) -> dict[str, Any]:
    """The file's document; raises `error` where there is none to be had."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as failed:
        said = _("{file} cannot be read: {reason}").format(file=quoted(file), reason=failed.strerror)
        raise error(said, cure=_("check the file and its permissions")) from failed
    except UnicodeDecodeError as failed:
        raise error(_("{file} is not UTF-8 text").format(file=quoted(file)), cure=_("save it as UTF-8")) from failed
    except tomllib.TOMLDecodeError as failed:
        said = _("{file} is not valid TOML: {reason}").format(file=quoted(file), reason=one_line(str(failed)))
        raise error(said, cure=_("correct it in that file")) from failed
