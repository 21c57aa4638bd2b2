"""The model hears that somebody types, now and then, and no key waits for that."""

from __future__ import annotations

from threading import Event

import pytest

from tests.scripted import ScriptedEngine
from tests.tui.conftest import Scripted, at_work
from tui import giving_way


async def test_keys_are_told_once_in_a_while(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(giving_way, "monotonic", lambda: now)
    app, engine = scripted()
    async with at_work(app) as hand:
        assert engine.gave_way == 0, "nobody has typed yet"
        await hand.pilot.press("j", "k", "j")
        await hand.until(lambda: engine.gave_way == 1)
        now += 5.0
        await hand.pilot.press("k", "j")
        await hand.until(lambda: engine.gave_way == 2)


async def test_an_engine_that_hangs_holds_no_key_up(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    now, goes_on = 100.0, Event()
    hung: list[int] = []

    def give_way(_engine: ScriptedEngine) -> None:
        hung.append(1)
        goes_on.wait(30)

    monkeypatch.setattr(giving_way, "monotonic", lambda: now)
    monkeypatch.setattr(ScriptedEngine, "give_way", give_way)
    app, _ = scripted()
    async with at_work(app) as hand:
        await hand.pilot.press("j")
        await hand.until(lambda: "scene-2" in hand.caption)
        now += 5.0
        await hand.pilot.press("k")
        await hand.until(lambda: "scene-1" in hand.caption)
        assert len(hung) == 1, "one thread waits, not one for each second"
        goes_on.set()
