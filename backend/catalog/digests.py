"""The SHA-256 of model files, computed once for each size and date: gigabytes are read in seconds at best."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any


def digest_of(path: Path) -> str:
    """Of the file's bytes, hexadecimal. Raises OSError."""
    state = path.stat()
    key, mark = os.path.realpath(path), [state.st_size, state.st_mtime_ns]
    known = _known()
    if key in known and known[key][:2] == mark:
        return str(known[key][2])
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    _keep({**known, key: [*mark, digest]})
    return digest


def _cache() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("sightline") / "digests.json"


def _known() -> dict[str, Any]:
    try:
        told = json.loads(_cache().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: one for key, one in told.items() if isinstance(one, list) and len(one) == 3} if isinstance(told, dict) else {}


def _keep(known: dict[str, Any]) -> None:
    """A cache: what cannot be kept is computed again."""
    with suppress(OSError):
        _cache().parent.mkdir(parents=True, exist_ok=True)
        part = _cache().with_name(f".digests-{os.getpid()}")
        part.write_text(json.dumps(known), "utf-8")
        part.replace(_cache())
