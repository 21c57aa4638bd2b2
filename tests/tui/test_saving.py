"""Saving what a tab shows: each as a picture of its own, as large as what it is of, named by the tab."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from backend.answer import Answer, PictureRef
from backend.catalog import places
from backend.media.images import load
from backend.memory.journal import Journal
from backend.places.remembering import keep_views, remember
from tests.media.film.making import make
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, located, text_of
from tests.tui.test_following import FILM, FRAMES, follow, seen
from tests.tui.test_pairs import STILL, answer, boxes, mark, view
from tests.tui.test_pairs import room as room  # a fixture
from tests.tui.test_place_map import FAR, NEAR
from tui.opening import Opening
from tui.preview.views import View


@pytest.fixture(autouse=True)
def only_the_bundled_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine has installed."""
    monkeypatch.setattr(places, "user_catalog", lambda: tmp_path / "models.toml")
    monkeypatch.setenv("SIGHTLINE_MODELS", str(tmp_path / "models"))


def differing(one: Path, other: Path) -> tuple[int, int, int, int] | None:
    """The part of two pictures of one size that is not the same."""
    with Image.open(one) as first, Image.open(other) as second:
        assert first.size == second.size
        return ImageChops.difference(first.convert("RGB"), second.convert("RGB")).getbbox()


def enabled(hand: Hand) -> bool | None:
    return hand.screen.check_action("save_overlay", ())


async def saved(hand: Hand, path: Path) -> Path:
    """Press the key, and wait for that file."""
    await hand.pilot.press("ctrl+s")
    await hand.until(path.exists)
    await hand.until(lambda: any(path.name in notice for notice in hand.notices()))
    return path


async def test_tracks_are_saved_on_the_frame_that_is_shown(scripted: Scripted, scenes: Path) -> None:
    make(scenes / FILM, size=(320, 240))
    app, _ = scripted(*seen(FRAMES), opening=Opening(scenes, scenes / FILM))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await follow(hand, "cup")
        await hand.until(lambda: view(hand) is View.TRACKS)
        await pilot.press("f5")
        await hand.until(lambda: "@00:01.00" in hand.caption)
        path = await saved(hand, scenes / "a-film-1.00s-tracks-sightline.png")
        await pilot.press("f5")
        await hand.until(lambda: "@00:02.00" in hand.caption)
        later = await saved(hand, scenes / "a-film-2.00s-tracks-sightline.png")
        with Image.open(path) as image:
            assert image.size == (320, 240)
        assert differing(path, later) is not None


async def test_frames_of_the_film_are_saved_as_a_sheet(scripted: Scripted, scenes: Path) -> None:
    make(scenes / FILM, size=(320, 240))
    app, _ = scripted(opening=Opening(scenes, scenes / FILM))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: "Timeline" in text_of(hand.screen, "#tabs"))
        hand.screen._viewer.turn(View.SHEET)
        await hand.until(lambda: hand.screen._viewer.as_image(None) is not None)
        with Image.open(await saved(hand, scenes / "a-film-frames-sightline.png")) as image:
            assert image.width > 3 * 320, "several frames in their own size beside each other"
            assert image.height > 3 * 240


async def test_depth_of_a_pair_is_saved_as_large_as_its_left_picture(scripted: Scripted, room: Path, tmp_path: Path) -> None:
    for name in ("1-left.png", "2-right.png"):
        (tmp_path / name).write_bytes((room / name).read_bytes())
    app, _ = scripted(opening=Opening(tmp_path))
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await mark(hand, "1-left.png", "2-right.png")
        await answer(hand, "s", "0.12")
        await hand.until(lambda: view(hand) is View.STEREO and "light is near" in hand.caption)
        path = await saved(hand, tmp_path / "1-left-stereo-sightline.png")
        with Image.open(path) as image, Image.open(tmp_path / "1-left.png") as left:
            assert image.width == max(left.width, 480)
            assert image.height > left.height, "its legend stands below"


async def test_changes_are_saved_on_either_picture(scripted: Scripted, scenes: Path) -> None:
    app, _ = scripted(boxes(*STILL, ("cup", 100, 500)), boxes(*STILL, ("cup", 500, 500)))
    async with app.run_test(size=(150, 44)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f8")
        await mark(hand, "scene-1.png", "scene-2.png")
        await answer(hand, "d", "where is everything?")
        await hand.until(lambda: view(hand) is View.CHANGES and "scene-2" in hand.caption)
        later = await saved(hand, scenes / "scene-2-changes-sightline.png")
        assert differing(later, scenes / "scene-2.png") is not None
        await pilot.press("greater_than_sign")
        await hand.until(lambda: "scene-1" in hand.caption)
        earlier = await saved(hand, scenes / "scene-1-changes-sightline.png")
        where = differing(earlier, scenes / "scene-1.png")
        assert where is not None
        again = await saved(hand, scenes / "scene-1-changes-sightline-2.png")
        assert differing(earlier, again) is None


async def test_the_map_of_a_place_is_saved(scripted: Scripted, scenes: Path, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    picture = load(scenes / "scene-1.png")
    keep_views(journal.path, "kitchen", [picture])
    remember(journal.path, Answer("3D boxes", "boxes3d", "", (PictureRef.of(picture),), boxes3d=(NEAR, FAR)))
    app, _ = scripted(journal=journal)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert enabled(hand) is None, "nothing was found yet in the picture itself"
        await pilot.press("p")
        await hand.until(lambda: view(hand) is View.MAP)
        assert enabled(hand) is True
        with Image.open(await saved(hand, scenes / "scene-1-map-sightline.png")) as image:
            assert max(image.size) >= 800


async def test_depth_is_saved_with_what_was_found(scripted: Scripted, scenes: Path) -> None:
    app, _ = scripted((Say(located(1)),))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f7")
        await hand.until(lambda: "light is near" in hand.caption)
        plain = await saved(hand, scenes / "scene-1-depth-sightline.png")
        await hand.ask("Locate every object")
        await hand.answered()
        await hand.until(lambda: hand.screen._dialogue.latest is not None)
        marked = await saved(hand, scenes / "scene-1-depth-sightline-2.png")
        with Image.open(plain) as image:
            assert image.size[0] == 480
        where = differing(plain, marked)
        assert where is not None
        assert where[3] <= 360 + 6, "findings are drawn on the map, and not on its legend"
