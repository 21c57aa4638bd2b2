"""Studies of a session in the database's rows: what was found out about its pictures beyond answers. Everything runs in its
caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from backend.memory.filing import stamp
from backend.memory.session_rows import paths_as_text
from backend.memory.session_values import FileStamp, StoredStudy


def write_study(connection: sqlite3.Connection, session: str, study: StoredStudy) -> None:
    """Keep a study, in place of an earlier one of its kind about the same pictures. Its files are looked at now."""
    files = [FileStamp.of(path, sha256) for path, sha256 in zip(study.pictures, study.hashes, strict=True)]
    connection.execute(
        "INSERT OR REPLACE INTO studies (session, kind, pictures, files, made_at, body) VALUES (?, ?, ?, ?, ?, ?)",
        (
            session,
            study.kind,
            paths_as_text(study.pictures),
            json.dumps([[file.size, file.modified_ns, file.sha256] for file in files]),
            stamp(study.made),
            json.dumps(study.body),
        ),
    )


def studies_of(connection: sqlite3.Connection, session: str) -> tuple[StoredStudy, ...]:
    """All of a session, in the order in which they were made."""
    rows = connection.execute(
        "SELECT kind, pictures, files, made_at, body FROM studies WHERE session = ? ORDER BY number", (session,)
    ).fetchall()
    return tuple(
        StoredStudy(
            kind,
            tuple(Path(path) for path in json.loads(pictures)),
            datetime.fromisoformat(made),
            json.loads(body),
            tuple(FileStamp(*file) for file in json.loads(files)),
        )
        for kind, pictures, files, made, body in rows
    )


def forget_studies(connection: sqlite3.Connection, paths: Collection[str], hashes: Collection[str]) -> None:
    """Forget those of which a picture lay at one of these paths, or has one of these hashes."""
    for number, pictures, files in connection.execute("SELECT number, pictures, files FROM studies").fetchall():
        if not set(json.loads(pictures)).isdisjoint(paths) or any(sha256 in hashes for *_, sha256 in json.loads(files)):
            connection.execute("DELETE FROM studies WHERE number = ?", (number,))
