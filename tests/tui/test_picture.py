"""The picture pane: what is shown while files are unreadable, keys are held down and the terminal changes its size."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Static

from backend.media import images
from backend.scene import Picture
from tests.scripted import Say
from tests.tui.conftest import PATIENCE, Hand, Scripted, located, scene
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.widgets.findings_table import FindingsTable


def instead(hand: Hand) -> str:
    widget = hand.pane.query_one("#picture-instead", Static)
    return str(widget.visual) if widget.display else ""


@pytest.mark.parametrize(
    ("name", "content"), [("text.jpg", b"plain text"), ("empty.png", b""), ("cut.png", b"\x89PNG\r\n\x1a\n")]
)
async def test_an_unreadable_picture_says_why_and_the_next_one_is_shown(
    scripted: Scripted, scenes: Path, name: str, content: bytes
) -> None:
    broken = scenes / name
    broken.write_bytes(content)
    app, engine = scripted(opening=Opening(scenes, broken))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: len(app.screen_stack) > 1 and name in instead(hand))
        assert "is not a picture sightline can read" in instead(hand)
        await hand.ask("What is it?")
        await hand.answered()
        assert "is not a picture sightline can read" in hand.reply()
        assert not engine.requests
        await pilot.press("escape", "G", "up")
        await hand.until(lambda: hand.pane.frame is not None and not instead(hand))


async def test_a_held_key_makes_few_frames_and_ends_on_the_right_one(
    scripted: Scripted, scenes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        scene(2).render().save(scenes / f"many-{number:02}.png")
    opened: list[str] = []
    gate = Event()
    load = images.load

    def slow(path: str | Path) -> Picture:
        opened.append(Path(path).name)
        gate.wait(PATIENCE)
        return load(path)

    app, _ = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        monkeypatch.setattr(images, "load", slow)
        for _ in range(62):
            await pilot.press("down")
        assert len(opened) <= 3, "one that is being made, perhaps the one ahead of the first picture, and one looked ahead at"
        gate.set()
        await hand.until(lambda: "scene-3.png" in opened)
        assert len(opened) <= 6, "of 62 that the cursor passed; the model looks at the neighbours of the last"


async def test_resizing_draws_the_picture_anew(scripted: Scripted) -> None:
    app, _ = scripted((Say(located(1)),))
    async with app.run_test(size=(120, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        for width, height in ((80, 24), (240, 70), (40, 12), (100, 30)):
            await pilot.resize_terminal(width, height)
            await hand.until(lambda: hand.pane.frame is not None and hand.pane.frame.width == hand.pane.content_size.width)
            assert hand.pane.frame is not None
            assert hand.pane.frame.height <= hand.pane.content_size.height
        assert "┌" in hand.picture


async def test_a_narrow_terminal_gives_the_room_to_what_is_worked_on(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test(size=(80, 24)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        before = hand.pane.region
        assert before.x == hand.files.region.right == 20
        await pilot.press("enter")
        await hand.until(lambda: hand.pane.region.x == 0 and hand.pane.region.width > before.width)
        await pilot.press("escape")
        await hand.until(lambda: hand.pane.region == before and hand.files.has_focus)


async def test_a_terminal_too_small_for_anything_is_survived(scripted: Scripted) -> None:
    app, _ = scripted((Say(located(1)),))
    async with app.run_test(size=(80, 24)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.resize_terminal(5, 2)
        await hand.ask("Locate every object")
        await hand.answered()
        await pilot.resize_terminal(100, 30)
        await hand.until(lambda: "┌" in hand.picture)


@pytest.mark.parametrize("colour", [True, False])
async def test_without_unicode_the_whole_screen_is_ascii(scripted: Scripted, colour: bool) -> None:
    app, _ = scripted((Say(located(1)),), capabilities=Capabilities(colour, unicode=False))
    async with app.run_test(size=(100, 30)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        await hand.until(lambda: hand.screen.query_one(FindingsTable).row_count > 0)
        lines = ["".join(segment.text for segment in strip) for strip in hand.screen._compositor.render_strips()]
        assert [line for line in lines if not line.isascii()] == []


async def test_a_changed_file_is_read_again(scripted: Scripted, scenes: Path) -> None:
    app, _ = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        before = hand.pane.frame
        scene(2).render().save(scenes / "scene-1.png")
        await pilot.press("r")
        await hand.until(lambda: hand.pane.frame is not None and hand.pane.frame != before)
