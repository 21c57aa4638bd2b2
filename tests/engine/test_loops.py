"""The guard speaks up at exact repetition, at nothing else, and at the first token that completes it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.engine.llama.loops import LONGEST_PERIOD, ROUNDS, TOKENS, LoopGuard


def first_loop(tokens: list[int]) -> int | None:
    """How many tokens were pushed when the guard spoke up."""
    guard = LoopGuard()
    return next((count for count, token in enumerate(tokens, 1) if guard.push(token)), None)


def loops(tokens: list[int]) -> bool:
    """The definition, looked up naively."""
    for period in range(1, LONGEST_PERIOD + 1):
        size = max(ROUNDS * period, TOKENS)
        tail = tokens[-size:]
        if len(tail) == size and tail[period:] == tail[:-period]:
            return True
    return False


few = st.lists(st.integers(0, 2), max_size=40)


@given(few, st.lists(st.integers(0, 2), min_size=1, max_size=30), st.integers(1, 8), few)
def test_it_agrees_with_the_definition_at_every_token(
    before: list[int], round_: list[int], times: int, behind: list[int]
) -> None:
    tokens = before + round_ * times + behind
    expected = next((end for end in range(1, len(tokens) + 1) if loops(tokens[:end])), None)
    assert first_loop(tokens) == expected


@given(few, st.lists(st.integers(), min_size=1, max_size=LONGEST_PERIOD).map(lambda ids: [abs(i) % 150_000 for i in ids]))
def test_a_loop_is_always_noticed_in_time(before: list[int], round_: list[int]) -> None:
    needed = max(ROUNDS * len(round_), TOKENS)
    noticed = first_loop(before + round_ * (needed // len(round_) + 1))
    assert noticed is not None
    assert noticed <= len(before) + needed


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 12), unique=True, min_size=1, max_size=60))
def test_different_boxes_never_loop(boxes: list[tuple[int, ...]]) -> None:
    """Twelve digits in fixed words: whatever repeats in them, no entry is the one before."""
    tokens: list[int] = []
    for digits in boxes:
        tokens += [20, 21, 22, 23, 24, 25, 26]
        for place in range(0, 12, 3):
            tokens += [*digits[place : place + 3], 30, 31]
        tokens += [40, 41, 42, 43, 44, 45]
    assert first_loop(tokens) is None


def test_a_short_rule_of_dashes_is_text() -> None:
    assert first_loop([7] * (TOKENS - 1)) is None
    assert first_loop([1, 2, 3, *[7] * 500]) == 3 + TOKENS


def test_a_table_with_some_equal_rows_is_text() -> None:
    row = [1, 2, 3, 2, 3, 2, 3, 2, 4]
    assert first_loop(row * 10 + [5] + row * 10) is None
