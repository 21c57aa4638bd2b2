"""The journal with a real file: what goes in comes out, from several threads and processes, and trouble has a name."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import sqlite3
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.answer import Answer, PictureRef
from backend.memory import database, migrations
from backend.memory.database import opened
from backend.memory.journal import Journal, JournalDamaged, JournalUnavailable
from backend.memory.migrations import MIGRATIONS
from backend.memory.recall import recall
from backend.scene import Box
from tests.nobody import unprivileged

CAT, DOG = "c" * 64, "d" * 64
ANSWER = Answer(
    question="Where is the cat?",
    task="boxes",
    text='[{"bbox_2d": [1, 2, 3, 4], "label": "cat"}]',
    pictures=(PictureRef("/photos/cat.jpg", 640, 480, CAT),),
    boxes=(Box(1, 2, 3, 4, "cat", id="b1"),),
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "data" / "journal.db")


def test_an_answer_comes_back_as_it_was(journal: Journal) -> None:
    number = journal.record(ANSWER).id
    (stored,) = journal.answers_about(CAT)
    assert (stored.id, stored.question, stored.answer) == (number, ANSWER.question, ANSWER.as_dict())
    assert timedelta(0) <= datetime.now(UTC) - stored.when < timedelta(minutes=1)
    assert journal.answers_about(DOG) == []


def test_an_answer_about_two_pictures_is_found_by_either(journal: Journal) -> None:
    both = replace(ANSWER, pictures=(*ANSWER.pictures, PictureRef("-", 1, 1, DOG), PictureRef("copy.jpg", 1, 1, DOG)))
    journal.record(ANSWER)
    number = journal.record(both).id
    assert [stored.id for stored in journal.answers_about(DOG)] == [number]
    assert [stored.id for stored in journal.answers_about(CAT)] == [number, number - 1]


def test_questions_are_recalled_once_each_newest_first(journal: Journal) -> None:
    for question in ("one", "two", "one", "three", "猫在哪里？"):
        journal.record(replace(ANSWER, question=question))
    assert journal.recent_questions(10) == ["猫在哪里？", "three", "one", "two"]
    assert journal.recent_questions(2) == ["猫在哪里？", "three"]


def test_it_outlives_the_object(journal: Journal) -> None:
    journal.record(ANSWER)
    assert Journal(journal.path).recent_questions(1) == [ANSWER.question]


def test_bytes_that_are_no_text_are_kept(journal: Journal) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    journal.record(replace(ANSWER, question="what is \udce9?", pictures=(PictureRef(name, 1, 1, CAT),)))
    assert journal.recent_questions(1) == ["what is \\udce9?"]
    assert journal.answers_about(CAT)[0].answer["pictures"][0]["path"] == name


def test_threads_write_at_once(journal: Journal) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: journal.record(ANSWER).id, range(40)))
    assert sorted(numbers) == list(range(1, 41))


def test_threads_make_it_at_once(tmp_path: Path) -> None:
    for attempt in range(20):
        new, start = Journal(tmp_path / f"{attempt}.db"), threading.Barrier(4)

        def first_write(journal: Journal, start: threading.Barrier) -> int:
            start.wait()
            return journal.record(ANSWER).id

        with ThreadPoolExecutor(4) as pool:
            numbers = [pool.submit(first_write, new, start) for _ in range(4)]
        assert sorted(number.result() for number in numbers) == [1, 2, 3, 4]


def _write(path: Path, process: int, start: multiprocessing.synchronize.Barrier) -> None:
    start.wait()
    for turn in range(25):
        Journal(path).record(replace(ANSWER, question=f"{process}.{turn}"))


def test_processes_create_and_write_it_at_once(journal: Journal) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(3)
    writers = [context.Process(target=_write, args=(journal.path, number, start)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert set(journal.recent_questions(100)) == {f"{number}.{turn}" for number in range(3) for turn in range(25)}


def test_a_journal_of_a_newer_version_is_left_alone(journal: Journal) -> None:
    journal.record(ANSWER)
    with closing(sqlite3.connect(journal.path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(JournalUnavailable, match="newer sightline") as refused:
        journal.record(ANSWER)
    assert "update sightline" in refused.value.cure
    assert str(journal.path) in str(refused.value)


def test_another_programs_database_is_left_alone(journal: Journal) -> None:
    journal.path.parent.mkdir()
    with closing(sqlite3.connect(journal.path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = journal.path.read_bytes()
    with pytest.raises(JournalUnavailable, match="another program"):
        journal.recent_questions(1)
    assert journal.path.read_bytes() == before


def test_a_file_that_is_no_database_is_put_aside(journal: Journal) -> None:
    journal.path.parent.mkdir()
    journal.path.write_text("dear diary, " * 200)
    with pytest.raises(JournalDamaged, match="not a database") as refused:
        journal.record(ANSWER)
    (aside,) = journal.path.parent.glob("journal-damaged-*.db")
    assert str(aside) in str(refused.value)
    assert aside.read_text() == "dear diary, " * 200
    assert journal.record(ANSWER).id == 1


def test_a_damaged_page_is_noticed_and_nothing_is_thrown_away(journal: Journal) -> None:
    for number in range(200):
        journal.record(replace(ANSWER, question=f"where is number {number}?"))
    with closing(sqlite3.connect(journal.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(journal.path.read_bytes())
    for start in range(4096, len(data), 4096):  # every page but the first, which says what the tables are
        data[start : start + 200] = os.urandom(200)
    journal.path.write_bytes(data)
    with pytest.raises(JournalDamaged, match="put aside as"):
        journal.recent_questions(500)
    (aside,) = journal.path.parent.glob("journal-damaged-*.db")
    assert aside.read_bytes() == bytes(data)
    assert journal.recent_questions(5) == []


def test_two_that_find_the_damage_keep_what_the_first_began(journal: Journal) -> None:
    journal.path.parent.mkdir()
    journal.path.write_bytes(b"x" * 5000)
    was = journal.path.stat().st_ino
    with pytest.raises(JournalDamaged):
        journal.record(ANSWER)
    journal.record(ANSWER)
    assert journal.path.stat().st_ino != was
    assert database._put_aside(journal.path, was) is None
    assert journal.recent_questions(5) == [ANSWER.question]


def test_only_its_user_may_read_it(journal: Journal) -> None:
    journal.record(ANSWER)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700
    journal.path.chmod(0o644)  # as versions before places made it
    with opened(journal.path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        beside = [file for file in journal.path.parent.iterdir() if file.name.endswith(("-wal", "-shm"))]
        assert beside
        assert {stat.S_IMODE(file.stat().st_mode) for file in (journal.path, *beside)} == {0o600}


def test_a_journal_of_the_first_format_is_brought_up_to_date(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.path.parent.mkdir()
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as connection:
        monkeypatch.setattr(migrations, "MIGRATIONS", MIGRATIONS[:1])
        migrations.bring_up_to_date(connection)
        monkeypatch.undo()
        old = [json.dumps(ANSWER.as_dict()), json.dumps({"pictures": [{"path": "x"}], "boxes": [{}]})]
        for text in old:
            row = ("2026-01-02T03:04:05.678+00:00", ANSWER.question, text)
            connection.execute("INSERT INTO answers (asked_at, question, answer) VALUES (?, ?, ?)", row)
        connection.execute("INSERT INTO pictures (sha256, answer) VALUES (?, 1)", (CAT,))
    assert [stored.id for stored in journal.answers_about(CAT)] == [1]
    (hit,) = recall(journal.path, "cats")
    assert (hit.label, hit.box, hit.view.path) == ("cat", Box(1, 2, 3, 4, "cat"), Path("/photos/cat.jpg"))
    assert hit.view.when == datetime(2026, 1, 2, 3, 4, 5, 678000, UTC)


def test_what_is_forgotten_is_gone_from_the_file(journal: Journal) -> None:
    journal.record(ANSWER)
    journal.record(replace(ANSWER, question="Where is the dog?", pictures=(PictureRef("/photos/dog.jpg", 640, 480, DOG),)))
    assert journal.forget_pictures(["/photos/cat.jpg"]) == 1
    assert journal.recent_questions(5) == ["Where is the dog?"]
    assert b"Where is the cat?" not in b"".join(file.read_bytes() for file in journal.path.parent.iterdir())
    assert journal.forget_pictures([DOG]) == 1
    assert recall(journal.path, "cat") == []
    journal.record(ANSWER)
    assert journal.forget_before(datetime.now(UTC) - timedelta(days=1)) == 0
    assert journal.forget_before(datetime.now(UTC) + timedelta(days=1)) == 1
    journal.record(ANSWER)
    assert journal.forget_everything() == 1
    assert journal.recent_questions(5) == []
    with opened(journal.path) as connection:
        for table in ("answers", "pictures", "views", "findings", "claims", "words"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_a_journal_that_another_process_holds(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    journal.record(ANSWER)
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert journal.recent_questions(1) == [ANSWER.question]  # readers never wait for a writer
        with pytest.raises(JournalUnavailable, match="locked") as refused:
            journal.record(ANSWER)
    assert "ask again" in refused.value.cure
    assert journal.record(ANSWER).id == 2


def test_a_place_that_may_not_be_written() -> None:
    with unprivileged(), pytest.raises(JournalUnavailable, match="ermission") as refused:
        Journal(Path("/usr/sightline/journal.db")).record(ANSWER)
    assert "write" in refused.value.cure


def test_a_journal_that_may_only_be_read(journal: Journal) -> None:
    journal.record(ANSWER)
    for folder in (journal.path.parent, *journal.path.parents[1:4]):
        folder.chmod(0o755)
    with unprivileged(), pytest.raises(JournalUnavailable) as refused:
        journal.record(ANSWER)
    assert "write" in refused.value.cure


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes: what a full disk looks like to SQLite, without filling one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_room_on_the_disk(journal: Journal) -> None:
    journal.record(ANSWER)
    with room_for(200_000), pytest.raises(JournalUnavailable) as refused:
        journal.record(replace(ANSWER, question="and this?", text="x" * 1_000_000))
    assert refused.value.cure
    assert journal.recent_questions(5) == [ANSWER.question]
    assert journal.record(ANSWER).id == 2


def test_nothing_stays_half_written(journal: Journal) -> None:
    broken = replace(ANSWER, pictures=(PictureRef("a", 1, 1, None),))  # type: ignore[arg-type]
    with pytest.raises(JournalUnavailable, match="NOT NULL"):
        journal.record(broken)
    assert journal.recent_questions(10) == []
