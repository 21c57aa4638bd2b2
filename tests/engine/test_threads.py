"""Threads are never more than the cores this process may use."""

from __future__ import annotations

import os

import pytest

from backend.engine.llama.threads import SMALL, compute_threads


def test_a_small_model_computes_in_one_thread() -> None:
    assert compute_threads(SMALL - 1) == 1


def test_a_large_model_never_oversubscribes() -> None:
    assert 1 <= compute_threads(1 << 40) <= len(os.sched_getaffinity(0))


@pytest.mark.parametrize(("asked", "given"), [("3", 3), ("0", 1), ("many", 1), ("", 1)])
def test_the_environment_decides_where_it_makes_sense(monkeypatch: pytest.MonkeyPatch, asked: str, given: int) -> None:
    monkeypatch.setenv("SIGHTLINE_THREADS", asked)
    assert compute_threads(1) == given
