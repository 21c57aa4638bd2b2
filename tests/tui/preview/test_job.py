"""Which frames are made and which are dropped."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tui.preview.cache import ByteCache
from tui.preview.capabilities import Capabilities
from tui.preview.job import Desk, Signature, Source


def signature(name: str) -> Signature:
    return Signature(Path(name), 40, 20, (), frozenset(), Capabilities())


def test_the_same_frame_is_not_made_twice() -> None:
    desk = Desk()
    assert desk.want(signature("a")) == signature("a")
    assert desk.want(signature("a")) is None
    assert desk.made(signature("a")) == (True, None)


def test_of_a_thousand_wanted_frames_the_first_and_the_last_are_made() -> None:
    desk = Desk()
    started = [desk.want(signature(str(number))) for number in range(1000)]
    assert [one for one in started if one] == [signature("0")]
    assert desk.made(signature("0")) == (False, signature("999"))
    assert desk.made(signature("999")) == (True, None)


def test_a_frame_that_is_no_longer_wanted_is_dropped() -> None:
    desk = Desk()
    desk.want(signature("a"))
    desk.want(None)
    assert desk.made(signature("a")) == (False, None)


def test_going_there_and_back_shows_the_frame_that_was_being_made() -> None:
    desk = Desk()
    desk.want(signature("a"))
    desk.want(signature("b"))
    assert desk.want(signature("a")) is None
    assert desk.made(signature("a")) == (True, None)


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
