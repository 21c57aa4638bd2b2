"""What was reported kept is kept: programs that are killed while they write, a full disk, two that write at once."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from backend.memory.filing import Clock, Provenance
from backend.memory.journal import Journal, JournalUnavailable
from backend.memory.places import Places
from tests.memory.test_journal import ANSWER, room_for

TIMES = 100
HERE = Provenance(Path("/photos/cat.jpg"), datetime(2026, 3, 2, tzinfo=UTC), Clock.EXIF, b"x" * 20_000)


def _child(work: Callable[[int], None]) -> tuple[int, int]:
    """A process of its own that does `work` with an open pipe; its id, and the end to read from."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with suppress(BaseException):
            work(writer)
        os._exit(1)
    os.close(writer)
    return child, reader


def _writes_for_ever(journal: Journal, turn: int) -> Callable[[int], NoReturn]:
    """Answers with a place of their own, each reported on the pipe once it is kept."""

    def work(pipe: int) -> NoReturn:
        number = 0
        while True:
            question = f"{turn}.{number}"
            recorded = journal.record(replace(ANSWER, question=question), [HERE])
            Places(journal.path).visit(f"place {turn}", recorded.views)
            os.write(pipe, f"{recorded.id} {question}\n".encode())
            number += 1

    return work


def test_nothing_that_was_reported_kept_is_lost_to_a_hundred_kills(tmp_path: Path) -> None:
    journal, rng, reported = Journal(tmp_path / "journal.db"), random.Random(1), []
    for turn in range(TIMES):
        child, pipe = _child(_writes_for_ever(journal, turn))
        with os.fdopen(pipe, "rb") as lines:
            reported.append(lines.readline())
            time.sleep(rng.uniform(0, 0.03))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            assert os.WTERMSIG(status) == signal.SIGKILL
            reported += [line for line in lines if line.endswith(b"\n")]
    with closing(sqlite3.connect(journal.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = dict(connection.execute("SELECT id, question FROM answers"))
        found = dict(connection.execute("SELECT answer, count(*) FROM findings GROUP BY answer"))
    assert len(reported) > TIMES
    for line in reported:
        number, question = line.decode().split()
        assert kept[int(number)] == question
        assert found[int(number)] == 1
    assert {one.name for one in Places(journal.path).summaries()} == {f"place {turn}" for turn in range(TIMES)}


def test_two_programs_write_places_at_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")

    def work(name: str) -> Callable[[int], None]:
        def writes(_pipe: int) -> None:
            for _ in range(25):
                Places(journal.path).visit(name, journal.record(ANSWER, [HERE]).views)
            os._exit(0)

        return writes

    children = [_child(work(name)) for name in ("kitchen", "hall")]
    for child, pipe in children:
        os.close(pipe)
        assert os.waitpid(child, 0)[1] == 0
    assert len(journal.answers_about(ANSWER.pictures[0].sha256)) == 50
    assert {(one.name, one.visits, one.views) for one in Places(journal.path).summaries()} == {
        ("kitchen", 1, 1),
        ("hall", 1, 1),
    }


def test_a_disk_that_fills_up_while_a_place_is_kept_changes_nothing(tmp_path: Path) -> None:
    places = Places(tmp_path / "journal.db")
    picture = {"sha256": "a" * 64, "width": 10, "height": 10, "time": None, "camera": None}
    places.keep("kitchen", [(picture, HERE)])
    large = replace(HERE, thumbnail=b"x" * 1_000_000)
    with room_for(200_000), pytest.raises(JournalUnavailable) as refused:
        places.keep("hall", [({**picture, "sha256": "b" * 64}, large)])
    assert "free some space" in refused.value.cure
    assert [one.name for one in places.summaries()] == ["kitchen"]
    places.keep("hall", [({**picture, "sha256": "b" * 64}, large)])
    assert {one.name for one in places.summaries()} == {"hall", "kitchen"}
