"""The file of a batch: whole lines or none, locked, read again, and refused where it belongs to something else."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.answer import Answer, PictureRef
from backend.batch.kept import State
from backend.batch.ledger import Ledger, Unwritable, line_of
from backend.batch.work import Item, Outcome, Parameters, Source, Stamp
from backend.errors import SightlineError, UnreadablePicture, UsageError

PARAMETERS = Parameters(("demo",))
STAMP = Stamp(100, 200)
SHA = "ab" * 32


def outcome(name: str, question: str = "where?", end: Answer | SightlineError | None = None) -> Outcome:
    item = Item(PARAMETERS.key(Path(name), question), question)
    answer = Answer(question, "boxes", "[]", (PictureRef(name, 4, 3, SHA),))
    return Outcome(item, Source(Path(name)), STAMP, end or answer, 0.1, "demo")


def written(path: Path, *outcomes: Outcome) -> bytes:
    with Ledger(path) as ledger:
        for one in outcomes:
            ledger.append(one, PARAMETERS)
    return path.read_bytes()


def test_a_line_is_the_published_answer_with_its_key_and_source(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    written(path, outcome("a.png"), outcome("b.png", end=UnreadablePicture("b.png", "it is empty (0 bytes)")))
    good, bad = (json.loads(line) for line in path.read_text().splitlines())
    assert good["pictures"][0]["path"] == good["source"]["path"] == "a.png"
    assert good["schema"] == 1
    assert bad["error"]["kind"] == "UnreadablePicture"
    assert bad["error"]["exit_code"] == 3
    assert "empty" in bad["error"]["message"]
    assert good["key"] != bad["key"]


@given(cut=st.integers(0, 4000))
def test_wherever_a_line_was_torn_the_whole_ones_stay_and_it_goes(cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("torn") / "out.jsonl"
    data = written(path, outcome("a.png"), outcome("b.png"), outcome("c.png"))
    path.write_bytes(data[:cut])
    whole = data[:cut].count(b"\n")
    with Ledger(path) as ledger:
        assert len(ledger.kept) == whole
    assert path.read_bytes() == data[: sum(map(len, data.splitlines(keepends=True)[:whole]))]


@pytest.mark.parametrize(
    "content", [b"my diary\nday one\n", b"half a line of something else", b'{"key": 3}\n', b"[1]\n", b"\n"]
)
def test_what_is_no_file_of_a_batch_is_refused_and_left_alone(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "diary.txt"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"line 1 of .* is no line of a batch"):
        Ledger(path)
    assert path.read_bytes() == content


def test_only_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with Ledger(path), pytest.raises(UsageError, match="another batch is writing"):
        Ledger(path)
    Ledger(path).__exit__(None, None, None)


def test_a_pipe_a_folder_and_a_missing_folder_are_no_ledgers(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, says in (("pipe", "no regular file"), ("", "Is a directory"), ("none/out.jsonl", "No such file")):
        with pytest.raises(UsageError, match=says):
            Ledger(tmp_path / name)


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_where_there_is_no_room_no_half_line_is_left(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    before = written(path, outcome("a.png"))
    with no_file_above(len(before) + 100), pytest.raises(Unwritable) as raised:
        written(path, outcome("b.png"))
    assert raised.value.exit_code == 5
    assert "goes on where this file ends" in raised.value.cure
    assert path.read_bytes() == before


def test_items_are_known_again_and_a_changed_file_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    failed = outcome("b.png", end=UnreadablePicture("b.png", "it is empty"))
    written(path, outcome("a.png"), failed)
    with Ledger(path) as ledger:
        kept = ledger.kept
        a, b = outcome("a.png").item.key, failed.item.key
        assert kept.state(a, STAMP) is State.ANSWERED
        assert kept.state(a, Stamp(101, 200)) is State.MAYBE
        assert kept.is_of(a, SHA)
        assert not kept.is_of(a, "cd" * 32)
        assert kept.state(b, STAMP) is State.FAILED
        assert kept.state(b, Stamp(101, 200)) is State.NEW
        assert kept.state(outcome("c.png").item.key, STAMP) is State.NEW


def test_the_later_of_two_lines_counts(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    written(path, outcome("a.png", end=UnreadablePicture("a.png", "it is empty")), outcome("a.png"))
    with Ledger(path) as ledger:
        assert ledger.kept.state(outcome("a.png").item.key, STAMP) is State.ANSWERED


def test_other_questions_and_other_parameters_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    written(path, outcome("a.png", "where is the cup?"))
    with Ledger(path) as ledger:
        ledger.require(PARAMETERS, ["where is the cup?", "how many?"])
        with pytest.raises(UsageError, match=r"where is the cup.*not asked now"):
            ledger.require(PARAMETERS, ["how many?"])
        with pytest.raises(UsageError, match="seed was 0, and is 7 now"):
            ledger.require(replace(PARAMETERS, seed=7), ["where is the cup?"])
        with pytest.raises(UsageError, match="models was"):
            ledger.require(replace(PARAMETERS, models=("other",)), ["where is the cup?"])


def test_a_name_that_is_no_unicode_comes_back_as_the_same_key() -> None:
    name = os.fsdecode(b"caf\xe9\x1b[31m.png")
    line = line_of(outcome(name), PARAMETERS)
    assert line.count(b"\n") == 1
    told = json.loads(line)
    assert PARAMETERS.key(Path(told["source"]["path"]), told["question"]) == told["key"]
