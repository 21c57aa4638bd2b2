"""Sessions: found, opened by one program at a time, listed, renamed and forgotten. What happens in one is written by
`backend.memory.session_writer`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backend.errors import UsageError
from backend.language import _
from backend.memory.database import opened as database
from backend.memory.filing import spaced, stamp, storable
from backend.memory.session_lock import SessionLock, is_open, lock
from backend.memory.session_rows import HEAD, conversations_of, head_of, interrupt, paths_as_text
from backend.memory.session_values import SessionHead, SessionSummary, StoredSession
from backend.memory.study_rows import studies_of
from backend.sanitise import one_line

UNDO = timedelta(seconds=10)
"""For how long a session that was deleted in the app can be had back."""
_WORTH_LISTING = (
    "dropped_at IS NULL AND (name != '' OR EXISTS"
    " (SELECT 1 FROM conversations JOIN exchanges ON conversation = conversations.number WHERE session = sessions.key)"
    " OR EXISTS (SELECT 1 FROM studies WHERE session = sessions.key))"
)
"""Sessions in which nothing was asked or studied resume like all others, but there is nothing to list of them."""


class NoSuchSession(UsageError):
    """A name or key that no session has. Exit code 2."""

    def __init__(self, name: str, near: Sequence[str] = ()) -> None:
        cure = _("sightline sessions list shows them")
        if near:
            cure = _("did you mean {names}?").format(names=", ".join(one_line(one, 40) for one in near))
        super().__init__(_("there is no session “{name}”").format(name=one_line(name, 60)), cure=cure)


class SessionInUse(UsageError):
    """Another program works in that session. Exit code 2."""

    def __init__(self, head: SessionHead) -> None:
        super().__init__(
            _("the session “{name}” is open in another terminal").format(name=one_line(title(head), 60)),
            cure=_("leave it there first"),
        )


@dataclass(slots=True)
class OpenSession:
    """A session that is this program's until its lock is released."""

    head: SessionHead
    lock: SessionLock | None = None
    """None of a new one, which nobody else knows of: the writer takes it before that changes."""
    resumed: bool = False
    """It was there before."""


def title(head: SessionHead) -> str:
    """What a session is called: by its user, else by what it was opened on."""
    return head.name or ", ".join(path.name or str(path) for path in head.opened) or head.key


