"""Which frames are made and which are dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.preview.cache import ByteCache
from tui.preview.capabilities import Capabilities
from tui.preview.job import AT_ONCE, Desk, Job, Signature, Source, Superseded


def signature(name: str) -> Signature:
    return Signature(Path(name), 40, 20, (), frozenset(), Capabilities())


def test_the_same_frame_is_not_made_twice() -> None:
    desk = Desk()
    job = desk.want(signature("a"))
    assert job is not None
    assert job.signature == signature("a")
    assert desk.want(signature("a")) is None
    assert desk.ended(job, made=True) == (True, None)
    assert not desk.busy
    assert not desk.waits


def test_of_a_thousand_wanted_frames_two_and_the_last_are_begun() -> None:
    desk = Desk()
    begun = [job for number in range(1000) if (job := desk.want(signature(str(number)))) is not None]
    assert [job.signature for job in begun] == [signature("0"), signature("1")]
    assert all(job.given_up for job in begun)
    fresh, last = desk.ended(begun[0], made=True)
    assert not fresh
    assert last is not None
    assert last.signature == signature("999")
    assert not last.given_up
    assert desk.ended(begun[1], made=False) == (False, None)
    assert desk.ended(last, made=True) == (True, None)


def test_the_wanted_frame_does_not_wait_for_one_that_cannot_be_stopped() -> None:
    desk = Desk()
    slow = desk.want(signature("slow"))
    assert slow is not None
    wanted = desk.want(signature("wanted"))
    assert wanted is not None
    with pytest.raises(Superseded):
        slow.check()
    wanted.check()
    assert desk.ended(wanted, made=True) == (True, None)
    assert desk.ended(slow, made=True) == (False, None), "its frame is dropped"


def test_a_frame_that_is_no_longer_wanted_is_dropped() -> None:
    desk = Desk()
    job = desk.want(signature("a"))
    assert job is not None
    desk.want(None)
    assert job.given_up
    assert not desk.waits
    assert desk.ended(job, made=True) == (False, None)


def test_going_there_and_back_shows_the_frame_that_was_being_made() -> None:
    desk = Desk()
    first = desk.want(signature("a"))
    assert first is not None
    desk.want(signature("b"))
    assert desk.want(signature("a")) is None
    first.check()
    assert desk.ended(first, made=True)[0]


def test_one_that_stopped_before_it_was_wanted_again_is_begun_anew() -> None:
    desk = Desk()
    first = desk.want(signature("a"))
    second = desk.want(signature("b"))
    assert first is not None
    assert second is not None
    desk.want(signature("a"))  # too late: its thread has stopped
    fresh, again = desk.ended(first, made=False)
    assert not fresh
    assert again is not None
    assert again.signature == signature("a")
    assert desk.waits


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=60), st.integers(0, 3))
def test_whatever_happens_the_last_wanted_frame_arrives(steps: list[tuple[bool, int]], last: int) -> None:
    """Frames are wanted, and jobs end in any order; those that were given up may have stopped or not."""
    desk = Desk()
    running: list[Job] = []
    shown: Signature | None = None

    def begin(job: Job | None) -> None:
        if job is not None:
            running.append(job)
        assert len(running) <= AT_ONCE

    def end(at: int) -> None:
        nonlocal shown
        job = running.pop(at % len(running))
        fresh, following = desk.ended(job, made=not job.given_up or at % 2 == 0)
        shown = job.signature if fresh else shown
        begin(following)

    for wants, number in steps:
        if wants:
            begin(desk.want(signature(str(number))))
        elif running:
            end(number)
    begin(desk.want(signature(str(last))))
    while running:
        end(0)
    assert shown == signature(str(last))
    assert not desk.waits


def test_a_file_that_changes_is_another_source(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    assert Source.of(path) is None
    path.write_bytes(b"1")
    before = Source.of(path)
    path.write_bytes(b"22")
    assert before is not None
    assert Source.of(path) != before
    assert Source.of(Path("a\0b.png")) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 60))))
def test_a_cache_never_weighs_more_than_its_limit(puts: list[tuple[int, int]]) -> None:
    cache: ByteCache[int, bytes] = ByteCache(100, len)
    newest: dict[int, bytes] = {}
    for key, size in puts:
        newest[key] = bytes(size)
        cache.put(key, newest[key])
        assert cache.bytes <= 100
        assert cache.get(key) is newest[key]
    assert cache.bytes == sum(len(kept) for key in newest if (kept := cache.get(key)) is not None)


def test_the_longest_unused_leaves_first() -> None:
    cache: ByteCache[str, bytes] = ByteCache(3, len)
    for key in "abc":
        cache.put(key, b"x")
    cache.get("a")
    cache.put("d", b"x")
    assert [cache.get(key) for key in "abcd"] == [b"x", None, b"x", b"x"]


def test_what_is_too_large_to_keep_displaces_nothing() -> None:
    cache: ByteCache[str, bytes] = ByteCache(3, len)
    cache.put("a", b"x")
    cache.put("b", b"xxxx")
    assert cache.get("a") == b"x"
    assert cache.get("b") is None
