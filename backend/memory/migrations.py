"""The journal's tables, step by step. A step that was ever released is never edited: a new one follows it.

`PRAGMA user_version` counts the steps a file has been through; a file with more of them than are known here comes from a
newer sightline and is left alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from backend.memory.filing import file_every_answer

APPLICATION_ID = 0x5349474C
"""“SIGL” in the file's header, so that another program's database is recognised before anything is written to it."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: what it is for, the statements that take it, and what then fills new tables from what is there."""

    name: str
    statements: tuple[str, ...]
    fill: Callable[[sqlite3.Connection], None] | None = None


MIGRATIONS = (
    Migration(
        "answers, and the pictures they are about",
        (
            f"PRAGMA application_id = {APPLICATION_ID}",
            "CREATE TABLE answers"
            " (id INTEGER PRIMARY KEY, asked_at TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL)",
            "CREATE TABLE pictures (sha256 TEXT NOT NULL, answer INTEGER NOT NULL REFERENCES answers ON DELETE CASCADE,"
            " PRIMARY KEY (sha256, answer)) WITHOUT ROWID",
            "CREATE INDEX answers_by_question ON answers (question)",
        ),
    ),
    Migration(
        "places, their visits, and what was seen in which picture, with words to find it by",
        (
            # `path` holds bytes, as file names are; NULL for standard input. `time`: seconds into a film, −1 for a picture.
            "CREATE TABLE views (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, time REAL NOT NULL DEFAULT -1, path BLOB,"
            " width INTEGER NOT NULL, height INTEGER NOT NULL, seen_at TEXT NOT NULL, clock TEXT NOT NULL, thumbnail BLOB,"
            " camera TEXT,"
            " UNIQUE (sha256, time))",
            "CREATE TABLE findings (id INTEGER PRIMARY KEY, answer INTEGER NOT NULL REFERENCES answers ON DELETE CASCADE,"
            " view INTEGER NOT NULL REFERENCES views ON DELETE CASCADE, kind TEXT NOT NULL, name TEXT NOT NULL,"
            " label TEXT NOT NULL, place TEXT NOT NULL, confidence REAL)",
            "CREATE INDEX findings_by_view ON findings (view)",
            "CREATE INDEX findings_by_answer ON findings (answer)",
            "CREATE TABLE claims (id INTEGER PRIMARY KEY, answer INTEGER NOT NULL REFERENCES answers ON DELETE CASCADE,"
            " subject TEXT NOT NULL, relation TEXT NOT NULL, object TEXT NOT NULL, negated INTEGER NOT NULL, ruling TEXT)",
            "CREATE INDEX claims_by_answer ON claims (answer)",
            "CREATE VIRTUAL TABLE words USING fts5 (label, tokenize = 'porter unicode61')",
            "CREATE TRIGGER forget_words AFTER DELETE ON findings BEGIN DELETE FROM words WHERE rowid = old.id; END",
            "CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE)",
            "CREATE TABLE visits (id INTEGER PRIMARY KEY, place INTEGER NOT NULL REFERENCES places ON DELETE CASCADE,"
            " began TEXT NOT NULL, ended TEXT NOT NULL)",
            "CREATE INDEX visits_by_place ON visits (place, began)",
            "CREATE TABLE visit_views (visit INTEGER NOT NULL REFERENCES visits ON DELETE CASCADE,"
            " view INTEGER NOT NULL REFERENCES views ON DELETE CASCADE, PRIMARY KEY (visit, view)) WITHOUT ROWID",
            "CREATE INDEX visits_by_view ON visit_views (view)",
        ),
        file_every_answer,
    ),
    Migration(
        "sessions of the app: what was asked in them as it happens, and where their user was",
        (
            # `opened` and `view` are JSON. `left_at`: NULL while it is open, and where it was killed. `dropped_at`: deleted,
            # while that can be undone.
            "CREATE TABLE sessions (key TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', opened TEXT NOT NULL,"
            " model TEXT NOT NULL, began_at TEXT NOT NULL, used_at TEXT NOT NULL, view TEXT NOT NULL DEFAULT '{}',"
            " left_at TEXT, dropped_at TEXT)",
            "CREATE INDEX sessions_by_use ON sessions (used_at DESC)",
            "CREATE INDEX sessions_by_opened ON sessions (opened, used_at DESC)",
            # `chosen`: JSON, which branches are shown.
            "CREATE TABLE conversations (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
            " session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, chosen TEXT NOT NULL DEFAULT '{}',"
            " ended_at TEXT)",
            "CREATE INDEX conversations_by_session ON conversations (session)",
            "CREATE TABLE conversation_pictures (conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,"
            " place INTEGER NOT NULL, path BLOB NOT NULL, PRIMARY KEY (conversation, place)) WITHOUT ROWID",
            "CREATE INDEX conversations_by_path ON conversation_pictures (path)",
            "CREATE TABLE exchanges (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
            " conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,"
            " parent TEXT REFERENCES exchanges (id) ON DELETE SET NULL, asked_at TEXT NOT NULL, question TEXT NOT NULL,"
            " outcome TEXT NOT NULL, body TEXT NOT NULL)",
            "CREATE INDEX exchanges_by_conversation ON exchanges (conversation)",
            "CREATE INDEX exchanges_by_parent ON exchanges (parent)",
            "CREATE TABLE exchange_files (exchange INTEGER NOT NULL REFERENCES exchanges ON DELETE CASCADE,"
            " place INTEGER NOT NULL, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, sha256 TEXT NOT NULL,"
            " PRIMARY KEY (exchange, place)) WITHOUT ROWID",
            "CREATE INDEX exchanges_by_file ON exchange_files (sha256)",
            "CREATE VIRTUAL TABLE exchange_words USING fts5 (question, answer, tokenize = 'porter unicode61')",
            "CREATE TRIGGER forget_exchange_words AFTER DELETE ON exchanges"
            " BEGIN DELETE FROM exchange_words WHERE rowid = old.number; END",
        ),
    ),
    Migration(
        "studies of a session's pictures: what was followed, compared or measured in the app",
        (
            # `pictures`, `files` (size, time of change, hash of each) and `body` are JSON.
            "CREATE TABLE studies (number INTEGER PRIMARY KEY, session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,"
            " kind TEXT NOT NULL, pictures TEXT NOT NULL, files TEXT NOT NULL, made_at TEXT NOT NULL, body TEXT NOT NULL,"
            " UNIQUE (session, kind, pictures))",
        ),
    ),
)


