"""Frames taken as they come, and a source that goes away and comes back."""

from __future__ import annotations

import time

import pytest

from backend.errors import SightlineError
from backend.watch import Reconnecting, SourceLost, UnusableSource, grabber
from backend.watch.grabber import Grabber
from backend.watch.mailbox import Mailbox
from tests.watch.frames import Told


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grabber, "FIRST_WAIT_S", 0.01)


def lost() -> SourceLost:
    return SourceLost("camera", "there is no device behind it")


def run(
    source: Told, *, fps: float | None = None, give_up_after: float = 30.0
) -> tuple[list[int], list[Reconnecting], Grabber]:
    """Frames and reconnections until there is nothing more to come."""
    box, told = Mailbox(every=True), list[Reconnecting]()
    made = Grabber(source, box, told.append, fps=fps, give_up_after=give_up_after)
    made.start()
    numbers = []
    while (taken := box.take(20)) is not None:
        numbers.append(taken[0].number)
    return numbers, told, made


def test_what_comes_back_goes_on() -> None:
    source = Told([1, 2, lost()], [UnusableSource("camera", "there is no such file")], [3], comes_back=True)
    numbers, told, made = run(source)
    assert numbers == [1, 2, 3]
    assert [(one.back, one.attempt) for one in told] == [(False, 1), (False, 2), (True, 2)]
    assert "no device" in told[0].reason
    assert told[1].wait_s > told[0].wait_s
    assert made.error is None


def test_what_stays_away_is_given_up() -> None:
    again: list[int | SightlineError] = [lost()]
    source = Told([1, lost()], *(again for _ in range(500)))
    began = time.monotonic()
    numbers, told, made = run(source, give_up_after=0.3)
    assert numbers == [1]
    assert isinstance(made.error, SourceLost)
    assert 1 <= len(told) < 20, "it waits longer each time"
    assert time.monotonic() - began < 20


def test_what_was_never_there_is_not_waited_for() -> None:
    source = Told([UnusableSource("camera", "it is no camera")])
    numbers, told, made = run(source)
    assert (numbers, told) == ([], [])
    assert made.error is not None
    assert source.opened == 1


def test_a_film_that_breaks_off_is_not_opened_again() -> None:
    source = Told([1, lost()], comes_back=False)
    numbers, told, made = run(source)
    assert (numbers, told, source.opened) == ([1], [], 1)
    assert isinstance(made.error, SourceLost)


def test_a_surprise_is_an_error_and_not_a_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Told([1])
    monkeypatch.setattr(source, "shots", lambda _: 1 / 0)
    numbers, _, made = run(source)
    assert numbers == []
    assert isinstance(made.error, SightlineError)
    assert "ZeroDivisionError" in made.error.message


def test_no_more_frames_a_second_than_wanted() -> None:
    numbers, _, _ = run(Told(list(range(1, 41))), fps=2.5)  # ten a second
    assert numbers == [1, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40]
