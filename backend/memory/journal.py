"""The journal: every answer with the pictures it is about, and how what it holds is forgotten.

It is a convenience: whoever uses it shows `JournalUnavailable` and carries on.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.answer import Answer
from backend.memory.database import JournalDamaged, JournalUnavailable, default_path, opened
from backend.memory.filing import Clock, Provenance, file_answer, stamp, storable
from backend.memory.session_forgetting import forget_in_sessions, forget_sessions_before

__all__ = [
    "Earlier",
    "Journal",
    "JournalDamaged",
    "JournalUnavailable",
    "Recorded",
    "StoredAnswer",
    "default_path",
    "is_wanted",
]

SWITCH = "SIGHTLINE_MEMORY"
"""Environment variable; `off` keeps nothing."""


def is_wanted() -> bool:
    """Whether the user lets anything be kept."""
    return os.environ.get(SWITCH, "").strip().casefold() not in ("off", "0", "no", "false")


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One answer from the journal."""

    id: int
    when: datetime
    """In UTC."""
    question: str
    answer: dict[str, Any]
    """The published JSON (`Answer.as_dict`) as it was on that day."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A question that was asked before."""

    question: str
    when: datetime
    """The last time, in UTC."""
    pictures: tuple[str, ...]
    """The paths that it was about then, as they were given."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer that was kept."""

    id: int
    views: tuple[int, ...]
    """Its pictures, in their order, as `backend.memory.places` knows them."""


class Journal:
    """The answers in one file, which is made when it is first needed. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def record(self, answer: Answer, origins: Sequence[Provenance] | None = None) -> Recorded:
        """Keep an answer. `origins`: where its pictures came from, where that is known, one for each."""
        now = datetime.now(UTC)
        told = answer.as_dict()
        text = json.dumps(told)
        if origins is None:
            paths = (None if picture.path == "-" else Path(picture.path).absolute() for picture in answer.pictures)
            origins = [Provenance(path, now, Clock.ASKED) for path in paths]
        with self._writing() as connection:
            row = connection.execute(
                "INSERT INTO answers (asked_at, question, answer) VALUES (?, ?, ?) RETURNING id",
                (stamp(now), storable(answer.question), text),
            ).fetchone()
            connection.executemany(
                "INSERT INTO pictures (sha256, answer) VALUES (?, ?)",
                [(sha256, row[0]) for sha256 in {picture.sha256 for picture in answer.pictures}],
            )
            views = file_answer(connection, row[0], told, origins)
        return Recorded(int(row[0]), tuple(views))

    def recent_questions(self, limit: int) -> list[str]:
        """The last `limit` different questions, newest first."""
        with opened(self.path) as connection:
            rows = connection.execute("SELECT question FROM answers GROUP BY question ORDER BY max(id) DESC LIMIT ?", (limit,))
            return [row[0] for row in rows]

    def earlier(self, limit: int) -> list[Earlier]:
        """The last `limit` different questions with the pictures that they were about, newest first."""
        with opened(self.path) as connection:
            rows = connection.execute(
                "SELECT question, asked_at, json_extract(answer, '$.pictures')"  # as JSON: a path need not be text to SQLite
                " FROM answers JOIN (SELECT max(id) AS newest FROM answers GROUP BY question ORDER BY newest DESC LIMIT ?)"
                " ON answers.id = newest ORDER BY newest DESC",
                (limit,),
            ).fetchall()
        return [
            Earlier(row[0], datetime.fromisoformat(row[1]), tuple(str(one["path"]) for one in json.loads(row[2] or "[]")))
            for row in rows
        ]

    def answers_about(self, sha256: str) -> list[StoredAnswer]:
        """Everything that was asked about the picture with this hash, newest first."""
        with opened(self.path) as connection:
            rows = connection.execute(
                "SELECT id, asked_at, question, answers.answer FROM answers JOIN pictures ON pictures.answer = answers.id"
                " WHERE sha256 = ? ORDER BY id DESC",
                (sha256,),
            ).fetchall()
        return [StoredAnswer(row[0], datetime.fromisoformat(row[1]), row[2], json.loads(row[3])) for row in rows]

    def last(self, count: int) -> list[StoredAnswer]:
        """The last `count` answers, oldest first."""
        with opened(self.path) as connection:
            rows = connection.execute(
                "SELECT id, asked_at, question, answer FROM answers ORDER BY id DESC LIMIT ?", (count,)
            ).fetchall()
        return [StoredAnswer(row[0], datetime.fromisoformat(row[1]), row[2], json.loads(row[3])) for row in rows[::-1]]

    def forget_pictures(self, pictures: Sequence[str | Path]) -> int:
        """Forget pictures, given by SHA-256 or by path, and every answer about one of them, in sessions as well; returns how
        many answers went."""
        with self._writing() as connection:
            gone = 0
            for given in pictures:
                path = os.fsencode(Path(given).absolute())
                hashes = {
                    row[0]
                    for row in connection.execute(
                        "SELECT sha256 FROM views WHERE sha256 = ? OR path = ? OR path = ?",
                        (str(given).casefold() if isinstance(given, str) else "", path, os.fsencode(given)),
                    )
                }
                for sha256 in hashes:
                    gone += connection.execute(
                        "DELETE FROM answers WHERE id IN (SELECT answer FROM pictures WHERE sha256 = ?)", (sha256,)
                    ).rowcount
                    connection.execute("DELETE FROM views WHERE sha256 = ?", (sha256,))
                forget_in_sessions(connection, given, hashes)
            _tidy(connection)
        self._shrink()
        return gone

    def forget_before(self, when: datetime) -> int:
        """Forget the answers that are older, what was asked in sessions by then, and pictures that nothing is left of; returns
        how many answers went."""
        with self._writing() as connection:
            gone = connection.execute("DELETE FROM answers WHERE asked_at < ?", (stamp(when),)).rowcount
            connection.execute("DELETE FROM visit_views WHERE visit IN (SELECT id FROM visits WHERE ended < ?)", (stamp(when),))
            forget_sessions_before(connection, when)
            _tidy(connection)
        self._shrink()
        return gone

    def forget_everything(self) -> int:
        """Forget all answers, pictures, places, visits and sessions; returns how many answers went."""
        with self._writing() as connection:
            gone = connection.execute("DELETE FROM answers").rowcount
            connection.execute("DELETE FROM places")
            connection.execute("DELETE FROM views")
            connection.execute("DELETE FROM sessions")
        self._shrink()
        return gone

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction, committed at the end."""
        with opened(self.path) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    def _shrink(self) -> None:
        """Give the space of what was forgotten back to the disk, the log's as well.

        An index of words keeps those of deleted rows until it is merged.
        """
        with opened(self.path) as connection:
            for index in ("words", "exchange_words"):
                connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _tidy(connection: sqlite3.Connection) -> None:
    """Take away visits without views, places without visits, and pictures that no answer and no visit is about."""
    connection.execute("DELETE FROM visits WHERE id NOT IN (SELECT visit FROM visit_views)")
    connection.execute("DELETE FROM places WHERE id NOT IN (SELECT place FROM visits)")
    connection.execute(
        "DELETE FROM views WHERE id NOT IN (SELECT view FROM visit_views) AND sha256 NOT IN (SELECT sha256 FROM pictures)"
    )
