"""Looking closer at the picture: keys and mouse, and what they leave alone."""

from __future__ import annotations

from functools import partial

import pytest
from textual import events

from backend.scene import Box
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located, scene
from tui.preview.capabilities import Capabilities
from tui.preview.viewport import STEP, WHOLE
from tui.widgets.findings_table import FindingsTable


def stands_out(hand: Hand, number: int) -> bool:
    return hand.pane.lit == {number}


async def to_view(hand: Hand) -> None:
    """The picture is there and has the focus."""
    await hand.ready()
    hand.pane.focus()
    await hand.settled()


async def test_keys_enlarge_move_and_show_the_whole_again(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await to_view(hand)
        whole = hand.pane.frame
        await pilot.press("plus", "equals_sign")
        await hand.until(lambda: hand.pane.frame != whole and f"{STEP**2:.1f}" in hand.caption)
        first = hand.pane.window
        assert first is not None
        await pilot.press("l", "right", "down")
        moved = hand.pane.window
        assert moved is not None
        assert moved.left > first.left
        assert moved.top > first.top
        assert (moved.width, moved.height) == (first.width, first.height)
        await pilot.press(*["j"] * 20, *["right"] * 20)
        corner = hand.pane.window
        assert corner is not None
        assert (corner.left + corner.width, corner.top + corner.height) == (480, 360)
        await pilot.press("h")
        left = hand.pane.window
        assert left is not None
        assert left.left < corner.left, "the way back begins at once"
        await pilot.press("0")
        await hand.until(lambda: hand.pane.frame == whole)
        assert "enlarged" not in hand.caption


async def test_enlarging_ends_where_there_is_nothing_more_to_see(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await to_view(hand)
        await pilot.press(*["plus"] * 40)
        await hand.settled()
        part = hand.pane.window
        assert part is not None
        assert part.width >= hand.pane.content_size.width / 4 - 1, "no pixel is wider than four cells"
        await pilot.press(*["minus"] * 40)
        assert hand.pane.viewport == WHOLE


async def test_another_picture_is_seen_whole(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await to_view(hand)
        await pilot.press("plus")
        await hand.until(lambda: "enlarged" in hand.caption)
        hand.files.focus()
        await pilot.press("down")
        await hand.until(lambda: "scene-2.png" in hand.caption)
        assert hand.pane.viewport == WHOLE
        assert "enlarged" not in hand.caption


@pytest.mark.parametrize("capabilities", [Capabilities(), Capabilities(graphics="kitty"), Capabilities(unicode=False)])
async def test_the_selected_finding_is_enlarged_and_the_next_is_moved_to(
    scripted: Scripted, capabilities: Capabilities
) -> None:
    app, _ = scripted((Say(located(1)),), capabilities=capabilities)
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        things = scene(1).objects
        table = hand.screen.query_one(FindingsTable)
        table.focus()
        await hand.until(lambda: hand.pane.lit == {0})
        hand.pane.focus()
        await hand.settled()
        assert not hand.pane.lit
        await pilot.press(*["plus"] * 4)
        for number, thing in enumerate(things):
            if number:
                table.focus()
                await pilot.press("down")
                await hand.until(partial(stands_out, hand, number))
            part = hand.pane.window
            x1, y1, x2, y2 = thing.box
            assert part is not None
            assert part.width < 200
            assert part.left - 1 <= (x1 + x2) / 2 <= part.left + part.width + 1
            assert part.top - 1 <= (y1 + y2) / 2 <= part.top + part.height + 1
            await hand.settled()
            assert f"{number + 1} {thing.name}" in hand.picture or f" {number + 1} " in hand.picture


async def test_the_depth_is_enlarged_as_well(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await to_view(hand)
        await pilot.press("f7")
        await hand.until(lambda: "near" in hand.caption or "depth" in hand.caption)
        whole = hand.pane.frame
        await pilot.press("plus")
        await hand.until(lambda: hand.pane.frame != whole and "enlarged" in hand.caption)


async def test_wheel_and_drag_do_what_the_keys_do(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await to_view(hand)
        await pilot._post_mouse_events([events.MouseScrollUp], hand.pane, (20, 10), button=0)
        assert hand.pane.viewport.zoom == pytest.approx(STEP)
        before = hand.pane.window
        await pilot.mouse_down(hand.pane, offset=(30, 10))
        await pilot.hover(hand.pane, offset=(20, 10))
        await pilot.mouse_up(hand.pane, offset=(20, 10))
        after = hand.pane.window
        assert before is not None
        assert after is not None
        assert after.left > before.left, "the picture goes where it is dragged"


async def test_the_part_in_view_is_asked_about(scripted: Scripted) -> None:
    app, engine = scripted((Say(located(1)),), (Say('[{"bbox_2d": [0, 500, 1000, 1000], "label": "cup"}]'),), (Say("Yes."),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f8")  # no second looks, which are requests of their own
        await hand.ask("Locate every object")
        await hand.answered()
        hand.pane.focus()
        await hand.settled()
        await pilot.press("v")
        assert "Enlarge it first" in hand.notices()[-1]
        await pilot.press("plus", "plus", "h", "v")
        await hand.until(lambda: "questions are about this part" in hand.caption)
        assert "part in view" in hand.line.placeholder
        part = hand.pane.window
        assert part is not None
        await hand.ask("Locate the cup")
        await hand.answered(2)
        assert "about the visible part" in hand.status
        asked = hand.turns[-1].exchange
        assert asked.window == part
        (box,) = asked.findings
        assert isinstance(box, Box)
        assert box.corners == pytest.approx(
            (part.left, part.top + part.height / 2, part.left + part.width, part.top + part.height), abs=0.01
        )
        assert asked.answer is not None
        reference = asked.answer.pictures[0]
        assert (reference.width, reference.height, reference.part) == (480, 360, part)
        assert reference.as_dict()["part"] == [part.left, part.top, part.width, part.height]
        whole, crop = engine.requests[:2]
        assert len(crop.messages) == 1, "what was said of the whole picture is not said of the part"
        assert crop.messages[0].parts[0] != whole.messages[0].parts[0]
        await pilot.press("escape")
        hand.pane.focus()
        await pilot.press("0")
        await hand.until(lambda: "this part" not in hand.caption)
        assert "part in view" not in hand.line.placeholder
        await hand.ask("Is it a cup?")
        await hand.answered(3)
        again = engine.requests[-1]
        assert hand.turns[-1].exchange.part == ""
        assert again.messages[0].parts[0] == whole.messages[0].parts[0]
        assert len(again.messages) == 3, "the first question and its answer, which were about the whole, and this one"


async def test_a_part_of_several_pictures_cannot_be_asked_about(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await to_view(hand)
        await pilot.press("plus", "v")
        await hand.until(lambda: "this part" in hand.caption)
        hand.files.focus()
        await pilot.press("space", "down", "space", "up")
        await hand.until(lambda: "this part" not in hand.caption and "scene-1" in hand.caption)
        hand.pane.focus()
        await pilot.press("plus", "v")
        await hand.until(lambda: any("none of several" in notice for notice in hand.notices()))
        assert "part in view" not in hand.line.placeholder
