"""The timeline below a film: walked through by frames, clicked, and asked about in part."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from backend.errors import UsageError
from backend.media.film.choice import Wanted
from tests.media.film.making import make
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, text_of
from tui.frames_wanted import frames_wanted, written
from tui.opening import Opening
from tui.screens.one_line import OneLine
from tui.widgets.timeline import Timeline

FILM = "a-film.mp4"


@pytest.fixture
def film(scenes: Path) -> Opening:
    make(scenes / FILM, size=(320, 240))
    return Opening(scenes, scenes / FILM)


def line(hand: Hand) -> str:
    frame = hand.screen.query_one(Timeline).frame
    return "" if frame is None else frame.text()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", Wanted()),
        ("4 fps", Wanted(fps=4)),
        ("8 frames, 1.5-3", Wanted(count=8, start=1.5, end=3.0)),
        ("scenes", Wanted(scenes=True)),
        ("00:01.00 - ", Wanted(start=1.0)),
        ("-2", Wanted(end=2.0)),
    ],
)
def test_frames_are_chosen_in_words(typed: str, wanted: Wanted) -> None:
    assert frames_wanted(typed) == wanted
    assert frames_wanted(written(wanted)) == wanted


@pytest.mark.parametrize("typed", ["soon", "0 fps", "0 frames", "3-1", "4 fps, 8 frames", "1:99-2", "\x1b[31m"])
def test_what_chooses_no_frames_is_refused_with_a_cure(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        frames_wanted(typed)
    assert refused.value.cure
    assert "\x1b" not in refused.value.message


async def test_frames_are_stepped_and_the_line_is_clicked(scripted: Scripted, film: Opening) -> None:
    app, _ = scripted(opening=film)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: hand.screen.query_one(Timeline).known is not None)
        assert "3 Timeline" in text_of(hand.screen, "#tabs")
        assert "00:00.00 / 00:02.90" in line(hand)
        await pilot.press("full_stop", "full_stop", "comma")
        await hand.until(lambda: "@00:00.10" in hand.caption)
        timeline = hand.screen.query_one(Timeline)
        await pilot.click(timeline, offset=(timeline.size.width - 1, timeline.size.height - 3))
        await hand.until(lambda: "@00:02.90" in hand.caption)
        hand.screen.set_focus(None)
        await pilot.press("home")
        await hand.until(lambda: "@00:00.00" in hand.caption)
        await pilot.press("end")
        await hand.until(lambda: "@00:02.90" in hand.caption and "00:02.90 / 00:02.90" in line(hand))
        await pilot.press("3")
        await hand.until(lambda: "00:02.90" in hand.picture and "00:00.00" in hand.picture)
        hand.files.focus()
        await pilot.press("down")
        await hand.until(lambda: "scene-1" in hand.caption)
        assert not timeline.display


async def test_a_part_is_asked_about(scripted: Scripted, film: Opening) -> None:
    app, engine = scripted((Say("Nothing at 1.5 seconds."),), opening=film)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f5", "left_curly_bracket", "f5", "right_curly_bracket")
        await hand.until(lambda: "asks about 00:01.00-00:02.00" in line(hand))
        await pilot.press("t")
        await hand.until(lambda: isinstance(app.screen, OneLine))
        asked = app.screen.query_one(Input)
        assert asked.value == "00:01.00-00:02.00"
        asked.value = "4 fps, 1-2"
        await pilot.press("enter")
        await hand.until(lambda: "asks about 4 fps, 00:01.00-00:02.00" in line(hand))
        await hand.ask("What happens?")
        await hand.answered()
        parts = engine.requests[-1].messages[0].parts
        stamps = [part for part in parts if isinstance(part, str)][:-1]
        assert stamps == [f"<{seconds:.1f} seconds>" for seconds in (1.0, 1.2, 1.5, 1.7, 2.0)]
        await hand.until(lambda: line(hand).count("╵") == 5 and "▼" in line(hand))
