"""What an update writes to the terminal, beside what Textual's own compositor writes for the same one."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tests.scripted import Say
from tests.tui.conftest import Scripted, at_work, located
from tui.compositor import FrugalCompositor
from tui.screens.jump import JumpScreen
from tui.widgets.conversation_pane import ConversationPane
from tui.widgets.picture_view import PictureView

SIZES = ((80, 24), (120, 40), (200, 60))


_MOVES = re.compile(r"(?:\x1b\[\d+;\d+H|\n)+(?=\x1b\[\d+;\d+H|\Z)")
"""Of the cursor, to places where nothing is written: Textual's goes to what begins where a change ends, too."""


def written(update: ChopsUpdate | None, compositor: Compositor) -> str:
    assert update is not None
    assert compositor.root is not None
    return _MOVES.sub("", update.render_segments(compositor.root.app.console))


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


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[[Widget], list[Region]]:
    """The parts of a widget that are drawn from now on."""

    def watch(widget: Widget) -> list[Region]:
        crops: list[Region] = []
        draw = widget.render_lines

        def render_lines(crop: Region) -> list[Strip]:
            crops.append(crop)
            return draw(crop)

        monkeypatch.setattr(widget, "render_lines", render_lines)
        return crops

    return watch


async def test_only_widgets_that_change_are_drawn(scripted: Scripted, drawn: Callable[[Widget], list[Region]]) -> None:
    app, _ = scripted()
    async with at_work(app, (120, 40)) as hand:
        await hand.settled()
        files = drawn(hand.files)
        hand.line.focus()
        await hand.pilot.press("a", "b")
        await hand.until(lambda: hand.line.value == "ab")
        files.clear()
        await hand.pilot.press("c")
        await hand.until(lambda: hand.line.value == "abc")
        assert not files
        hand.files.focus()
        await hand.pilot.pause()
        files.clear()
        await hand.pilot.press("j")
        await hand.until(lambda: files)
        assert all(crop.height <= 2 for crop in files)


async def test_what_lies_behind_others_is_not_drawn(scripted: Scripted, drawn: Callable[[Widget], list[Region]]) -> None:
    app, _ = scripted()
    async with at_work(app, (120, 40)) as hand:
        await hand.settled()
        hand.line.focus()
        await hand.settled()
        behind = [drawn(hand.screen), drawn(hand.screen.query_one("#panes"))]
        await hand.pilot.press("a")
        await hand.until(lambda: hand.line.value == "a")
        assert not any(behind)


async def test_scrolling_draws_what_is_scrolled(scripted: Scripted, drawn: Callable[[Widget], list[Region]]) -> None:
    """Also for the first time since the screen was laid out."""
    app, _ = scripted((Say("".join(f"{number} is a line.\n\n" for number in range(60))),))
    async with at_work(app, (120, 40)) as hand:
        await hand.ask("Count")
        await hand.answered()
        conversation = hand.screen.query_one(ConversationPane)
        conversation.focus()
        await hand.settled()
        assert conversation.scroll_y == conversation.max_scroll_y > 0
        hand.screen.refresh(layout=True)
        await hand.pilot.pause()
        others = [drawn(hand.files), drawn(hand.screen.query_one(PictureView))]
        await hand.pilot.press("pageup")
        await hand.until(lambda: conversation.scroll_y < conversation.max_scroll_y)
        assert not any(others)
