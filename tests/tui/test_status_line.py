"""What the status line leaves out first where there is no room for all of it, in both languages."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.widgets import Static

from backend.language import use
from tests.tui.conftest import Hand, Scripted
from tui.widgets.status_line import StatusLine, fitted

NOTES = ("demo model: knows only generated scenes", "knows only generated scenes")
LONG = {
    "en": "ready, 50 tokens/s, 1,204 reused, second looks at 3 of 5 boxes, 2 of them not found again, and so on",
    "zh_CN": "就绪，每秒 50 个词元，沿用了 1,204 个，5 个框中有 3 个再次查看，其中 2 个没有再次找到，等等，等等，等等",
}


def test_the_note_goes_before_anything_of_the_state_does() -> None:
    assert fitted("ready", 46, NOTES, "…") == ("ready", NOTES[0])
    assert fitted("ready", 45, NOTES, "…") == ("ready", NOTES[1])
    assert fitted("ready", 33, NOTES, "…") == ("ready", "")
    assert fitted("ready, 50 tokens/s", 10, NOTES, "…") == ("ready, 50…", "")
    assert fitted("就绪，很快", 7, NOTES, "…") == ("就绪，…", "")
    assert fitted("ready", 0, (), "") == ("", "")


@pytest.mark.parametrize("language", LONG)
@pytest.mark.parametrize("columns", [80, 100, 120])
async def test_nothing_is_cut_that_there_is_room_for(scripted: Scripted, language: str, columns: int) -> None:
    use(language)
    app, _engine = scripted()
    async with app.run_test(size=(columns, 24)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        line = hand.screen.query_one(StatusLine)

        def beside() -> str:
            right = line.query_one("#status-right", Static)
            return str(right.visual) if right.display else ""

        for length in range(4, len(LONG[language]), 7):
            state = LONG[language][:length].strip()
            line.say(state)
            await pilot.pause()
            left = hand.status
            fits = cell_len(f"demo · {state}") <= columns - 2
            assert (state in left) is fits
            assert not beside() or fits
            assert cell_len(left) + (cell_len(beside()) + 2 if beside() else 0) <= columns - 2
        line.say("x")
        await hand.until(lambda: bool(beside()))
        line.say("词" * 100)
        await hand.until(lambda: not beside())
        assert columns - 4 <= cell_len(hand.status) <= columns - 2
        assert hand.status.startswith("demo")
        assert hand.status.endswith("…")
        await pilot.resize_terminal(240, 24)
        await hand.until(lambda: hand.status.endswith("词" * 100) and not hand.status.endswith("…"))
