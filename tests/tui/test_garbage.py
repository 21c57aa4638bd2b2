"""Garbage is looked for when nobody waits for a key."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.tui.conftest import Scripted, at_work
from tui import garbage


class Passes:
    """Which of them were asked for."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def __call__(self, generation: int = 2) -> int:
        self.made.append(generation)
        return 0


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Passes]:
    passes = Passes()
    monkeypatch.setattr(gc, "collect", passes)
    yield passes
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


async def test_all_is_looked_through_once_the_keys_have_stopped(
    scripted: Scripted, passes: Passes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "_REST_S", 0.05)
    app, _ = scripted()
    async with at_work(app) as hand:
        await hand.until(lambda: gc.get_threshold() == garbage._THRESHOLDS)
        passes.made.clear()
        await hand.pilot.press("j")
        await hand.until(lambda: 2 in passes.made)
        assert gc.isenabled()
        await hand.pilot.press("k")
        await hand.until(lambda: passes.made.count(2) == 2)


async def test_while_keys_come_only_what_is_new_is_looked_through_after_what_they_did(
    scripted: Scripted, passes: Passes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gc, "get_count", lambda: (garbage._YOUNG, 0, 0))
    app, _ = scripted()
    async with at_work(app) as hand:
        hand.line.focus()
        await hand.pilot.press("a", "b")
        await hand.until(lambda: hand.line.value == "ab")
        assert not gc.isenabled()
        assert passes.made == []
        monkeypatch.setattr(gc, "get_count", lambda: (garbage._YOUNG + 1, 0, 0))
        seen: list[str] = []

        def collect(generation: int = 2) -> int:
            seen.append(hand.line.value)
            return passes(generation)

        monkeypatch.setattr(gc, "collect", collect)
        await hand.pilot.press("c")
        await hand.until(lambda: passes.made == [0])
        assert seen == ["abc"]
