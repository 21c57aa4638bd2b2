"""How large the next frame is shown, from how long the last ones took."""

from __future__ import annotations

from backend.watch.pace import Pace


def settled(pace: Pace, seconds_per_token: float, base: float = 0.0, frames: int = 60) -> int:
    """The size after so many frames of a machine that needs so long for each token."""
    for _ in range(frames):
        pace.took(base + seconds_per_token * pace.tokens)
    return pace.tokens


def test_a_machine_that_is_fast_enough_sees_everything() -> None:
    pace = Pace(1.0, 1024, 64)
    assert settled(pace, 0.0005) == 1024
    assert not pace.hopeless


def test_a_slow_one_is_shown_less_until_it_keeps_to_the_budget() -> None:
    pace = Pace(1.0, 1024, 64)
    tokens = settled(pace, 0.003)
    assert 64 <= tokens < 1024
    assert tokens * 0.003 <= 1.0
    assert not pace.hopeless


def test_it_does_not_swing_between_two_sizes() -> None:
    pace = Pace(1.0, 1024, 64)
    settled(pace, 0.0015)
    sizes = set()
    for _ in range(40):
        pace.took(0.0015 * pace.tokens)
        sizes.add(pace.tokens)
    assert len(sizes) == 1


def test_with_time_to_spare_it_is_shown_more_again() -> None:
    pace = Pace(1.0, 1024, 64)
    assert settled(pace, 0.01) < 200
    assert settled(pace, 0.0002) == 1024


def test_where_no_size_helps_it_says_so() -> None:
    pace = Pace(0.1, 42, 16)
    assert settled(pace, 0.0, base=3.0) == 16
    assert pace.hopeless


def test_one_size_is_all_there_is() -> None:
    pace = Pace(1.0, 16, 16)
    assert settled(pace, 1.0) == 16
    assert pace.hopeless
