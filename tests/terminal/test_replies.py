"""Answers told apart from typed keys, however the bytes are cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.terminal.replies import Answers, Sieve, understood

ANSWERS = (
    b"\x1bP>|kitty(0.35.2)\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b_Gi=31;ENOTSUPPORTED:no\x1b\\",
    b"\x1b[6;20;10t",
    b"\x1b[4;680;1200t",
    b"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\",
    b"\x1b]11;rgb:ff/ff/ff\x07",
    b"\x1b[?62;4;22c",
    b"\x1b[?0u",
    b"\x1b[>41;354;0c",
    b"\x1bP1$r0m\x1b\\",
)
KEYS = (
    b"a",
    "é".encode(),
    "圆".encode(),
    b"\r",
    b"\x1b[A",
    b"\x1bOP",
    b"\x1b[1;5C",
    b"\x1b[6~",
    b"\x1b[200~pasted\x1b[201~",
    b"\x1b[97;5u",
    b"\x1b[<0;10;20M",
    b"\x1b[I",
    b"\x1b[?2026;2$y",
    b"\x1b[48;34;120;680;1200t",
    b"\x1b[24;80R",
    b"\x1bx",
)
stream = st.lists(st.tuples(st.booleans(), st.integers(0, 15)), max_size=12).map(
    lambda picks: [(ANSWERS[n % len(ANSWERS)] if is_answer else KEYS[n % len(KEYS)], is_answer) for is_answer, n in picks]
)


@given(stream, st.lists(st.integers(0, 400), max_size=30))
def test_every_split_keeps_the_keys_and_takes_the_answers(parts: list[tuple[bytes, bool]], cuts: list[int]) -> None:
    whole = b"".join(part for part, _ in parts)
    edges = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    sieve = Sieve()
    kept = b"".join(sieve.feed(whole[start:end]) for start, end in pairwise(edges))
    assert kept == b"".join(part for part, is_answer in parts if not is_answer)
    assert sieve.answers == [part for part, is_answer in parts if is_answer]
    assert not sieve.holds


@given(st.binary(max_size=200))
def test_whatever_comes_nothing_is_lost_but_answers(data: bytes) -> None:
    sieve = Sieve()
    kept = sieve.feed(data) + sieve.rest(9.0)
    assert len(kept) + sum(map(len, sieve.answers)) <= len(data)
    if b"\x1b" not in data:
        assert kept == data


@given(st.binary(max_size=60).filter(lambda data: b"\x1b" not in data), st.sampled_from(ANSWERS))
def test_garbage_around_an_answer_does_not_hide_it(garbage: bytes, answer: bytes) -> None:
    sieve = Sieve()
    assert sieve.feed(garbage + answer + garbage) == garbage * 2
    assert sieve.answers == [answer]


@pytest.mark.parametrize("key", [b"\x1b", b"\x1b_", b"\x1bP", b"\x1b]", b"\x1b["])
def test_a_key_that_begins_like_an_answer_is_let_go_when_nothing_follows(key: bytes) -> None:
    sieve = Sieve()
    assert sieve.feed(key) == b""
    assert sieve.holds
    assert sieve.rest(0.02) == (key if len(key) == 1 else b"")
    assert sieve.rest(0.3) == (b"" if len(key) == 1 else key)
    assert not sieve.holds


def test_an_answer_that_has_surely_begun_is_waited_for() -> None:
    sieve = Sieve()
    assert sieve.feed(b"x\x1b]11;rgb:ff") == b"x"
    assert sieve.rest(9.0) == b""
    assert sieve.feed(b"ff/0000/0000\x07y") == b"y"
    assert understood(sieve.answers).background == (255, 0, 0)


def test_an_answer_without_end_is_swallowed_without_end() -> None:
    sieve = Sieve()
    kept = b"".join(sieve.feed(b"\x1b_G" * (n == 0) + b"A" * 3000) for n in range(20))
    assert kept == b""
    assert sieve.feed(b"\x1b\\q") == b"q"


def test_a_string_that_is_cut_short_by_a_key_does_not_swallow_it() -> None:
    sieve = Sieve()
    assert sieve.feed(b"\x1b_Gi=31;O\x1b[A") == b"\x1b[A"


def test_what_a_terminal_says_of_itself() -> None:
    said = understood([ANSWERS[n] for n in (0, 1, 3, 4, 5, 7)])
    assert (said.version, said.kitty, said.cell, said.window) == ("kitty(0.35.2)", True, (10, 20), (1200, 680))
    assert (said.background, said.is_light, said.attributes, said.complete) == ((28, 28, 28), False, (62, 4, 22), True)
    assert said.raw[1] == "\\x1b_Gi=31;OK\\x1b\\"
    assert understood([ANSWERS[2]]).kitty is False
    assert understood([ANSWERS[6]]).is_light is True
    assert understood([]) == Answers()
    assert not understood([ANSWERS[0]]).complete


def test_of_two_answers_the_first_counts_and_nonsense_does_not() -> None:
    said = understood([b"\x1b[6;0;0t", b"\x1b[6;9999;1t", b"\x1b[6;18;9t", b"\x1b[6;40;20t", b"\x1b]11;rgb:zz/0/0\x07"])
    assert said.cell == (9, 18)
    assert said.background is None


def test_a_name_cannot_act_on_the_terminal() -> None:
    said = understood([b"\x1bP>|evil\x9b31m\x0d\x1b\\"])
    assert said.version is not None
    assert said.version.isprintable()


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_no_answer_is_too_strange_to_be_read(replies: list[bytes]) -> None:
    assert len(understood(replies).raw) == len(replies)
