"""Tabs above the picture: what there is of them, turned to by key and by click, and which of several pictures is shown."""

from __future__ import annotations

import json
from functools import partial

from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, text_of
from tests.tui.test_depth import only_the_bundled_network as only_the_bundled_network
from tui.preview.views import View
from tui.widgets.tab_strip import TabStrip
from tui.widgets.viewer import Viewer

SOLID = json.dumps([{"bbox_3d": [0.2, 0.1, 4.0, 1.0, 0.8, 1.2, 0.0, 0.0, 0.0], "label": "red box"}])


def tabs(hand: Hand) -> str:
    return text_of(hand.screen, "#tabs")


def view(hand: Hand) -> View:
    return hand.screen.query_one(Viewer).view


def shown(hand: Hand, name: str) -> bool:
    return name in hand.caption


async def test_a_picture_has_tabs_that_keys_turn_to(scripted: Scripted) -> None:
    app, _ = scripted((Say(SOLID),))
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert tabs(hand).split() == ["1", "Picture", "2", "Depth"]
        await hand.ask("Give the 3D bounding box of the red box.")
        await hand.answered()
        await hand.until(lambda: "3 From above" in tabs(hand))
        hand.files.focus()
        await pilot.press("3")
        await hand.until(lambda: "seen from above" in hand.caption)
        await pilot.press("right_square_bracket")  # round to the first
        await hand.until(lambda: view(hand) is View.PICTURE and "seen from above" not in hand.caption)
        await pilot.press("left_square_bracket", "left_square_bracket")
        await hand.until(lambda: "light is near" in hand.caption)
        await pilot.press("7")  # there is none
        assert view(hand) is View.DEPTH
        await pilot.press("f7")
        assert view(hand) is View.PICTURE


async def test_a_number_that_is_typed_is_no_tab(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        hand.line.focus()
        await pilot.press("2", "left_square_bracket", "less_than_sign")
        assert hand.line.value == "2[<"
        assert view(hand) is View.PICTURE


async def test_a_tab_is_clicked(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        strip = hand.screen.query_one(TabStrip)
        await pilot.click(strip, offset=(1 + tabs(hand).index("Depth"), 0))
        await hand.until(lambda: "light is near" in hand.caption)


async def test_which_of_the_marked_pictures_is_shown_is_said_and_gone_through(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert not hand.screen.check_action("picture_by", (1,))
        await pilot.press("space", "down", "space", "down")
        await hand.until(lambda: "scene-3" in hand.caption)
        assert "2 marked" in tabs(hand)
        for expected, name in (("picture 1/2", "scene-1"), ("picture 2/2", "scene-2"), ("picture 1/2", "scene-1")):
            await pilot.press("greater_than_sign")
            await hand.until(partial(shown, hand, name))
            assert expected in tabs(hand)
        await pilot.press("less_than_sign")
        await hand.until(lambda: "picture 2/2" in tabs(hand) and "scene-2" in hand.caption)


async def test_a_narrow_strip_says_where_one_is(scripted: Scripted) -> None:
    app, _ = scripted((Say(SOLID),))
    async with app.run_test(size=(80, 24)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Give the 3D bounding box of the red box.")
        await hand.answered()
        await hand.until(lambda: "From above" in tabs(hand))
        await pilot.resize_terminal(56, 24)
        await hand.until(lambda: "1/3" in tabs(hand))
        await pilot.press("f3")
        await hand.until(lambda: "From above 3/3" in tabs(hand))
