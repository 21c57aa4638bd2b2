"""What an update writes to the terminal, beside what Textual's own compositor writes for the same one."""

from __future__ import annotations

import random

import pytest
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

from tests.scripted import Say
from tests.tui.conftest import Scripted, at_work, located
from tui.compositor import FrugalCompositor
from tui.screens.jump import JumpScreen

SIZES = ((80, 24), (120, 40), (200, 60))


def written(update: ChopsUpdate | None, compositor: Compositor) -> str:
    assert update is not None
    return update.render_segments(compositor.root.app.console) if compositor.root is not None else ""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("jumping", [False, True], ids=["plain", "letters on top"])
async def test_an_update_writes_what_textuals_own_would_write(scripted: Scripted, size: tuple[int, int], jumping: bool) -> None:
    app, _ = scripted((Say(located(2)),))
    chance = random.Random(7)
    async with at_work(app, size) as hand:
        await hand.ask("Locate every object")
        await hand.answered()
        await hand.settled()
        if jumping:
            app.screen.action_go_to_part()  # type: ignore[attr-defined]
            await hand.until(lambda: isinstance(app.screen, JumpScreen))
        compositor = hand.screen._compositor
        assert isinstance(compositor, FrugalCompositor)
        for _ in range(60):
            regions = set()
            for _ in range(chance.randint(1, 4)):
                x, y = chance.randrange(size[0]), chance.randrange(size[1])
                regions.add(Region(x, y, chance.randint(1, size[0] - x), chance.randint(1, size[1] - y)))
            regions.discard(Region(0, 0, *size))
            compositor._dirty_regions = set(regions)
            ours = written(compositor.render_partial_update(), compositor)
            compositor._dirty_regions = set(regions)
            assert ours == written(Compositor.render_partial_update(compositor), compositor)
            assert ours


async def test_only_widgets_that_change_are_drawn(scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    app, _ = scripted()
    async with at_work(app, (120, 40)) as hand:
        await hand.settled()
        drawn: list[Region] = []
        draw = hand.files.render_lines

        def render_lines(crop: Region) -> list[Strip]:
            drawn.append(crop)
            return draw(crop)

        monkeypatch.setattr(hand.files, "render_lines", render_lines)
        hand.line.focus()
        await hand.pilot.press("a", "b")
        await hand.until(lambda: hand.line.value == "ab")
        drawn.clear()
        await hand.pilot.press("c")
        await hand.until(lambda: hand.line.value == "abc")
        assert not drawn
        hand.files.focus()
        await hand.pilot.pause()
        drawn.clear()
        await hand.pilot.press("j")
        await hand.until(lambda: drawn)
        assert all(crop.height <= 2 for crop in drawn)
