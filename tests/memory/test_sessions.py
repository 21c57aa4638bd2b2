"""Sessions with a real file: what is written in one comes back, whatever it is, and each is one program's at a time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.memory.journal import Journal
from backend.memory.session_lock import lock
from backend.memory.session_values import FileStamp, Outcome, StoredConversation, StoredExchange
from backend.memory.session_writer import SessionWriter
from backend.memory.sessions import NoSuchSession, OpenSession, SessionInUse, Sessions
from tests.memory.test_journal import ANSWER, CAT

HERE = (Path("/photos"),)
CATS = StoredConversation("cats", (Path("/photos/cat.jpg"),))
ASKED = datetime(2026, 3, 2, 8, tzinfo=UTC)


def exchange(number: int = 1, outcome: Outcome = Outcome.ANSWERED, **more: Any) -> StoredExchange:
    return replace(StoredExchange(f"e{number}", f"Where is cat {number}?", ASKED, outcome), **more)


def trouble(error: Exception) -> None:
    raise AssertionError(error)


def writer_of(sessions: Sessions, session: OpenSession) -> SessionWriter:
    return SessionWriter(sessions.path, session.head, is_there=session.resumed, on_trouble=trouble)


def kept(sessions: Sessions, *exchanges: StoredExchange, conversation: StoredConversation = CATS, name: str = "") -> str:
    """A session with these exchanges that was left again; its key."""
    session = sessions.begin(HERE, "demo")
    writer = writer_of(sessions, session)
    for one in exchanges:
        writer.put(
            replace(conversation, key=f"{conversation.key}-{session.head.key}"), replace(one, id=f"{one.id}-{session.head.key}")
        )
    writer.close()
    if name:
        sessions.rename(session.head.key, name)
    return session.head.key


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path / "data" / "journal.db")


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PATHS = (
    st.binary(min_size=1, max_size=12)
    .filter(lambda name: not {0, 47}.intersection(name))
    .map(os.fsdecode)
    .map(Path("/p").joinpath)
)
JSON = st.dictionaries(
    WORDS, st.one_of(WORDS, st.integers(), st.booleans(), st.none(), st.lists(WORDS, max_size=2)), max_size=3
)
EXCHANGES = st.builds(
    StoredExchange,
    id=st.just(""),
    question=WORDS,
    asked=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda when: when.replace(microsecond=0, tzinfo=UTC)),
    outcome=st.sampled_from(Outcome),
    files=st.lists(st.builds(FileStamp, st.integers(-1, 2**40), st.integers(0, 2**62), WORDS), min_size=1, max_size=2).map(
        tuple
    ),
    text=st.text(max_size=20),
    reasoning=st.text(max_size=20),
    findings=st.lists(JSON, max_size=2).map(tuple),
    answer=st.one_of(st.none(), st.just({**ANSWER.as_dict(), "pictures": []})),
    turn=st.tuples(st.text(max_size=9), st.text(max_size=9)),
    error=st.one_of(st.none(), st.tuples(WORDS, WORDS)),
    extras=JSON,
)
TREES = st.lists(st.tuples(EXCHANGES, st.integers(0, 20)), max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(PATHS, min_size=1, max_size=3), TREES), max_size=3), JSON, st.lists(PATHS, max_size=2))
def test_what_is_written_comes_back(
    sessions: Sessions,
    wanted: list[tuple[list[Path], list[tuple[StoredExchange, int]]]],
    view: dict[str, Any],
    opened: list[Path],
) -> None:
    session = sessions.begin(opened, "demo")
    writer = writer_of(sessions, session)
    conversations = []
    for place, (pictures, tree) in enumerate(wanted):
        exchanges: list[StoredExchange] = []
        for number, (one, parent) in enumerate(tree):
            follows = exchanges[parent % number].id if number and parent % 3 else None
            exchanges.append(replace(one, id=f"{session.head.key}-{place}-{number}", parent=follows))
        conversations.append(
            StoredConversation(f"{session.head.key}-{place}", tuple(pictures), tuple(exchanges), {"": "chosen"})
        )
        for one in exchanges:
            writer.put(conversations[-1], replace(one, outcome=Outcome.RUNNING, text="", answer=None))
            writer.put(conversations[-1], one)
        writer.put_chosen(conversations[-1].key, {"": "chosen"})
    writer.put_view(view)
    writer.close()
    loaded = sessions.load(session.head.key)
    assert loaded.conversations == tuple(one for one in conversations if one.exchanges)
    assert (loaded.head.view, loaded.head.opened, loaded.head.model) == (view, tuple(opened), "demo")
    assert loaded.head.left is not None
    assert not sessions.is_open(session.head.key)


def test_a_session_in_which_nothing_happens_is_not_kept(sessions: Sessions) -> None:
    session = sessions.begin(HERE)
    writer_of(sessions, session).close()
    assert not sessions.path.exists()
    assert sessions.keys() == []
    assert sessions.resume_last(HERE) is None


def test_the_last_session_of_the_same_paths_is_resumed(sessions: Sessions) -> None:
    kept(sessions, exchange())
    last = kept(sessions, exchange())
    assert sessions.resume_last((Path("/elsewhere"),)) is None
    resumed = sessions.resume_last(HERE)
    assert resumed is not None
    assert (resumed.head.key, resumed.resumed) == (last, True)


def test_what_was_running_when_the_program_was_killed_was_interrupted(sessions: Sessions) -> None:
    session = sessions.begin(HERE)
    writer = writer_of(sessions, session)
    writer.put(CATS, exchange(1, Outcome.RUNNING, text="A cat, half"))
    assert writer.flush()
    assert sessions.load(session.head.key).conversations[0].exchanges[0].outcome is Outcome.RUNNING
    assert sessions.page(query="half") == []
    assert sessions.is_open(session.head.key)
    assert sessions.resume_last(HERE) is None
    assert writer._lock is not None
    os.close(writer._lock._descriptor)  # as the kernel does for a program that is killed
    resumed = sessions.resume_last(HERE)
    assert resumed is not None
    (one,) = sessions.take_up(resumed).conversations[0].exchanges
    assert (one.outcome, one.text) == (Outcome.INTERRUPTED, "A cat, half")
    assert len(sessions.page(query="half")) == 1


def test_of_two_programs_the_second_gets_another_session(sessions: Sessions) -> None:
    first = kept(sessions, exchange())
    mine = sessions.resume_last(HERE)
    assert mine is not None
    assert mine.head.key == first
    assert sessions.resume_last(HERE) is None
    with pytest.raises(SessionInUse):
        sessions.resume("latest")
    with pytest.raises(SessionInUse):
        sessions.delete(first)
    assert mine.lock is not None
    mine.lock.release()
    assert sessions.resume("latest").head.key == first


def test_what_the_files_were_is_kept_with_the_question(sessions: Sessions, tmp_path: Path) -> None:
    there = tmp_path / "cat.jpg"
    there.write_bytes(b"meow")
    session = sessions.begin(HERE)
    writer = writer_of(sessions, session)
    conversation = StoredConversation("both", (there, tmp_path / "missing.jpg"))
    writer.put(conversation, exchange(1, Outcome.RUNNING))
    assert writer.flush()
    before = FileStamp.of(there)
    there.write_bytes(b"meow, meow")
    writer.put(conversation, exchange(1, answer=ANSWER.as_dict()))
    writer.close()
    (one,) = sessions.load(session.head.key).conversations[0].exchanges
    assert one.files == (replace(before, sha256=CAT), FileStamp(-1, 0))
    assert not one.files[0].is_same_file(FileStamp.of(there))


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from backend.memory.session_lock import lock\n"
        "held = lock(Path(sys.argv[1]), 'k'); print(held is not None, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "journal.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert lock(tmp_path / "journal.db", "k") is None
        other.kill()
    mine = lock(tmp_path / "journal.db", "k")
    assert mine is not None
    mine.release()
    assert list((tmp_path / "journal-sessions").iterdir()) == []


def test_sessions_are_found_by_name_key_and_words(sessions: Sessions) -> None:
    first = kept(sessions, exchange(text="Two circles of 猫咪", answer=ANSWER.as_dict()), name="Kitchen cats")
    second = kept(
        sessions, exchange(2, text='[{"label": "dog"}]', answer={**ANSWER.as_dict(), "boxes": [{"label": "sheepdog"}]})
    )
    assert [one.head.key for one in sessions.page()] == [second, first]
    assert [one.last_question for one in sessions.page(1, 1)] == ["Where is cat 1?"]
    for query, found in (
        ("circ", [first]),
        ("猫咪", [first]),
        ("kit", [first]),
        ("sheepd", [second]),
        ("photos", [second, first]),
    ):
        assert [one.head.key for one in sessions.page(query=query)] == found, query
        assert sessions.count(query) == len(found)
    assert sessions.page(query='"; DROP TABLE sessions') == []
    for name in ("kitchen cats", first, first[:5]):
        assert sessions.find(name).key == first
    assert sessions.find("latest").key == second
    with pytest.raises(NoSuchSession, match="Kitchen dogs") as refused:
        sessions.find("Kitchen dogs")
    assert "Kitchen cats" in refused.value.cure


def test_a_deleted_session_can_be_had_back_until_it_is_purged(sessions: Sessions) -> None:
    key = kept(sessions, exchange())
    sessions.drop(key)
    assert sessions.page() == []
    assert sessions.resume_last(HERE) is None
    assert sessions.purge() == 0
    sessions.restore(key)
    assert len(sessions.page()) == 1
    sessions.drop(key)
    assert sessions.purge(timedelta(0)) == 1
    assert sessions.keys() == []


def test_sessions_without_questions_give_way_to_later_ones(sessions: Sessions) -> None:
    for number in range(3):
        session = sessions.begin(HERE)
        writer = writer_of(sessions, session)
        writer.put_view({"picture": str(number)})
        writer.close()
    assert len(sessions.keys()) == 3
    assert sessions.page() == []
    sessions.purge()
    assert sessions.keys() == [session.head.key]


@pytest.mark.parametrize("given_as", ["/photos/cat.jpg", CAT])
def test_what_is_forgotten_is_forgotten_in_sessions_too(sessions: Sessions, given_as: str) -> None:
    other = StoredConversation("dogs", (Path("/photos/dog.jpg"),))
    session = sessions.begin(HERE)
    writer = writer_of(sessions, session)
    secret = exchange(1, text="a cat called Zorblax", files=(FileStamp(9, 9, CAT),))
    writer.put(CATS, secret)
    writer.put(other, exchange(2))
    writer.put_view({"folder": "/photos", "picture": "/photos/cat.jpg", "draft": "and Zorblax?"})
    assert writer.flush()
    journal = Journal(sessions.path)
    journal.forget_pictures([given_as])
    loaded = sessions.load(session.head.key)
    assert [one.pictures for one in loaded.conversations] == [other.pictures]
    assert loaded.head.view == {"folder": "/photos"}
    writer.put(CATS, replace(secret, text="a cat called Zorblax, again"))  # the app is still open, and told of nothing
    assert writer.flush()
    writer.put(CATS, exchange(3, parent="e1"))
    writer.close()
    assert [one.id for one in sessions.load(session.head.key).conversations[1].exchanges] == ["e3"]
    for file in sessions.path.parent.glob("journal.db*"):
        assert b"orblax" not in file.read_bytes()


def test_forgetting_everything_leaves_no_session(sessions: Sessions) -> None:
    session = sessions.begin(HERE)
    writer = writer_of(sessions, session)
    writer.put(CATS, exchange(1))
    assert writer.flush()
    Journal(sessions.path).forget_everything()
    writer.put_view({"draft": "?"})
    assert writer.flush()
    assert sessions.keys() == []
    writer.put(CATS, exchange(2, parent="e1"))
    writer.close()
    (one,) = sessions.load(session.head.key).conversations[0].exchanges
    assert (one.id, one.parent) == ("e2", None)


def test_forgetting_by_date(sessions: Sessions) -> None:
    kept(sessions, exchange(1), exchange(2, asked=ASKED + timedelta(days=1)))
    Journal(sessions.path).forget_before(ASKED + timedelta(hours=1))
    (summary,) = sessions.page()
    assert (summary.questions, summary.last_question) == (1, "Where is cat 2?")


def test_ten_thousand_sessions_are_listed_by_the_page_and_by_an_index(sessions: Sessions) -> None:
    kept(sessions, exchange())
    with closing(sqlite3.connect(sessions.path)) as connection, connection:
        rows = [(f"k{n:05}", f"2020-01-01T00:{n // 60 % 60:02}:{n % 60:02}.000+00:00") for n in range(10_000)]
        connection.executemany(
            "INSERT INTO sessions (key, name, opened, model, began_at, used_at) VALUES (?1, ?1, '[]', '', ?2, ?2)", rows
        )
        plan = " ".join(
            row[3] for row in connection.execute("EXPLAIN QUERY PLAN SELECT key FROM sessions ORDER BY used_at DESC LIMIT 100")
        )
    assert "sessions_by_use" in plan
    assert sessions.count() == 10_001
    assert len(sessions.page(9_990, 100)) == 11
    assert [one.head.name for one in sessions.page(query="k04711")] == ["k04711"]
