"""Two marked pictures: the depth that they tell, and what changed between them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import DataTable, Input

from backend.synthetic.material.stereo import ASIDE, BASELINE, LENS
from backend.synthetic.stereo import draw_room, side_by_side
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, at_work, text_of
from tui.opening import Opening
from tui.preview.views import View
from tui.screens.one_line import OneLine
from tui.widgets.viewer import Viewer


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`1-left.png` and `2-right.png`, a rectified pair; `3-aside.png`, taken freely; `4-small.png`, the right one reduced."""
    folder = tmp_path_factory.mktemp("room")
    made = draw_room(3)
    left, right = side_by_side(made, BASELINE, LENS)
    for name, shot in (("1-left", left), ("2-right", right), ("3-aside", made.seen(ASIDE, LENS))):
        shot.picture.save(folder / f"{name}.png")
    right.picture.resize((200, 150)).save(folder / "4-small.png")
    return folder


def view(hand: Hand) -> View:
    return hand.screen.query_one(Viewer).view


def rows(hand: Hand) -> list[str]:
    table = hand.screen.query_one("#findings", DataTable)
    return [" ".join(str(cell) for cell in table.get_row_at(n)) for n in range(table.row_count)]


async def mark(hand: Hand, *names: str) -> None:
    """Mark the pictures of these names, in that order."""
    hand.files.focus()
    for name in names:
        at = next(n for n, entry in enumerate(hand.files.shown) if entry.path.name == name)
        hand.files.cursor = at
        await hand.pilot.pause()
        await hand.pilot.press("space")
    await hand.until(lambda: f"/{len(names)}" in text_of(hand.screen, "#tabs"))


async def answer(hand: Hand, key: str, line: str) -> None:
    await hand.pilot.press(key)
    await hand.until(lambda: isinstance(hand.pilot.app.screen, OneLine))
    hand.pilot.app.screen.query_one(Input).value = line
    await hand.pilot.press("enter")


async def test_a_pair_tells_metres_where_the_baseline_is_known(scripted: Scripted, room: Path) -> None:
    located = [{"bbox_2d": [60, 560, 300, 720], "label": "box", "image": 1}]
    app, _ = scripted((Say(json.dumps(located)),), opening=Opening(room))
    async with at_work(app, (150, 40)) as hand:
        assert hand.screen.check_action("stereo", ()) is False
        await mark(hand, "1-left.png", "2-right.png")
        assert hand.screen.check_action("stereo", ()) is True
        await hand.ask("Locate the box")
        await hand.answered()
        hand.files.focus()
        await answer(hand, "s", "0.12 m")
        await hand.until(lambda: view(hand) is View.STEREO and "light is near" in hand.caption)
        assert "1-left.png" in hand.caption
        assert "█" in text_of(hand.screen, "#legend")
        assert " m  metres along the camera's axis, an estimate; hatched: not known" in text_of(hand.screen, "#legend")
        assert "rectified pair, baseline 0.12 m" in hand.status
        assert any("the focal length is a guess" in notice for notice in hand.notices())
        await hand.until(lambda: rows(hand) and " m" in rows(hand)[0] and "±" in rows(hand)[0])
        metres = float(rows(hand)[0].split(" ± ")[0].split()[-1])
        assert 2 < metres < 11
        await hand.pilot.press("u")
        await hand.until(lambda: "Stereo" not in text_of(hand.screen, "#tabs"))
        await hand.pilot.press("down")
        await hand.until(lambda: not hand.screen.query_one("#legend").display)


async def test_free_views_are_measured_up_to_scale_and_it_says_why(scripted: Scripted, room: Path) -> None:
    app, _ = scripted(opening=Opening(room))
    async with at_work(app, (150, 40)) as hand:
        await mark(hand, "1-left.png", "3-aside.png")
        await answer(hand, "s", "")
        await hand.until(lambda: view(hand) is View.STEREO and "light is near" in hand.caption)
        assert "two free views, up to scale" in hand.status
        (notice,) = hand.notices()
        assert "taken as two free views, for as a rectified pair:" in notice


