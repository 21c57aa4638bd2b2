"""What was found out about pictures is there again when its session is: as it was kept, or made again when its tab is shown."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

from backend.answer import Answer, PictureRef
from backend.media.images import load
from backend.memory.journal import Journal
from backend.memory.sessions import Sessions
from backend.places.remembering import keep_views, remember
from backend.scene import Calibration, Distortion, LensModel
from backend.spatial.known_camera import GivenCamera
from tests.media.film.making import make
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted, text_of
from tests.tui.test_following import FILM, FRAMES, follow, seen
from tests.tui.test_pairs import STILL, answer, boxes, mark, rows, view
from tests.tui.test_pairs import room as room  # a fixture
from tests.tui.test_place_map import FAR, NEAR
from tui.opening import Opening
from tui.preview.views import View
from tui.session_app import opening_in
from tui.studies.again import MadeAgain, camera_from


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "data" / "journal.db")


@pytest.fixture
def sessions(journal: Journal) -> Sessions:
    return Sessions(journal.path)


async def test_tracks_come_back_without_asking(scripted: Scripted, journal: Journal, sessions: Sessions, scenes: Path) -> None:
    film = make(scenes / FILM, size=(320, 240))
    app, _ = scripted(*seen(FRAMES), journal=journal, session=sessions.begin((film,)), opening=Opening(scenes, film))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await follow(hand, "cup")
        await hand.until(lambda: view(hand) is View.TRACKS)
        await pilot.press("f5")
        await hand.until(lambda: "@00:01.00" in hand.caption and "t1 cup" in hand.picture)
        await hand.settled()
        drawn, told = hand.picture, rows(hand)
        app.exit()
    session = sessions.resume("latest")
    app, engine = scripted(journal=journal, session=session, opening=opening_in(session.head))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: view(hand) is View.TRACKS and "@00:01.00" in hand.caption)
        await hand.until(lambda: hand.picture == drawn)
        assert rows(hand) == told
        assert engine.requests == []
        assert any("Resumed a-film.mp4" in notice for notice in hand.notices())


async def test_tracks_of_a_film_that_changed_are_not_drawn_over_it(
    scripted: Scripted, journal: Journal, sessions: Sessions, scenes: Path
) -> None:
    film = make(scenes / FILM, size=(320, 240))
    app, _ = scripted(*seen(FRAMES), journal=journal, session=sessions.begin((film,)), opening=Opening(scenes, film))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await follow(hand, "cup")
        await hand.until(lambda: view(hand) is View.TRACKS)
        app.exit()
    make(film, size=(200, 160))
    session = sessions.resume("latest")
    app, _ = scripted(journal=journal, session=session, opening=opening_in(session.head))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.until(lambda: any("Not reopened" in notice and FILM in notice for notice in hand.notices()))
        assert view(hand) is View.PICTURE
        assert "Tracks" not in text_of(hand.screen, "#tabs")


async def test_changes_come_back_on_the_picture_that_was_shown(
    scripted: Scripted, journal: Journal, sessions: Sessions, scenes: Path
) -> None:
    before, after = boxes(*STILL, ("cup", 100, 500)), boxes(*STILL, ("cup", 500, 500))
    app, _ = scripted(before, after, journal=journal, session=sessions.begin((scenes,)))
    async with app.run_test(size=(150, 44)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f8")
        await mark(hand, "scene-1.png", "scene-2.png")
        await answer(hand, "d", "where is everything?")
        await hand.until(lambda: view(hand) is View.CHANGES and "cup moved" in hand.picture)
        await hand.settled()
        drawn, told = hand.picture, rows(hand)
        app.exit()
    session = sessions.resume("latest")
    app, engine = scripted(journal=journal, session=session, opening=opening_in(session.head))
    async with app.run_test(size=(150, 44)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: view(hand) is View.CHANGES)
        await hand.until(lambda: hand.picture == drawn)
        assert rows(hand) == told
        assert engine.requests == []


async def test_depth_of_a_pair_is_measured_again_when_its_tab_is_shown(
    scripted: Scripted, journal: Journal, sessions: Sessions, room: Path
) -> None:
    camera = GivenCamera(hfov=60.0)
    app, _ = scripted(journal=journal, session=sessions.begin((room,)), opening=Opening(room), camera=camera)
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await mark(hand, "1-left.png", "2-right.png")
        await answer(hand, "s", "0.12")
        await hand.until(lambda: view(hand) is View.STEREO and "light is near" in hand.caption)
        legend = text_of(hand.screen, "#legend")
        await pilot.press("1")
        await hand.until(lambda: view(hand) is View.PICTURE)
        app.exit()
    session = sessions.resume("latest")
    app, _ = scripted(journal=journal, session=session, opening=opening_in(session.head))
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: "Stereo" in text_of(hand.screen, "#tabs"))
        assert hand.screen._viewer._made(View.STEREO).__class__ is MadeAgain
        assert not hand.screen._studying.running, "nothing is measured before it is looked at"
        hand.screen._viewer.turn(View.STEREO)
        await hand.until(lambda: "light is near" in hand.caption)
        assert text_of(hand.screen, "#legend") == legend, "with the camera and the baseline of then"
        assert "rectified pair, baseline 0.12 m" in hand.status


async def test_a_session_left_in_the_map_opens_in_it(
    scripted: Scripted, journal: Journal, sessions: Sessions, scenes: Path
) -> None:
    picture = load(scenes / "scene-1.png")
    keep_views(journal.path, "kitchen", [picture])
    remember(journal.path, Answer("3D boxes", "boxes3d", "", (PictureRef.of(picture),), boxes3d=(NEAR, FAR)))
    app, _ = scripted(journal=journal, session=sessions.begin((scenes,)))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("p")
        await hand.until(lambda: view(hand) is View.MAP and "1 cup" in hand.picture)
        app.exit()
    assert "cup" not in str(sessions.load(sessions.keys()[0]).studies), "things belong to the place alone"
    session = sessions.resume("latest")
    app, _ = scripted(journal=journal, session=session, opening=opening_in(session.head))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: view(hand) is View.MAP and "1 cup" in hand.picture and "2 pot" in hand.picture)
        app.exit()
    journal.forget_pictures([picture.sha256])
    assert sessions.load(session.head.key).studies == ()


async def test_the_frames_that_were_chosen_come_back(
    scripted: Scripted, journal: Journal, sessions: Sessions, scenes: Path
) -> None:
    film = make(scenes / FILM, size=(320, 240))
    app, _ = scripted(journal=journal, session=sessions.begin((film,)), opening=Opening(scenes, film))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        hand.screen._frames_typed("4 fps, 0.5-2")
        await hand.until(lambda: hand.screen._viewer.frames_chosen)
        hand.screen._viewer.turn(View.SHEET)
        app.exit()
    session = sessions.resume_last((film,))
    assert session is not None
    app, _ = scripted((Say("Nothing."),), journal=journal, session=session, opening=opening_in(session.head))
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.until(lambda: view(hand) is View.SHEET)
        assert hand.screen._viewer.frames_chosen == {str(film): "4 fps, 00:00.50-00:02.00"}
        await hand.ask("What moves?")
        await hand.answered()
        said = hand.turns[0].exchange.answer
        assert said is not None
        times = [one.time for one in said.pictures]
        assert (times[0], times[1], times[-1]) == (0.5, 0.7, 2.0)  # of ten frames a second


def test_every_camera_comes_back() -> None:
    lens = Distortion(LensModel.FISHEYE, (0.1, -0.02, 0.0, 0.001))
    for camera in (
        GivenCamera(hfov=70.5),
        GivenCamera(focal=812.25, centre=(300.5, 200.25), note="the mean"),
        GivenCamera(calibration=Calibration(640, 480, 500.0, 501.0, 319.5, 239.5, lens, "cam.yaml")),
    ):
        assert camera_from(asdict(camera)) == camera
    assert camera_from(None) is None
