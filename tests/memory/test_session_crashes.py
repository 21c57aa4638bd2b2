"""A session after a kill at any moment is a beginning of what happened; a disk that is full or a file that is damaged costs
nothing but time."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from backend.memory.database import JournalDamaged, JournalUnavailable
from backend.memory.session_values import Outcome, StoredConversation
from backend.memory.session_writer import SessionWriter
from backend.memory.sessions import Sessions
from tests.memory.test_crashes import _child
from tests.memory.test_journal import room_for
from tests.memory.test_sessions import CATS, HERE, exchange, trouble, writer_of

TIMES = 40
TOKENS = 6
"""Of each answer."""


def _lives(path: Path, pipe: int) -> NoReturn:
    """A program that asks and is answered for ever; what it waited for is reported on the pipe."""
    sessions = Sessions(path)
    session = sessions.resume_last(HERE) or sessions.begin(HERE)
    writer = writer_of(sessions, session)
    number = sessions.take_up(session).questions if session.resumed else 0
    while True:
        one = exchange(number, Outcome.RUNNING, parent=f"e{number - 1}" if number else None)
        for token in range(TOKENS):
            writer.put(CATS, replace(one, text=f"{number}." * token))
            time.sleep(0.0002)
        writer.put(CATS, replace(one, outcome=Outcome.ANSWERED, text=f"{number}." * TOKENS))
        writer.put_view({"number": number})
        if number % 3 == 0:
            assert writer.flush()
            os.write(pipe, f"{number}\n".encode())
        number += 1


def test_after_a_kill_at_any_moment_a_session_is_a_beginning_of_what_happened(tmp_path: Path) -> None:
    sessions, rng, reported = Sessions(tmp_path / "journal.db"), random.Random(3), set[int]()
    for _ in range(TIMES):
        child, pipe = _child(lambda pipe: _lives(sessions.path, pipe))
        with os.fdopen(pipe, "rb") as lines:
            first = lines.readline()
            time.sleep(rng.uniform(0, 0.03))
            os.kill(child, signal.SIGKILL)
            assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
            reported |= {int(line) for line in (first, *lines) if line.endswith(b"\n")}
        (key,) = sessions.keys()
        loaded = sessions.load(key)
        exchanges = loaded.conversations[0].exchanges
        assert [one.id for one in exchanges] == [f"e{number}" for number in range(len(exchanges))]
        assert [one.parent for one in exchanges[1:]] == [one.id for one in exchanges[:-1]]
        for number, one in enumerate(exchanges):
            whole = one.outcome is Outcome.ANSWERED
            assert whole or one.text == f"{number}." * (len(one.text) // len(f"{number}."))
            assert (one.text == f"{number}." * TOKENS) is whole
            assert number < len(exchanges) - 1 or one.outcome in (Outcome.RUNNING, Outcome.ANSWERED)
            assert whole or number not in reported
        assert len(exchanges) > max(reported)
        assert loaded.head.view["number"] <= len(exchanges) - 1
    with closing(sqlite3.connect(sessions.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_full_disk_is_told_once_and_nothing_is_lost(tmp_path: Path) -> None:
    sessions, told = Sessions(tmp_path / "journal.db"), list[JournalUnavailable]()
    session = sessions.begin(HERE)
    refused = threading.Event()

    def note(error: JournalUnavailable) -> None:
        told.append(error)
        refused.set()

    writer = SessionWriter(sessions.path, session.head, on_trouble=note)
    writer.put(CATS, exchange(1))
    assert writer.flush()
    with room_for(200_000):
        writer.put(CATS, exchange(2, text="x" * 1_000_000))
        assert refused.wait(30)
        writer.put(CATS, exchange(3))
    assert writer.flush(30)
    writer.close()
    (error,) = told
    assert "free some space" in error.cure
    assert [len(one.text) for one in sessions.load(session.head.key).conversations[0].exchanges] == [0, 1_000_000, 0]


def test_a_damaged_file_is_put_aside_and_what_is_not_written_yet_goes_into_the_next(tmp_path: Path) -> None:
    sessions, told = Sessions(tmp_path / "journal.db"), list[JournalUnavailable]()
    session = sessions.begin(HERE)
    writer = SessionWriter(sessions.path, session.head, on_trouble=told.append)
    writer.put(CATS, exchange(1))
    assert writer.flush()
    sessions.path.write_bytes(b"no database at all" * 100)
    for end in ("-wal", "-shm"):
        sessions.path.with_name(f"journal.db{end}").unlink(missing_ok=True)
    writer.put(CATS, exchange(2, parent="e1"))
    assert writer.flush()
    writer.close()
    assert [type(error) for error in told] == [JournalDamaged]
    (one,) = sessions.load(session.head.key).conversations[0].exchanges
    assert (one.id, one.parent) == ("e2", None)


def test_leaving_does_not_wait_for_a_database_that_is_locked(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "journal.db")
    told: list[JournalUnavailable] = []
    session = sessions.begin(HERE)
    writer = SessionWriter(sessions.path, session.head, on_trouble=told.append)
    writer.put(CATS, exchange(1))
    assert writer.flush()
    with closing(sqlite3.connect(sessions.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writer.put(CATS, exchange(2))
        writer.close()
    assert [one.id for one in sessions.load(session.head.key).conversations[0].exchanges] == ["e1"]
    assert told == []


def test_states_that_come_faster_than_the_disk_are_written_together(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "journal.db")
    writer = writer_of(sessions, session := sessions.begin(HERE))
    writer.put(CATS, exchange(1, Outcome.RUNNING))
    assert writer.flush()
    with closing(sqlite3.connect(sessions.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # the disk is slow
        for token in range(1000):
            writer.put(CATS, exchange(1, Outcome.RUNNING, text="x" * token))
        other.execute("ROLLBACK")
    with closing(sqlite3.connect(sessions.path)) as looking:
        before = looking.execute("PRAGMA data_version").fetchone()
        assert writer.flush()
        assert looking.execute("PRAGMA data_version").fetchone() != before
    writer.close()
    assert len(sessions.load(session.head.key).conversations[0].exchanges[0].text) == 999


def test_a_conversation_that_its_user_ended_stays_in_the_session(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "journal.db")
    writer = SessionWriter(sessions.path, (session := sessions.begin(HERE)).head, on_trouble=trouble)
    writer.put(CATS, exchange(1))
    writer.end_conversation(CATS.key)
    writer.put(StoredConversation("more cats", CATS.pictures), exchange(2))
    writer.close()
    assert [one.ended for one in sessions.load(session.head.key).conversations] == [True, False]