class Unfit(Exception):
    """A database that this version must not touch; the message says why, in the middle of a sentence."""


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Take the steps that the file has not been through. `connection` must be in autocommit mode.

    Two processes may come here at once: the version is asked again under the write lock.
    """
    if _version(connection) < len(MIGRATIONS):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for migration in MIGRATIONS[_version(connection) :]:
                for statement in migration.statements:
                    connection.execute(statement)
                if migration.fill is not None:
                    migration.fill(connection)
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    _let_readers_and_a_writer_work_at_once(connection)


def _let_readers_and_a_writer_work_at_once(connection: sqlite3.Connection) -> None:
    """Switch the file to write-ahead logging, which it then keeps."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # SQLite does not wait for the lock that the switch needs; whoever opens the file next tries again.
        if error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY):
            raise


def _version(connection: sqlite3.Connection) -> int:
    """How many steps the file has been through; refuses files that are not this journal's or are ahead of this program."""
    version, owner, tables = connection.execute(  # one statement: another process may be making the tables right now
        "SELECT user_version, application_id, (SELECT count(*) FROM sqlite_master)"
        " FROM pragma_user_version, pragma_application_id"
    ).fetchone()
    if owner != APPLICATION_ID and (version or tables):
        raise Unfit("it is the database of another program")
    if version > len(MIGRATIONS):
        raise Unfit(f"it was written by a newer sightline (format {version}; this one knows {len(MIGRATIONS)})")
    return int(version)