async def test_pictures_of_different_size_are_no_rectified_pair(scripted: Scripted, room: Path) -> None:
    app, _ = scripted(opening=Opening(room))
    async with at_work(app, (150, 40)) as hand:
        await mark(hand, "1-left.png", "4-small.png")
        await answer(hand, "s", "")
        await hand.until(hand.notices)
        (notice,) = hand.notices()
        assert "the pictures have different sizes" in notice


async def test_the_same_picture_twice_tells_no_depth(scripted: Scripted, room: Path, tmp_path: Path) -> None:
    folder = tmp_path / "same"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        Image.open(room / "1-left.png").save(folder / name)
    app, _ = scripted(opening=Opening(folder))
    async with at_work(app, (150, 40)) as hand:
        await mark(hand, "a.png", "b.png")
        await answer(hand, "s", "")
        await hand.until(hand.notices)
        (notice,) = hand.notices()
        assert "and as a rectified pair:" in notice
        assert "take a step to the side" in notice
        assert view(hand) is View.PICTURE
        assert "Stereo" not in text_of(hand.screen, "#tabs")


async def test_a_distance_that_is_none_is_refused_below_the_line(scripted: Scripted, room: Path) -> None:
    app, _ = scripted(opening=Opening(room))
    async with at_work(app, (150, 40)) as hand:
        await mark(hand, "1-left.png", "2-right.png")
        for wrong in ("far", "-1", "120"):
            await hand.pilot.press("s")
            await hand.until(lambda: isinstance(app.screen, OneLine))
            app.screen.query_one(Input).value = wrong
            await hand.pilot.press("enter")
            await hand.until(lambda: "no distance between two cameras" in str(app.screen.query_one("#one-line-said").render()))
            await hand.pilot.press("escape")
            await hand.until(lambda: app.screen is hand.screen)


def boxes(*found: tuple[str, int, int]) -> tuple[Say]:
    """An answer: things of a tenth of the picture, by name and place."""
    listed = [{"bbox_2d": [x, y, x + 100, y + 100], "label": name} for name, x, y in found]
    return (Say(json.dumps(listed)),)


STILL = (("pot", 100, 100), ("pan", 700, 100), ("jar", 400, 700))


async def test_what_changed_is_drawn_on_either_picture_and_told(scripted: Scripted) -> None:
    before, after = boxes(*STILL, ("cup", 100, 500), ("key", 800, 800)), boxes(*STILL, ("cup", 500, 500))
    app, engine = scripted(before, after)
    async with at_work(app, (150, 44)) as hand:
        await hand.pilot.press("f8")  # no second looks: they would be asked of the scripted engine as well
        await mark(hand, "scene-1.png", "scene-2.png")
        await answer(hand, "d", "where is everything?")
        await hand.until(lambda: view(hand) is View.CHANGES)
        assert all("everything" in str(request.messages[-1].parts) for request in engine.requests)
        assert "2 changes; the camera stood still" in hand.status
        told = [" ".join(row.split("\n")) for row in rows(hand)]
        assert len(told) == 5
        assert any("moved  cup: it is 192 px right of where it was" in row for row in told)
        assert any("disappeared  key:" in row for row in told)
        assert sum("unchanged" in row for row in told) == 3
        await hand.until(lambda: "scene-2" in hand.caption)
        assert "cup moved" in hand.picture
        assert "╌" in hand.picture, "where the cup was"
        await hand.pilot.press("greater_than_sign")
        await hand.until(lambda: "scene-1" in hand.caption and "key disappeared" in hand.picture)
        assert "╌" not in hand.picture
        hand.screen.query_one("#findings").focus()
        await hand.pilot.press("home")
        await hand.until(lambda: "scene-2" in hand.caption and "┏" in hand.picture)


async def test_nothing_found_in_both_is_said_with_a_cure(scripted: Scripted) -> None:
    app, _ = scripted(boxes(), boxes())
    async with at_work(app, (150, 44)) as hand:
        await mark(hand, "scene-1.png", "scene-2.png")
        await answer(hand, "d", "")
        await hand.until(hand.notices)
        (notice,) = hand.notices()
        assert "nothing was found in either picture" in notice
        assert "say what to look for" in notice
        assert "Changes" not in text_of(hand.screen, "#tabs")
