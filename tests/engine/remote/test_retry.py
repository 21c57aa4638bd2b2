"""How long is waited before a server is asked again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backend.engine.remote.client import is_this_machine
from backend.engine.remote.retry import Retries, retry_after

NOW = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Tue, 01 Jan 2030 12:00:30 GMT", 30.0),
        ("Tue, 01 Jan 2030 11:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("nan", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


def test_pauses_double_up_to_a_bound_with_chance_in_them() -> None:
    retries = Retries(first_s=1.0, longest_s=4.0)
    for attempt, span in ((1, 1.0), (2, 2.0), (3, 4.0), (9, 4.0)):
        pauses = {retries.pause(attempt) for _ in range(50)}
        assert len(pauses) > 1
        assert span / 2 <= min(pauses)
        assert max(pauses) <= span


@pytest.mark.parametrize(
    ("url", "this_machine"),
    [
        ("http://127.0.0.1:8080/v1", True),
        ("http://localhost/v1", True),
        ("http://[::1]:1/v1", True),
        ("http://gpu.local/v1", False),
        ("https://10.0.0.2/v1", False),
        ("http://localhost.example.org/v1", False),
    ],
)
def test_which_addresses_stay_on_this_machine(url: str, this_machine: bool) -> None:
    assert is_this_machine(url) == this_machine
