"""The journal: every answer with the pictures it is about, in one SQLite file.

A connection lives for one call. That costs a fraction of a millisecond, needs no rule about threads, and heals itself
when the file is moved away under a running app. The journal is a convenience: whoever uses it shows `JournalUnavailable`
and carries on.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.answer import Answer
from backend.errors import SightlineError
from backend.memory.migrations import Unfit, bring_up_to_date
from backend.sanitise import one_line, quoted

PATIENCE = 5.0
"""Seconds to wait for another process that is writing; its writes take milliseconds."""


class JournalUnavailable(SightlineError):
    """The journal cannot be read or written. Answers are given all the same."""

    def __init__(self, path: Path, reason: str, *, cure: str) -> None:
        super().__init__(f"the journal {quoted(path)} cannot be used: {reason}", cure=cure)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One answer from the journal."""

    id: int
    when: datetime
    """In UTC."""
    question: str
    answer: dict[str, Any]
    """The published JSON (`Answer.as_dict`) as it was on that day."""


def default_path() -> Path:
    """Where this user's journal lies."""
    import platformdirs

    return platformdirs.user_data_path("sightline") / "journal.db"


class Journal:
    """The answers in one file, which is made when it is first needed. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def record(self, answer: Answer) -> int:
        """Keep an answer; returns its id."""
        when = datetime.now(UTC).isoformat(timespec="milliseconds")
        text = json.dumps(answer.as_dict())
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            row = connection.execute(
                "INSERT INTO answers (asked_at, question, answer) VALUES (?, ?, ?) RETURNING id",
                (when, _storable(answer.question), text),
            ).fetchone()
            connection.executemany(
                "INSERT INTO pictures (sha256, answer) VALUES (?, ?)",
                [(sha256, row[0]) for sha256 in {picture.sha256 for picture in answer.pictures}],
            )
            connection.execute("COMMIT")
        return int(row[0])

    def recent_questions(self, limit: int) -> list[str]:
        """The last `limit` different questions, newest first."""
        with self._opened() as connection:
            rows = connection.execute("SELECT question FROM answers GROUP BY question ORDER BY max(id) DESC LIMIT ?", (limit,))
            return [row[0] for row in rows]

    def answers_about(self, sha256: str) -> list[StoredAnswer]:
        """Everything that was asked about the picture with this hash, newest first."""
        with self._opened() as connection:
            rows = connection.execute(
                "SELECT id, asked_at, question, answers.answer FROM answers JOIN pictures ON pictures.answer = answers.id"
                " WHERE sha256 = ? ORDER BY id DESC",
                (sha256,),
            ).fetchall()
        return [StoredAnswer(row[0], datetime.fromisoformat(row[1]), row[2], json.loads(row[3])) for row in rows]

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection with today's tables. What goes wrong inside becomes JournalUnavailable; nothing stays half written."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)) as connection:
                bring_up_to_date(connection)
                yield connection
        except Unfit as error:
            raise JournalUnavailable(self.path, str(error), cure="update sightline, or move that file away") from error
        except sqlite3.Error as error:
            raise JournalUnavailable(self.path, one_line(str(error), 120), cure=_cure(error)) from error
        except OSError as error:
            raise JournalUnavailable(
                self.path, error.strerror or str(error), cure="check that its folder exists and that you may write to it"
            ) from error


def _storable(text: str) -> str:
    """Text that SQLite can hold: bytes that were no UTF-8 on the command line are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _cure(error: sqlite3.Error) -> str:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "another process is holding it; ask again when that has finished"
        case sqlite3.SQLITE_FULL:
            return "free some space on that disk"
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return "move that file away; a new journal is begun"
    return "check that you may read and write the file and its folder"
