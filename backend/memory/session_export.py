"""A session as one JSON document: all conversations with every branch, the answers as they were published, and studies."""

from __future__ import annotations

import json
import os
from itertools import count
from pathlib import Path
from typing import Any

from backend.errors import SightlineError
from backend.language import _
from backend.memory.session_values import StoredConversation, StoredExchange, StoredSession
from backend.sanitise import quoted

VERSION = 1
"""Of this layout; it changes only by additions."""


class SessionNotSaved(SightlineError):
    """An exported session could not be written. Exit code 5."""

    def __init__(self, path: Path, error: OSError) -> None:
        reason = error.strerror or str(error)
        super().__init__(
            _("{path} could not be saved: {reason}").format(path=quoted(path), reason=reason),
            cure=_("save to a folder that you may write to, with room left"),
        )


def as_dict(session: StoredSession) -> dict[str, Any]:
    """Times in UTC; pictures by their path; an exchange names the one it follows (`parent`)."""
    head = session.head
    return {
        "session_schema": VERSION,
        "key": head.key,
        "name": head.name,
        "opened": [str(path) for path in head.opened],
        "model": head.model,
        "began": head.began.isoformat(timespec="milliseconds"),
        "used": head.used.isoformat(timespec="milliseconds"),
        "conversations": [_conversation(one) for one in session.conversations],
        "studies": [
            {
                "kind": one.kind,
                "pictures": [str(path) for path in one.pictures],
                "made": one.made.isoformat(timespec="milliseconds"),
                "result": dict(one.body),
            }
            for one in session.studies
        ],
    }


def as_text(session: StoredSession) -> bytes:
    """The same as indented JSON in UTF-8; bytes of file names that are no UTF-8 stand as escapes."""
    return json.dumps(as_dict(session), ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n"


def write_json(session: StoredSession, folder: Path) -> Path:
    """Write a session into `folder`, under a name that no file has. Returns the file. Raises SessionNotSaved."""
    for number in count(1):
        path = folder / f"session-{session.head.key}{'' if number == 1 else f'-{number}'}.json"
        if not path.exists():
            return write_text(as_text(session), path)
    raise AssertionError("a count has no end")


def write_text(text: bytes, path: Path) -> Path:
    """Write a file that is not there yet, whole or not at all, for its user alone. Raises SessionNotSaved."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SessionNotSaved(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise SessionNotSaved(path, error) from error
    return path


def _conversation(one: StoredConversation) -> dict[str, Any]:
    return {
        "pictures": [str(path) for path in one.pictures],
        "ended": one.ended,
        "exchanges": [_exchange(exchange) for exchange in one.exchanges],
    }


def _exchange(one: StoredExchange) -> dict[str, Any]:
    return {
        "id": one.id,
        "parent": one.parent,
        "asked": one.asked.isoformat(timespec="milliseconds"),
        "question": one.question,
        "outcome": one.outcome.value,
        "text": one.text,
        "error": None if one.error is None else {"message": one.error[0], "cure": one.error[1]},
        "found_so_far": list(one.findings),
        "answer": one.answer,
    }
