"""Writes down what happens in a session, in a thread of its own, so that nobody who types waits for a disk.

What is put here is on the disk as soon as the write before it is done: of what comes meanwhile the newest state of each
exchange is kept, and all goes in one transaction. A stream of tokens therefore costs one sync for each state that its
caller hands over, or fewer on a slow disk, and never a queue that grows.

Where the disk does not take it, that is told once, and tried again, with everything that came since.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from backend.memory.database import JournalDamaged, JournalUnavailable, opened
from backend.memory.filing import stamp
from backend.memory.session_lock import SessionLock, lock
from backend.memory.session_rows import (
    insert_conversation,
    insert_exchange,
    insert_session,
    mark_used,
    update_exchange,
    write_view,
)
from backend.memory.session_values import FileStamp, SessionHead, StoredConversation, StoredExchange, StoredStudy
from backend.memory.study_rows import write_study

AGAIN = (2.0, 30.0)
"""Seconds until a write that failed is tried again: at first, and at most."""
REGAIN = 0.5
"""Seconds that who hears of a damaged file has to put everything once more."""
StudyKey: TypeAlias = tuple[str, tuple[Path, ...]]
"""The kind of a study, and the pictures that it is about."""
LAST = 5.0
"""Seconds that leaving may take for the last write."""


@dataclass(slots=True)
class _Pending:
    """What is not on the disk yet."""

    exchanges: dict[str, tuple[StoredConversation, StoredExchange]] = field(default_factory=dict)
    chosen: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """By the key of their conversation."""
    ended: list[str] = field(default_factory=list)
    studies: dict[StudyKey, Callable[[], StoredStudy]] = field(default_factory=dict)
    view: Mapping[str, Any] | None = None

    def __bool__(self) -> bool:
        return bool(self.exchanges or self.chosen or self.ended or self.studies or self.view is not None)

    def before(self, newer: _Pending) -> _Pending:
        """With what came after it."""
        return _Pending(
            {**self.exchanges, **newer.exchanges},
            {**self.chosen, **newer.chosen},
            [*self.ended, *newer.ended],
            {**self.studies, **newer.studies},
            newer.view if newer.view is not None else self.view,
        )


class SessionWriter:
    """Keeps one session. Its methods return at once and may be called from any thread."""

    def __init__(
        self, path: Path, head: SessionHead, *, is_there: bool = False, on_trouble: Callable[[JournalUnavailable], None]
    ) -> None:
        """`is_there`: the session is in the file already, and its caller has locked it; one that begins here is locked before
        it is there. `on_trouble` is called in the writer's thread."""
        self._path = path
        self._head = head
        self._made = is_there
        self._lock: SessionLock | None = None
        """Of a session that began here."""
        self._known: set[str] = set()
        """Exchanges that are in the file."""
        self._on_trouble = on_trouble
        self._pending = _Pending()
        self._writing = False
        self._closing = False
        self._told = ""
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="session", daemon=True)
        self._thread.start()

    def knows(self, exchanges: set[str]) -> None:
        """These are in the file already; they are changed, and not made again where somebody has forgotten them."""
        with self._changed:
            self._known |= exchanges

    def put(self, conversation: StoredConversation, exchange: StoredExchange) -> None:
        """How an exchange stands now. Of `conversation` its key and pictures count; the files are looked at in the thread."""
        self._add(_Pending({exchange.id: (replace(conversation, exchanges=()), exchange)}))

    def put_again(self, exchanges: Sequence[tuple[StoredConversation, StoredExchange]]) -> None:
        """Everything that there is, once more and in this order, what is followed before what follows it: the file was
        damaged, and all of it goes into a new one. Studies are put as ever."""
        everything = {exchange.id: (replace(conversation, exchanges=()), exchange) for conversation, exchange in exchanges}
        with self._changed:
            waiting = self._pending.exchanges
            self._pending.exchanges = {**everything, **{key: both for key, both in waiting.items() if key not in everything}}
            self._changed.notify_all()

    def put_view(self, view: Mapping[str, Any]) -> None:
        """Where the user is."""
        self._add(_Pending(view=view))

    def put_chosen(self, conversation: str, chosen: Mapping[str, str]) -> None:
        """Which branches of a conversation are shown (`StoredConversation.chosen`)."""
        self._add(_Pending(chosen={conversation: dict(chosen)}))

    def put_study(self, key: StudyKey, make: Callable[[], StoredStudy]) -> None:
        """Something was found out about pictures. `make` is called in the writer's thread, as its result may be large."""
        self._add(_Pending(studies={key: make}))

    def end_conversation(self, conversation: str) -> None:
        """The user begins another one about its pictures."""
        self._add(_Pending(ended=[conversation]))

    def flush(self, seconds: float = LAST) -> bool:
        """Wait until all is on the disk that was put so far; False where it could not be written in that time."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._pending or self._writing), seconds)

    def close(self) -> None:
        """Write what is left, and that the session was left in good order. Takes no longer than `LAST`."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(LAST)
        if self._lock is not None and not self._thread.is_alive():
            self._lock.release()

    def _add(self, new: _Pending) -> None:
        with self._changed:
            self._pending = self._pending.before(new)
            self._changed.notify_all()

    # --- in the thread

    def _work(self) -> None:
        wait = AGAIN[0]
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or self._closing)
                taken, self._pending, last = self._pending, _Pending(), self._closing
                self._writing = True
            error = self._write(taken, last=last)
            with self._changed:
                self._writing = False
                if error is None:
                    self._told = ""
                elif not last:
                    self._pending = taken.before(self._pending)
                self._changed.notify_all()
            if last:
                return
            if error is None:
                wait = AGAIN[0]
                continue
            if str(error) != self._told:
                self._told = str(error)
                self._on_trouble(error)
            damaged = isinstance(error, JournalDamaged)  # put aside: what is in the app goes into a new one, the oldest first
            with self._changed:
                self._changed.wait_for(lambda: self._closing, REGAIN if damaged else wait)
            wait = min(AGAIN[1], wait * 2)

    def _write(self, taken: _Pending, *, last: bool) -> JournalUnavailable | None:
        """In one transaction: all of it or nothing."""
        if not taken and not self._made:  # a session in which nothing happened
            return None
        for key, (conversation, exchange) in taken.exchanges.items():
            if key not in self._known and not exchange.files:
                files = tuple(map(FileStamp.of, conversation.pictures))
                taken.exchanges[key] = (conversation, replace(exchange, files=files))
        if not self._made and self._lock is None:
            self._lock = lock(self._path, self._head.key)
        try:
            with opened(self._path) as connection:
                connection.execute("BEGIN IMMEDIATE")
                made = self._write_rows(connection, taken)
                mark_used(connection, self._head.key, datetime.now(UTC), left=last)
                connection.execute("COMMIT")
        except JournalUnavailable as error:
            if isinstance(error, JournalDamaged):
                self._made = False
                self._known.clear()
            return error
        self._made = True
        with self._changed:
            self._known |= made
        return None

    def _write_rows(self, connection: sqlite3.Connection, taken: _Pending) -> set[str]:
        """Returns the exchanges that are in the file from now on."""
        with self._changed:
            new = [both for both in taken.exchanges.values() if both[1].id not in self._known]
            known = [exchange for _, exchange in taken.exchanges.values() if exchange.id in self._known]
        if (
            new or taken.studies or not self._made
        ):  # a question that is asked after everything was forgotten begins the session again
            insert_session(connection, self._head)
        for conversation, exchange in new:
            insert_exchange(connection, insert_conversation(connection, self._head.key, conversation), exchange)
        for exchange in known:
            update_exchange(connection, exchange)
        for key, chosen in taken.chosen.items():
            connection.execute("UPDATE conversations SET chosen = ? WHERE key = ?", (json.dumps(chosen), key))
        for key in taken.ended:
            connection.execute("UPDATE conversations SET ended_at = ? WHERE key = ?", (stamp(datetime.now(UTC)), key))
        for make in taken.studies.values():
            write_study(connection, self._head.key, make())
        if taken.view is not None:
            write_view(connection, self._head.key, taken.view)
        return {exchange.id for _, exchange in new}
