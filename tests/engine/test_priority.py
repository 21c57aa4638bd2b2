"""A model on the processor stands back for everybody, and farther for who types; when they are done it comes back."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from backend.engine import priority
from backend.engine.priority import BESIDE_KEYS, NICENESS, Priority


class Session:
    """What would be told to Linux."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, refused: list[OSError]) -> None:
        self.process: list[int] = []
        self.told: list[str] = []
        self._refused = refused
        self._changed = threading.Condition()
        monkeypatch.setattr(os, "setpriority", lambda _which, _who, niceness: self.process.append(niceness))
        monkeypatch.setattr(Path, "write_text", lambda _path, text, **_: self._write(text))

    def _write(self, text: str) -> None:
        with self._changed:
            if self._refused:
                raise self._refused.pop(0)
            self.told.append(text)
            self._changed.notify_all()

    def until(self, *told: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.told == list(told), timeout=30), self.told


USUAL = str(max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
BESIDE = str(max(BESIDE_KEYS, int(USUAL)))


@pytest.mark.parametrize("refused", [[], [BlockingIOError()] * 2], ids=["at once", "too soon"])
def test_the_session_is_told_as_well_as_the_process(monkeypatch: pytest.MonkeyPatch, refused: list[OSError]) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    session = Session(monkeypatch, refused)
    Priority().stand_back()
    assert session.process == [int(USUAL)]
    assert session.told == [USUAL]


def test_where_sessions_do_not_count_the_process_stands_back_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(monkeypatch, [FileNotFoundError()])
    one = Priority()
    one.stand_back()
    one.give_way()
    assert session.process == [int(USUAL)]
    assert session.told == []


def test_who_types_is_given_more_until_a_while_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priority, "TYPING_S", 0.05)
    session = Session(monkeypatch, [])
    one = Priority()
    one.stand_back()
    one.give_way()
    session.until(USUAL, BESIDE, USUAL)
    one.give_way()
    session.until(USUAL, BESIDE, USUAL, BESIDE, USUAL)


def test_a_key_meanwhile_prolongs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now, slept = [100.0], threading.Event()
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    session = Session(monkeypatch, [])
    one = Priority()

    def sleep(seconds: float) -> None:
        now[0] += seconds
        if not slept.is_set():
            slept.set()
            one.give_way()

    monkeypatch.setattr(time, "sleep", sleep)
    one.stand_back()
    one.give_way()
    session.until(USUAL, BESIDE, USUAL)
    assert now[0] == pytest.approx(100.0 + 2 * priority.TYPING_S)


def test_on_a_gpu_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(monkeypatch, [])
    Priority().give_way()
    assert (session.process, session.told) == ([], [])
