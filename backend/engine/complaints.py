"""The engine log's errors, newest last: what llama.cpp and its process said when something went wrong."""

from __future__ import annotations

from backend.engine.process import ENTRY, log_file
from backend.sanitise import one_line

_TAIL = 1 << 18
"""Bytes of the log that are looked at; a load writes some 60 kB."""


def recent(limit: int) -> list[str]:
    """The last errors with their time, and what was printed past the log (a failed assertion); none where there is no log."""
    try:
        with log_file().open("rb") as file:
            start = file.seek(max(0, file.seek(0, 2) - _TAIL))
            lines = file.read().decode("utf-8", "replace").splitlines()[1 if start else 0 :]  # the first one may be half a line
    except OSError:
        return []
    found = []
    for line in lines:
        entry = ENTRY.fullmatch(line)
        if entry is None and _is_telling(line):
            found.append(one_line(line.strip(), 200))
        elif entry is not None and entry["level"] in ("ERROR", "CRITICAL"):
            found.append(one_line(f"{line[:19]} {entry['message']}", 200))
    return found[-limit:]


def _is_telling(line: str) -> bool:
    """Of what is no log entry, the lines of a traceback say less than its last one, and blank ones nothing."""
    return bool(line.strip()) and not line.startswith((" ", "Traceback"))
