"""A settings file read as TOML, before anything is made of what it says."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from backend.errors import CatalogError, SightlineError
from backend.sanitise import one_line, quoted


def read_toml(file: Path, error: type[SightlineError] = CatalogError) -> dict[str, Any]:
    """The file's document; raises `error` where there is none to be had."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as failed:
        raise error(f"{quoted(file)} cannot be read: {failed.strerror}", cure="check the file and its permissions") from failed
    except UnicodeDecodeError as failed:
        raise error(f"{quoted(file)} is not UTF-8 text", cure="save it as UTF-8") from failed
    except tomllib.TOMLDecodeError as failed:
        raise error(f"{quoted(file)} is not valid TOML: {one_line(str(failed))}", cure="correct it in that file") from failed
