"""Times in films: what is written reads as what it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scene.moments import CLOSE, seconds, stamp


@given(st.floats(0, 360_000))
def test_a_stamp_reads_as_the_time_it_stands_for(time: float) -> None:
    read = seconds(stamp(time))
    assert read is not None
    assert abs(read - time) <= CLOSE + 1e-6


@pytest.mark.parametrize(
    ("written", "time"),
    [("12.4", 12.4), ("12.4 s", 12.4), ("3 seconds", 3.0), ("01:12.40", 72.4), ("1:02:12.5", 3732.5), ("90:00", 5400.0)],
)
def test_times_are_read_as_people_write_them(written: str, time: float) -> None:
    assert seconds(written) == pytest.approx(time)


@pytest.mark.parametrize("written", ["", "noon", "1:75", "1:61:00", "-3", "1:2:3:4", "12,4"])
def test_what_is_no_time_is_none(written: str) -> None:
    assert seconds(written) is None


def test_stamps_grow_an_hour_when_they_need_it() -> None:
    assert (stamp(0), stamp(12.4), stamp(59.999), stamp(3599.99), stamp(3600)) == (
        "00:00.00",
        "00:12.40",
        "01:00.00",
        "59:59.99",
        "1:00:00.00",
    )
