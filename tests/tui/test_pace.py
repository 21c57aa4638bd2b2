"""A reply that streams in is drawn less often beside somebody who types, and none of it is late when it is over."""

from __future__ import annotations

import pytest

from tests.scripted import Hold, Say
from tests.tui.conftest import Scripted, at_work
from tui import pace
from tui.pace import Pace


def test_keys_slow_it_down_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(pace, "monotonic", lambda: now)
    one = Pace()
    assert one.refresh == pace.REFRESH
    one.key_came()
    assert one.refresh > pace.REFRESH
    now += 1.0
    assert one.refresh == pace.REFRESH


async def test_beside_keys_a_reply_comes_and_ends_all_the_same(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = Hold()
    app, _ = scripted((Say("One."), hold, Say(" And the rest.")))
    async with at_work(app) as hand:
        waits: list[float] = []
        await hand.ask("Describe it")
        await hand.until(lambda: hand.turns and "One." in hand.reply())
        monkeypatch.setattr(hand.turns[0], "set_timer", lambda after, _then: waits.append(after))
        await hand.pilot.press("a")
        hand.turns[0].changed()
        assert waits == [app.pace.refresh]
        assert waits[0] > pace.REFRESH
        hold.gate.set()
        await hand.answered()
        assert hand.reply().startswith("One. And the rest.")
