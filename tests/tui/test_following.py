"""Things followed through a film from the app: asked for by name, drawn over the frames, told in the table, stopped by Esc."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import DataTable, Input

from backend.errors import EngineFailure
from tests.media.film.making import make
from tests.scripted import Break, Hold, Say, Step
from tests.tui.conftest import Hand, Scripted, text_of
from tui.opening import Opening
from tui.preview.views import View
from tui.screens.one_line import OneLine
from tui.widgets.viewer import Viewer

FILM = "a-film.mp4"
FRAMES = 15
"""Looked at in three seconds, five a second."""


@pytest.fixture
def film(scenes: Path) -> Opening:
    make(scenes / FILM, size=(320, 240))
    return Opening(scenes, scenes / FILM)


def cup(frame: int) -> Say:
    """A cup that goes from the left of the picture to its right, in thousandths."""
    left = 40 + 50 * frame
    return Say(json.dumps([{"bbox_2d": [left, 400, left + 200, 600], "label": "cup"}]))


def seen(count: int, *last: Step) -> list[tuple[Step, ...]]:
    return [*((cup(frame),) for frame in range(count)), *((last,) if last else ())]


def rows(hand: Hand) -> list[str]:
    table = hand.screen.query_one("#findings", DataTable)
    return [" ".join(str(cell) for cell in table.get_row_at(n)) for n in range(table.row_count)]


def viewer(hand: Hand) -> Viewer:
    return hand.screen.query_one(Viewer)


async def follow(hand: Hand, names: str) -> None:
    """Press the key, type, Enter."""
    hand.files.focus()
    await hand.pilot.press("f")
    await hand.until(lambda: isinstance(hand.pilot.app.screen, OneLine))
    hand.pilot.app.screen.query_one(Input).value = names
    await hand.pilot.press("enter")


async def test_what_is_followed_is_drawn_and_told(scripted: Scripted, film: Opening) -> None:
    app, engine = scripted(*seen(FRAMES), opening=film)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await follow(hand, "cup")
        await hand.until(lambda: "4 Tracks" in text_of(hand.screen, "#tabs"))
        assert len(engine.requests) == FRAMES
        assert "1 thing followed through 15 frames" in hand.status
        assert viewer(hand).view is View.TRACKS
        assert "t1  00:00.00  cup: until 00:02.80, seen in 15 frames" in " ".join(rows(hand)[-1].split("\n"))
        for _ in range(2):
            await pilot.press("f5")
        await hand.until(lambda: "@00:02.00" in hand.caption and "t1 cup" in hand.picture)
        assert set("⠉⠒⠤⣀") & set(hand.picture), "the way is a line of dots"
        await pilot.press("1")
        await hand.until(lambda: "t1 cup" not in hand.picture)
        assert rows(hand) == []
        await pilot.press("4", "f4")
        await hand.until(lambda: "@00:01.00" in hand.caption and "t1 cup" in hand.picture)


async def test_a_row_leads_to_its_time_and_stands_out(scripted: Scripted, film: Opening) -> None:
    app, _ = scripted(*seen(FRAMES), opening=film)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await follow(hand, "cup")
        await hand.until(lambda: rows(hand))
        await pilot.press("f5", "f5")
        hand.screen.query_one("#findings").focus()
        await pilot.press("end")
        await hand.until(lambda: "@00:00.00" in hand.caption and "┏" in hand.picture)
        assert "cup: until 00:02.80" in hand.status


async def test_esc_stops_it_and_keeps_what_is_known(scripted: Scripted, film: Opening) -> None:
    hold = Hold()
    app, _ = scripted(*seen(8, hold), opening=film)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await follow(hand, "cup")
        await hand.status_says("frame 9 of 15")
        hand.files.focus()
        await pilot.press("f")  # a second one has to wait
        assert not isinstance(app.screen, OneLine)
        await pilot.press("escape")
        hold.gate.set()
        await hand.status_says("1 thing followed through 8 frames")
        assert "it was stopped at 00:01.40" in hand.status
        assert viewer(hand).view is View.TRACKS


async def test_an_engine_that_fails_leaves_what_was_found_so_far(scripted: Scripted, film: Opening) -> None:
    broken = Break(EngineFailure("the engine has ended", cure="ask again"))
    app, _ = scripted(*seen(6, broken), opening=film)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await follow(hand, "cup")
        await hand.until(lambda: any("the engine has ended" in notice for notice in hand.notices()))
        await hand.until(lambda: viewer(hand).view is View.TRACKS)
        assert "through 6 frames" in hand.status


async def test_what_is_nothing_is_said_below_the_line(scripted: Scripted, film: Opening) -> None:
    app, engine = scripted(opening=film)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await follow(hand, " , ")
        await hand.until(
            lambda: (
                isinstance(app.screen, OneLine)
                and "nothing is to be followed" in str(app.screen.query_one("#one-line-said").render())
            )
        )
        await pilot.press("escape")
        await hand.until(lambda: app.screen is hand.screen)
        assert engine.requests == []


async def test_what_is_nowhere_is_said(scripted: Scripted, film: Opening) -> None:
    app, _ = scripted(opening=film)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await follow(hand, "unicorn")
        await hand.status_says("nothing was found often enough to be followed")


async def test_a_film_that_was_cut_off_is_followed_as_far_as_it_goes(scripted: Scripted, film: Opening) -> None:
    assert film.picture is not None
    whole = film.picture.read_bytes()
    film.picture.write_bytes(whole[: len(whole) * 2 // 3])
    app, _ = scripted(opening=film)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: hand.caption or hand.notices())
        await follow(hand, "cup")
        await hand.until(lambda: hand.notices() or "nothing was found" in hand.status)


async def test_pictures_are_not_followed_through(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert hand.screen.check_action("follow", ()) is False
        await pilot.press("f")
        assert app.screen is hand.screen
