"""Films in the app: listed, shown frame by frame, asked about, and their moments gone to."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from backend.scene import Raster
from tests.media.film.making import make
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted
from tests.tui.test_picture import instead
from tui.opening import Opening
from tui.preview.film_frames import film_of, frame_path, load_frame

FILM = "a-film.mp4"


@pytest.fixture
def films(scenes: Path) -> Opening:
    """The scenes with a film before them, whose 30 frames last three seconds."""
    make(scenes / FILM, size=(320, 240))
    return Opening(scenes, scenes / FILM)


def test_frames_have_names_beside_files(tmp_path: Path) -> None:
    film = make(tmp_path / FILM)
    named = frame_path(film, 1.5)
    assert named.name == f"{FILM}@00:01.50"
    assert film_of(named) == film_of(film) == film
    assert film_of(tmp_path / "a.png") is None
    assert film_of(tmp_path / "a.png@00:01.50") is None
    picture, end = load_frame(named)
    assert [picture.time, end] == pytest.approx([1.5, 2.9])


async def test_a_film_is_listed_and_walked_through(scripted: Scripted, films: Opening) -> None:
    app, _ = scripted(opening=films)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert FILM in [entry.path.name for entry in hand.files.shown]
        await hand.until(lambda: f"{FILM}  320×240" in hand.caption)
        before = hand.pane.frame
        await pilot.press("f5")
        await hand.until(lambda: f"{FILM}@00:01.00  320×240" in hand.caption)
        assert hand.pane.frame != before
        for _ in range(4):
            await pilot.press("f5")
        await hand.until(lambda: "@00:02.90  " in hand.caption)
        for _ in range(5):
            await pilot.press("f4")
        await hand.until(lambda: "@00:00.00  " in hand.caption)
        await pilot.press("down")
        await hand.until(lambda: "scene-1.png" in hand.caption)


async def test_the_frame_of_a_finding_is_shown_with_it(scripted: Scripted, films: Opening) -> None:
    located = [
        {"bbox_2d": [100, 100, 500, 500], "label": "cup", "time": 1.0},
        {"bbox_2d": [0, 0, 90, 90], "label": "pot", "time": 2.5},
    ]
    app, engine = scripted((Say(json.dumps(located)),), opening=films)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate the cup and the pot")
        await hand.answered()
        parts = engine.requests[-1].messages[0].parts
        stamps = [part for part in parts if isinstance(part, str)][:-1]
        assert stamps == [f"<{n / 2:.1f} seconds>" for n in range(6)]
        answer = hand.turns[0].exchange.answer
        assert answer is not None
        assert [box.picture for box in answer.boxes] == [2, 5]
        await hand.until(lambda: "@00:01.00" in hand.caption)
        await hand.until(lambda: "cup" in hand.picture)
        assert "pot" not in hand.picture


async def test_moments_are_gone_to_by_key_and_by_click(scripted: Scripted, films: Opening) -> None:
    app, _ = scripted((Say("It enters at 00:00.80 and leaves at 2.1 seconds."),), opening=films)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        assert hand.screen.check_action("next_moment", ()) is False
        await hand.ask("When does it leave?")
        await hand.answered()
        assert hand.screen.check_action("next_moment", ()) is True
        for expected in ("@00:00.80", "@00:02.10", "@00:00.80", "@00:02.10"):
            await pilot.press("f6")
            await hand.until(partial(_captioned, hand, expected))
        at = hand.reply().index("00:00.80")
        await pilot.click(hand.turns[0].query_one(".turn-part"), offset=(at + 2, 0))
        await hand.until(partial(_captioned, hand, "@00:00.80"))


def _captioned(hand: Hand, words: str) -> bool:
    return words in hand.caption


async def test_a_film_that_cannot_be_read_says_why(scripted: Scripted, scenes: Path) -> None:
    (scenes / FILM).touch()
    app, _ = scripted(opening=Opening(scenes, scenes / FILM))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: "is not a film sightline can read: it is empty" in instead(hand))
        await hand.ask("Where is the cup?")
        await hand.answered()
        assert "it is empty" in hand.reply()


async def test_a_film_is_left_alone_until_it_is_asked_about(scripted: Scripted, films: Opening) -> None:
    app, engine = scripted(opening=films)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: engine.prepared)  # the picture beside it
        (raster,) = (part for part in engine.prepared[0].messages[0].parts if isinstance(part, Raster))
        assert raster.width * 360 == pytest.approx(raster.height * 480, rel=0.1)
        assert len(engine.prepared) == 1