class Sessions:
    """The sessions in the journal's file. Every method raises JournalUnavailable where that cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    # --- opening

    def begin(self, paths: Sequence[Path], model: str = "") -> OpenSession:
        """A new session. Nothing of it is on the disk before something happens in it."""
        return OpenSession(SessionHead.new(tuple(paths), model))

    def resume_last(self, paths: Sequence[Path]) -> OpenSession | None:
        """The last session that was opened on just these paths; None where there is none, or others work in it.

        Of several that were killed at once (the machine went down) each program that is started gets one.
        """
        if not self.path.exists():
            return None
        with database(self.path) as connection:
            rows = connection.execute(
                f"SELECT {HEAD} FROM sessions WHERE opened = ? AND dropped_at IS NULL ORDER BY used_at DESC LIMIT 20",
                (paths_as_text(paths),),
            ).fetchall()
        for place, head in enumerate(map(head_of, rows)):
            if (place == 0 or head.left is None) and (held := self._held(head.key)) is not None:
                return held
        return None

    def resume(self, name: str) -> OpenSession:
        """The session of that name or key; `latest`: the last one. Raises NoSuchSession and SessionInUse."""
        head = self.find(name)
        held = self._held(head.key)
        if held is None:
            raise SessionInUse(head)
        return held

    def take_up(self, session: OpenSession) -> StoredSession:
        """What was said in a session that is resumed. What was running in it was interrupted. Raises NoSuchSession where it was
        forgotten meanwhile."""
        with self._writing() as connection:
            interrupt(connection, session.head.key)
            connection.execute("UPDATE sessions SET left_at = NULL WHERE key = ?", (session.head.key,))
        return self.load(session.head.key)

    def _held(self, key: str) -> OpenSession | None:
        """Take a session, and look at it again once nobody else can write to it. Nothing is written: the app starts with
        this, and a disk may be slow."""
        if (mine := lock(self.path, key)) is None:
            return None
        try:
            with database(self.path) as connection:
                row = connection.execute(f"SELECT {HEAD} FROM sessions WHERE key = ? AND dropped_at IS NULL", (key,)).fetchone()
        except BaseException:
            mine.release()
            raise
        if row is None:
            mine.release()
            return None
        return OpenSession(head_of(row), mine, resumed=True)

    # --- finding

    def find(self, name: str) -> SessionHead:
        """By its name, by its key or the beginning of it, or `latest`. Raises NoSuchSession."""
        import difflib

        if not self.path.exists():
            raise NoSuchSession(name)
        with database(self.path) as connection:
            rows = [
                head_of(row)
                for row in connection.execute(
                    f"SELECT {HEAD} FROM sessions WHERE dropped_at IS NULL AND ("
                    "? = 'latest' OR key = ? OR name = ? COLLATE NOCASE OR (length(?) > 2 AND substr(key, 1, length(?)) = ?))"
                    f" ORDER BY {_WORTH_LISTING} DESC, used_at DESC LIMIT 20",
                    (name, name, storable(name), name, name, name),
                )
            ]
            exact = [head for head in rows if name in ("latest", head.key) or head.name.casefold() == name.casefold()]
            if exact or len(rows) == 1:
                return (exact or rows)[0]
            names = [row[0] for row in connection.execute("SELECT DISTINCT name FROM sessions WHERE name != '' LIMIT 2000")]
        raise NoSuchSession(name, [head.key for head in rows[:3]] or difflib.get_close_matches(name, names, 3))

    def load(self, key: str) -> StoredSession:
        """All of a session. Raises NoSuchSession."""
        with database(self.path) as connection:
            connection.execute("BEGIN")  # one state of it, whatever is written meanwhile
            row = connection.execute(f"SELECT {HEAD} FROM sessions WHERE key = ?", (key,)).fetchone()
            if row is None:
                raise NoSuchSession(key)
            return StoredSession(head_of(row), conversations_of(connection, key), studies_of(connection, key))

    def count(self, query: str = "") -> int:
        """How many sessions `page` would list."""
        if not self.path.exists():
            return 0
        where, values = _matching(query)
        with database(self.path) as connection:
            return int(connection.execute(f"SELECT count(*) FROM sessions WHERE {where}", values).fetchone()[0])

    def page(self, first: int = 0, most: int = 100, query: str = "") -> list[SessionSummary]:
        """Sessions in which something was asked or studied, the last used first; those that hold all words of `query`, or words
        that begin like them, in a question, an answer, their name or their paths."""
        if not self.path.exists():
            return []
        where, values = _matching(query)
        with database(self.path) as connection:
            rows = connection.execute(
                f"SELECT {HEAD},"
                " (SELECT count(*) FROM conversations JOIN exchanges ON conversation = conversations.number"
                "  WHERE session = sessions.key),"
                " (SELECT question FROM conversations JOIN exchanges ON conversation = conversations.number"
                "  WHERE session = sessions.key ORDER BY exchanges.number DESC LIMIT 1),"
                " (SELECT count(*) FROM studies WHERE session = sessions.key)"
                f" FROM sessions WHERE {where} ORDER BY used_at DESC LIMIT ? OFFSET ?",
                (*values, most, first),
            ).fetchall()
        return [SessionSummary(head_of(tuple(row[:-3])), row[-3], row[-2] or "", row[-1]) for row in rows]

    def is_open(self, key: str) -> bool:
        """Whether a program works in it."""
        return is_open(self.path, key)

    # --- changing

    def rename(self, key: str, name: str) -> None:
        """Call it something else; an empty name: by its paths again."""
        with self._writing() as connection:
            clean = " ".join(storable(name).split())
            connection.execute("UPDATE sessions SET name = ? WHERE key = ?", (clean, key))

    def drop(self, key: str) -> None:
        """Delete a session, which `restore` can take back until `purge`. Raises SessionInUse."""
        self._refuse_open(key)
        with self._writing() as connection:
            connection.execute("UPDATE sessions SET dropped_at = ? WHERE key = ?", (stamp(datetime.now(UTC)), key))

    def restore(self, key: str) -> None:
        """Take `drop` back."""
        with self._writing() as connection:
            connection.execute("UPDATE sessions SET dropped_at = NULL WHERE key = ?", (key,))

    def purge(self, older_than: timedelta = UNDO) -> int:
        """Forget the sessions that were dropped that long ago (returns how many), and those in which nothing was asked and that
        will not be resumed, because there is a later one on the same paths."""
        if not self.path.exists():
            return 0
        with self._writing() as connection:
            gone = connection.execute(
                "DELETE FROM sessions WHERE dropped_at <= ?", (stamp(datetime.now(UTC) - older_than),)
            ).rowcount
            connection.execute(
                f"DELETE FROM sessions WHERE NOT ({_WORTH_LISTING}) AND dropped_at IS NULL AND left_at IS NOT NULL AND EXISTS"
                " (SELECT 1 FROM sessions AS later WHERE later.opened = sessions.opened AND later.used_at > sessions.used_at)"
            )
            if gone:
                forget_words(connection)
        return gone

    def delete(self, *keys: str) -> int:
        """Delete sessions for good; all or, where one of them is open (SessionInUse), none. Returns how many there were."""
        for key in keys:
            self._refuse_open(key)
        if not keys:
            return 0
        with self._writing() as connection:
            gone = sum(connection.execute("DELETE FROM sessions WHERE key = ?", (key,)).rowcount for key in keys)
            forget_words(connection)
        with database(self.path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log holds what was deleted as well
        return gone

    def keys(self) -> list[str]:
        """Of all sessions, the last used first; those as well in which nothing was asked."""
        if not self.path.exists():
            return []
        with database(self.path) as connection:
            return [row[0] for row in connection.execute("SELECT key FROM sessions ORDER BY used_at DESC")]

    def _refuse_open(self, key: str) -> None:
        if self.is_open(key):
            raise SessionInUse(self.load(key).head)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with database(self.path) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")


def forget_words(connection: sqlite3.Connection) -> None:
    """Have the index forget what was deleted from it: it keeps the words of deleted rows until it is merged."""
    connection.execute("INSERT INTO exchange_words (exchange_words) VALUES ('optimize')")


def _matching(query: str) -> tuple[str, tuple[str, ...]]:
    """A condition on sessions, and its values."""
    words = "".join(char if char.isalnum() else " " for char in spaced(query)).split()
    if not words:
        return _WORTH_LISTING, ()
    match = " AND ".join(f'"{word}"*' for word in words)
    likes = " AND ".join("lower(name || ' ' || opened) LIKE ?" for _word in words)
    said = (
        "SELECT session FROM exchange_words JOIN exchanges ON exchanges.number = exchange_words.rowid"
        " JOIN conversations ON conversations.number = conversation WHERE exchange_words MATCH ?"
    )
    return f"{_WORTH_LISTING} AND (key IN ({said}) OR ({likes}))", (match, *(f"%{word}%" for word in words))
