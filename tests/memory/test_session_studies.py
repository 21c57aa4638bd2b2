"""Studies of a session: each comes back as it was written, in place of an earlier one, and goes with its pictures."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from backend.memory import migrations
from backend.memory.journal import Journal
from backend.memory.migrations import MIGRATIONS
from backend.memory.session_export import as_dict
from backend.memory.session_values import FileStamp, Outcome, StoredStudy
from backend.memory.sessions import Sessions
from tests.memory.test_sessions import HERE, exchange, kept, writer_of

MADE = datetime(2026, 3, 2, 8, tzinfo=UTC)
CAT = "c" * 64


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path / "data" / "journal.db")


def study(*pictures: Path, kind: str = "changes", **body: object) -> StoredStudy:
    return StoredStudy(kind, pictures, MADE, body, tuple(FileStamp(-1, 0, CAT) for _ in pictures))


def keep(sessions: Sessions, *studies: StoredStudy) -> str:
    """A session in which nothing but these happened, left again; its key."""
    session = sessions.begin(HERE, "demo")
    writer = writer_of(sessions, session)
    for one in studies:
        writer.put_study((one.kind, one.pictures), partial(replace, one))
        assert writer.flush()
    writer.close()
    return session.head.key


def test_a_study_comes_back_with_what_its_files_were(sessions: Sessions, tmp_path: Path) -> None:
    film, odd = tmp_path / "film.mp4", Path("/photos/\udcff\n猫.png")
    film.write_bytes(b"12345")
    key = keep(sessions, study(film, kind="tracks", tracks=[{"label": "杯\u202e<b>"}]), study(odd, film))
    first, second = sessions.load(key).studies
    assert (first.kind, first.pictures, first.made, first.body) == (
        "tracks",
        (film,),
        MADE,
        {"tracks": [{"label": "杯\u202e<b>"}]},
    )
    assert first.files == (FileStamp.of(film, CAT),)
    assert second.pictures == (odd, film)
    assert [file.size for file in second.files] == [-1, 5], "one of them was never there"


def test_a_later_one_of_its_kind_takes_the_place_of_an_earlier_one(sessions: Sessions) -> None:
    a, b = Path("/photos/a.png"), Path("/photos/b.png")
    key = keep(sessions, study(a, b, n=1), study(b, a, n=2), study(a, b, n=3), study(a, b, kind="stereo", n=4))
    assert [(one.kind, one.pictures, one.body["n"]) for one in sessions.load(key).studies] == [
        ("changes", (b, a), 2),
        ("changes", (a, b), 3),
        ("stereo", (a, b), 4),
    ]


def test_a_session_in_which_something_was_studied_is_listed_and_not_purged(sessions: Sessions) -> None:
    key = keep(sessions, study(Path("/photos/a.png")))
    later = keep(sessions, study(Path("/photos/b.png")))
    assert sessions.purge(timedelta(0)) == 0
    assert {one.head.key for one in sessions.page()} == {key, later}
    assert sessions.count() == 2
    assert {(one.questions, one.studies, one.last_question) for one in sessions.page()} == {(0, 1, "")}
    (told,) = as_dict(sessions.load(key))["studies"]
    assert told == {"kind": "changes", "pictures": ["/photos/a.png"], "made": "2026-03-02T08:00:00.000+00:00", "result": {}}
    sessions.delete(key)
    with closing(sqlite3.connect(sessions.path)) as connection:
        assert connection.execute("SELECT count(*) FROM studies").fetchone() == (1,)


@pytest.mark.parametrize("given", ["/photos/b.png", CAT.upper()])
def test_forgetting_a_picture_forgets_what_was_found_out_about_it(sessions: Sessions, given: str) -> None:
    one = study(Path("/photos/a.png"), Path("/photos/b.png"), label="a secret")
    other = replace(study(Path("/photos/z.png")), files=(FileStamp(-1, 0, "d" * 64),))
    key = keep(sessions, one, other)
    Journal(sessions.path).forget_pictures([given])
    assert [left.pictures for left in sessions.load(key).studies] == [(Path("/photos/z.png"),)]
    assert b"a secret" not in sessions.path.read_bytes()


def test_forgetting_what_is_old_forgets_old_studies(sessions: Sessions) -> None:
    key = keep(sessions, study(Path("/photos/a.png")), replace(study(Path("/photos/b.png")), made=MADE + timedelta(days=2)))
    Journal(sessions.path).forget_before(MADE + timedelta(days=1))
    assert [left.pictures for left in sessions.load(key).studies] == [(Path("/photos/b.png"),)]


def test_a_session_of_the_format_before_opens_and_takes_studies(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "MIGRATIONS", MIGRATIONS[:3])
    sessions.path.parent.mkdir()
    with closing(sqlite3.connect(sessions.path, isolation_level=None)) as connection:
        migrations.bring_up_to_date(connection)
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'studies'").fetchone() == (0,)
        when = "2026-01-02T03:04:05.678+00:00"
        row = ("5e55100aaaaa", json.dumps(["/photos"]), "demo", when, when)
        connection.execute("INSERT INTO sessions (key, opened, model, began_at, used_at) VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("INSERT INTO conversations (key, session) VALUES ('cats', '5e55100aaaaa')")
        connection.execute(
            "INSERT INTO exchanges (id, conversation, asked_at, question, outcome, body)"
            " VALUES ('e1', 1, ?, 'Where?', ?, '{}')",
            (when, Outcome.ANSWERED.value),
        )
    monkeypatch.undo()
    session = sessions.resume_last(HERE)
    assert session is not None
    taken = sessions.take_up(session)
    assert (taken.questions, taken.studies) == (1, ())
    writer = writer_of(sessions, session)
    writer.put_study(("changes", HERE), lambda: study(*HERE))
    writer.close()
    assert [one.kind for one in sessions.load(session.head.key).studies] == ["changes"]
    assert session.lock is not None
    session.lock.release()


def test_a_damaged_file_costs_no_study(sessions: Sessions) -> None:
    session = sessions.begin(HERE, "demo")
    writer = writer_of(sessions, session)
    writer._on_trouble = lambda _error: writer.put_study(("changes", HERE), lambda: study(*HERE))
    writer.put_study(("changes", HERE), lambda: study(*HERE))
    assert writer.flush()
    sessions.path.with_name("journal.db-wal").unlink(missing_ok=True)
    sessions.path.write_bytes(b"no database at all" * 500)
    writer.put_view({"draft": "x"})
    assert writer.flush(20)
    writer.close()
    assert len(sessions.load(session.head.key).studies) == 1


def test_questions_and_studies_of_a_session_do_not_disturb_each_other(sessions: Sessions) -> None:
    key = kept(sessions, exchange(1))
    loaded = sessions.load(key)
    assert (loaded.questions, loaded.studies) == (1, ())
