"""F3: from the picture to the view from above and back, for answers that have 3D boxes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from backend.export import ground_page
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located
from tests.tui.preview.decoders import Kitty
from tui.preview.canvas import Frame
from tui.preview.capabilities import Capabilities
from tui.preview.from_above import UNIT
from tui.preview.kitty import KittyPicture
from tui.preview.pixels import PixelFrame
from tui.theme import DARK, LIGHT

SOLIDS = (
    '[{"bbox_3d": [-1, 0.8, 5, 1, 0.8, 1, 0, 0, 0], "label": "red box"}, '
    '{"bbox_3d": [1, 0.8, 6, 1, 0.8, 1, 0, 0.1, 0], "label": "blue box"}]'
)
BOXES = ('[{"bbox_2d": [250, 500, 420, 700], "label": "red box"}]', '[{"bbox_2d": [560, 500, 720, 660], "label": "blue box"}]')
QUESTION = "Give the 3D bounding box of every box."


def enabled(hand: Hand, action: str) -> bool:
    return any(active.binding.action == action and active.enabled for active in hand.screen.active_bindings.values())


@pytest.mark.parametrize("capabilities", [Capabilities(), Capabilities(colour=False, unicode=False)])
async def test_there_and_back(scripted: Scripted, capabilities: Capabilities) -> None:
    app, _ = scripted((Say(SOLIDS),), *((Say(box),) for box in BOXES), capabilities=capabilities)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert not enabled(hand, "switch_view")
        await pilot.press("f3")
        await hand.ask(QUESTION)
        await hand.answered()
        await hand.until(lambda: enabled(hand, "switch_view") and not hand.pane.busy)
        assert UNIT not in hand.picture, "a key that did nothing then does nothing later"
        await pilot.press("f3")
        await hand.until(lambda: UNIT in hand.picture)
        assert "1 red box" in hand.picture
        assert "2 blue box" in hand.picture
        assert "seen from above" in hand.caption
        await pilot.press("f3")
        await hand.until(lambda: UNIT not in hand.picture)
        assert "seen from above" not in hand.caption


def _is_drawn(hand: Hand, before: Frame | None) -> bool:
    return not hand.pane.busy and hand.pane.frame is not before


async def test_the_page_goes_with_the_theme(scripted: Scripted) -> None:
    app, _ = scripted((Say(SOLIDS),), *((Say(box),) for box in BOXES), capabilities=Capabilities(graphics="kitty"))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask(QUESTION)
        await hand.answered()
        await pilot.press("f3")
        await hand.until(lambda: "seen from above" in hand.caption and not hand.pane.busy)
        sent: list[tuple[int, ...]] = []
        for theme in (DARK, LIGHT, DARK):
            changes, before = app.theme != theme.name, hand.pane.frame
            app.theme = theme.name
            await hand.until(partial(_is_drawn, hand, before if changes else None))
            frame = hand.pane.frame
            assert isinstance(frame, PixelFrame)
            assert isinstance(frame.pixels, KittyPicture)
            terminal = Kitty()
            terminal.read(frame.pixels.transmission())
            sent.append(tuple(terminal.pictures[frame.pixels.number][2, 2].tolist()))
        assert sent == [ground_page.DARK.page, ground_page.LIGHT.page, ground_page.DARK.page]


async def test_camera_and_checks_stand_below_the_answer(scripted: Scripted) -> None:
    app, _ = scripted((Say(SOLIDS),), *((Say(box),) for box in BOXES))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask(QUESTION)
        await hand.answered()
        assert "metres are the model's estimate; camera: 60° across, assumed" in hand.reply()
        await pilot.press("ctrl+g")  # all that backs it
        assert "1 red box projects onto 3 red box" in hand.reply()
        assert "1 red box stands on the ground" in hand.reply()


async def test_another_picture_is_shown_as_a_picture(scripted: Scripted) -> None:
    app, _ = scripted((Say(SOLIDS),), (Say(BOXES[0]),), (Say(BOXES[1]),), (Say(located(2)),))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask(QUESTION)
        await hand.answered()
        await pilot.press("f3")
        await hand.until(lambda: UNIT in hand.picture)
        await pilot.press("escape", "down")
        await hand.until(lambda: "scene-2" in hand.caption and not hand.pane.busy and UNIT not in hand.picture)
        await pilot.press("f3")
        await hand.ask("Locate every object")
        await hand.answered()
        assert not enabled(hand, "switch_view")
        assert UNIT not in hand.picture


async def test_what_is_seen_from_above_is_saved_so(scripted: Scripted, scenes: Path) -> None:
    app, _ = scripted((Say(SOLIDS),), *((Say(box),) for box in BOXES))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask(QUESTION)
        await hand.answered()
        await pilot.press("ctrl+s")
        await hand.until((scenes / "scene-1-sightline.png").exists)
        await pilot.press("f3")
        await hand.until(lambda: UNIT in hand.picture)
        await pilot.press("ctrl+s")
        await hand.until((scenes / "scene-1-above-sightline.png").exists)
        with (
            Image.open(scenes / "scene-1-sightline.png") as picture,
            Image.open(scenes / "scene-1-above-sightline.png") as page,
        ):
            assert picture.size == (480, 360)
            assert page.size != picture.size
