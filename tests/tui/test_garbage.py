"""Full garbage passes wait for a rest."""

from __future__ import annotations

import gc

import pytest

from tests.tui.conftest import Scripted, at_work
from tui import garbage


async def test_everything_is_looked_through_once_the_keys_have_stopped(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "_REST_S", 0.05)
    passes: list[int] = []
    app, _ = scripted()
    async with at_work(app) as hand:
        monkeypatch.setattr(gc, "collect", lambda: passes.append(1))
        await hand.pilot.press("j")
        await hand.until(lambda: passes)
        assert gc.get_threshold() == garbage._THRESHOLDS
        await hand.pilot.press("k")
        await hand.until(lambda: len(passes) == 2)
