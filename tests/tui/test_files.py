"""The file list: walking, filtering, and names that try to be something else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.tui.conftest import Hand, Scripted, scene
from tui.opening import Opening


def names(hand: Hand) -> list[str]:
    return [entry.path.name for entry in hand.files.shown]


async def test_a_folder_shows_its_pictures_and_the_first_one(scripted: Scripted, scenes: Path) -> None:
    (scenes / "notes.txt").write_text("no picture")
    app, _ = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert names(hand)[1:] == ["more", "scene-1.png", "scene-2.png", "scene-3.png"]
        assert hand.files.current is not None
        assert hand.files.current.path == scenes / "scene-1.png"


async def test_arrows_and_vim_keys_walk_and_the_picture_follows(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()

        def current() -> str:
            return hand.files.current.path.name if hand.files.current else ""

        for key, name in (("j", "scene-2.png"), ("down", "scene-3.png"), ("k", "scene-2.png"), ("G", "scene-3.png")):
            await pilot.press(key)
            assert current() == name
        shown = hand.pane.frame
        await pilot.press("up")
        await hand.until(lambda: hand.pane.frame is not shown)
        await pilot.press("g")
        assert current() == ".." or hand.files.cursor == 0


async def test_pages_and_clicks(scripted: Scripted, scenes: Path) -> None:
    for number in range(40):
        scene(2).render().save(scenes / f"many-{number:02}.png")
    app, _ = scripted()
    async with app.run_test(size=(80, 24)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        start = hand.files.cursor
        await pilot.press("pagedown")
        page = hand.files.cursor - start
        assert page == hand.files.size.height - 1
        await pilot.press("ctrl+u")
        assert hand.files.cursor == start
        await pilot.press("g")
        await pilot.click(hand.files, offset=(4, 5))
        assert hand.files.cursor == 5
        await pilot.click(hand.files, offset=(4, 0), times=2)
        await hand.until(lambda: hand.files.folder == scenes.parent)


async def test_folders_are_entered_and_left(scripted: Scripted, scenes: Path) -> None:
    scene(1).render().save(scenes / "more" / "deep.png")
    app, _ = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("k", "l")
        await hand.until(lambda: names(hand)[1:] == ["deep.png"])
        await pilot.press("h")
        await hand.until(lambda: "scene-1.png" in names(hand))
        assert hand.files.current is not None
        assert hand.files.current.path == scenes / "more"


async def test_typing_filters_and_escape_gives_it_up(scripted: Scripted) -> None:
    app, _ = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("slash", *"E-2")
        await hand.until(lambda: names(hand) == ["scene-2.png"])
        await hand.until(lambda: hand.caption.startswith("scene-2.png"))
        await pilot.press("enter")
        assert hand.files.has_focus
        await pilot.press("slash", "escape")
        await hand.until(lambda: len(names(hand)) == 5)
        assert not hand.screen.query_one("#file-filter", Input).display
        assert hand.files.has_focus


async def test_a_picture_is_opened_on_and_keeps_its_odd_name(scripted: Scripted, scenes: Path) -> None:
    odd = scenes / "photo"
    (scenes / "scene-3.png").replace(odd)
    app, _ = scripted(opening=Opening(scenes, odd))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert hand.files.current is not None
        assert hand.files.current.path == odd


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("[red]markup[bold].png", "[red]markup[bold].png"),
        ("line\nbreak.png", "line\\nbreak.png"),
        ("esc\x1b[31m.png", "esc\\e[31m.png"),
        ("rtl\u202egnp.png", "rtl\\u202egnp.png"),
        ("红色圆形.png", "红色圆形.png"),
        (os.fsdecode(b"latin-\xe9.png"), "latin-\\udce9.png"),
    ],
)
async def test_strange_names_are_shown_and_opened(scripted: Scripted, tmp_path: Path, name: str, shown: str) -> None:
    folder = tmp_path / "strange"
    folder.mkdir()
    scene(1).render().save(folder / name, format="PNG")
    app, _ = scripted(opening=Opening(folder))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        row = "".join(segment.text for segment in hand.files.render_line(1))
        assert "\x1b" not in row
        assert "\n" not in row
        assert shown[:10] in row
        await hand.ask("What is it?")
        await hand.answered()


async def test_an_empty_folder_says_so_and_a_question_needs_a_picture(scripted: Scripted, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    app, engine = scripted(opening=Opening(tmp_path / "empty"))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: len(app.screen_stack) > 1 and names(hand) == [tmp_path.name])
        await hand.ask("What is it?")
        await hand.until(lambda: "Choose a picture first." in hand.notices())
        assert not engine.requests


async def test_a_folder_that_cannot_be_listed_is_a_notice(scripted: Scripted, tmp_path: Path) -> None:
    app, _ = scripted(opening=Opening(tmp_path / "gone"))
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: any("cannot be listed" in notice for notice in hand.notices()))
        await pilot.press("h")
        await hand.until(lambda: hand.files.folder == tmp_path)


async def test_reloading_finds_new_pictures(scripted: Scripted, scenes: Path) -> None:
    app, _ = scripted()
    async with app.run_test() as pilot:
        hand = Hand(pilot)
        await hand.ready()
        scene(2).render().save(scenes / "scene-0.png")
        await pilot.press("r")
        await hand.until(lambda: "scene-0.png" in names(hand))
        assert hand.files.current is not None
        assert hand.files.current.path.name == "scene-1.png"
