"""What `sightline forget` takes out of sessions. An app that is open on one goes on; what it asks from then on is kept."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from backend.memory.filing import stamp
from backend.memory.study_rows import forget_studies


def forget_in_sessions(connection: sqlite3.Connection, given: str | Path, hashes: Collection[str]) -> None:
    """Forget every conversation and study about a picture, given by path or by SHA-256, and that anybody's cursor was on it.

    `hashes`: by which the journal knows the picture of that path.
    """
    spellings = {os.fsencode(Path(given).absolute()), os.fsencode(given)}
    known = {*hashes, str(given).casefold()}
    marks, more = ", ".join("?" * len(spellings)), ", ".join("?" * len(known))
    numbers = connection.execute(
        f"SELECT conversation FROM conversation_pictures WHERE path IN ({marks}) UNION"
        f" SELECT conversation FROM exchanges JOIN exchange_files ON exchange = exchanges.number WHERE sha256 IN ({more})",
        (*spellings, *known),
    ).fetchall()
    for (number,) in numbers:
        spellings |= {
            path
            for (path,) in connection.execute(
                "SELECT path FROM conversation_pictures JOIN exchanges USING (conversation)"
                " JOIN exchange_files ON exchange = exchanges.number AND exchange_files.place = conversation_pictures.place"
                f" WHERE conversation = ? AND sha256 IN ({more})",
                (number, *known),
            )
        }
    connection.executemany("DELETE FROM conversations WHERE number = ?", numbers)
    forget_studies(connection, {os.fsdecode(path) for path in spellings}, known)
    _leave_pictures(connection, {os.fsdecode(path) for path in spellings})


def forget_sessions_before(connection: sqlite3.Connection, when: datetime) -> None:
    """Forget what was asked and studied in sessions by then, and sessions that were used last by then."""
    connection.execute("DELETE FROM exchanges WHERE asked_at < ?", (stamp(when),))
    connection.execute("DELETE FROM conversations WHERE number NOT IN (SELECT conversation FROM exchanges)")
    connection.execute("DELETE FROM studies WHERE made_at < ?", (stamp(when),))
    connection.execute("DELETE FROM sessions WHERE used_at < ?", (stamp(when),))


def _leave_pictures(connection: sqlite3.Connection, paths: set[str]) -> None:
    """Take these out of where users were; a draft may speak of them as well, and goes."""
    for key, text in connection.execute("SELECT key, view FROM sessions").fetchall():
        view = json.loads(text)
        marked = view.get("marked") or []
        films = view.get("frames") or {}
        if view.get("picture") in paths or paths.intersection(marked) or paths.intersection(films):
            view = {name: value for name, value in view.items() if name == "folder"}
            connection.execute("UPDATE sessions SET view = ? WHERE key = ?", (json.dumps(view), key))
