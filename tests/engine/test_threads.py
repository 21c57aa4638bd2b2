"""Threads are never more than the cores this process may use."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from backend.engine.llama.threads import NICENESS, SMALL, compute_threads, stand_back


def test_a_small_model_computes_in_one_thread() -> None:
    assert compute_threads(SMALL - 1) == 1


def test_a_large_model_never_oversubscribes() -> None:
    assert 1 <= compute_threads(1 << 40) <= len(os.sched_getaffinity(0))


@pytest.mark.parametrize(("asked", "given"), [("3", 3), ("0", 1), ("many", 1), ("", 1)])
def test_the_environment_decides_where_it_makes_sense(monkeypatch: pytest.MonkeyPatch, asked: str, given: int) -> None:
    monkeypatch.setenv("SIGHTLINE_THREADS", asked)
    assert compute_threads(1) == given


@pytest.mark.parametrize(
    "refused", [[], [BlockingIOError()] * 2, [FileNotFoundError()]], ids=["at once", "too soon", "nowhere"]
)
def test_the_session_is_told_as_well_as_the_process(monkeypatch: pytest.MonkeyPatch, refused: list[OSError]) -> None:
    nice: list[int] = []
    told: list[str] = []

    def write(_path: Path, text: str, **_: str) -> None:
        if refused:
            raise refused.pop(0)
        told.append(text)

    monkeypatch.setattr(os, "setpriority", lambda _which, _who, priority: nice.append(priority))
    monkeypatch.setattr(Path, "write_text", write)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    nowhere = any(isinstance(one, FileNotFoundError) for one in refused)
    stand_back()
    assert nice == [max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))]
    assert told == ([] if nowhere else [str(nice[0])])
