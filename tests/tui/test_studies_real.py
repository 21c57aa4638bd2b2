"""Following and comparing with the real demo model, on material that `sightline demo --write` draws."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.widgets import Input

from backend.catalog import ModelStore, consider, load_catalog
from backend.synthetic.material import tracks, views
from tests.tui.conftest import Hand, text_of
from tests.tui.test_pairs import mark, rows
from tui.app import SightlineApp
from tui.opening import Opening
from tui.preview.capabilities import Capabilities
from tui.preview.views import View
from tui.screens.one_line import OneLine
from tui.widgets.viewer import Viewer


def app_on(folder: Path, picture: Path | None = None) -> SightlineApp:
    return SightlineApp(Opening(folder, picture), consider(load_catalog(), ModelStore(), "demo").model, Capabilities())


async def typed(hand: Hand, key: str, line: str) -> None:
    hand.files.focus()
    await hand.pilot.press(key)
    await hand.until(lambda: isinstance(hand.pilot.app.screen, OneLine))
    hand.pilot.app.screen.query_one(Input).value = line
    await hand.pilot.press("enter")


@pytest.fixture(autouse=True)
def private(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker is shared with other tests."""
    monkeypatch.setenv("SIGHTLINE_ENGINE", "private")


async def test_a_square_is_followed_through_a_film(tmp_path: Path) -> None:
    tracks.write(tmp_path)
    app = app_on(tmp_path, tmp_path / "shapes.mp4")
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        viewer = hand.screen.query_one(Viewer)
        await typed(hand, "f", "red square")
        await hand.until(lambda: viewer.view is View.TRACKS)
        assert "1 thing followed through 30 frames" in hand.status
        await hand.until(lambda: "t1 red square" in hand.picture)
        assert "red square: until 00:05.80" in rows(hand)[-1].replace("\n", " ")


async def test_what_moved_and_what_is_gone_is_told(tmp_path: Path) -> None:
    views.write(tmp_path)
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))["still"]
    app = app_on(tmp_path, tmp_path / "still-before.png")
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await mark(hand, "still-before.png", "still-after.png")
        await typed(hand, "d", "")
        await hand.until(lambda: hand.screen.query_one(Viewer).view is View.CHANGES)
        assert "Changes" in text_of(hand.screen, "#tabs")
        told = "\n".join(row.replace("\n", " ") for row in rows(hand))
        for thing in truth["things"]:
            for kind in thing["kinds"]:
                assert any(kind in row and thing["name"] in row for row in told.splitlines()), (thing, told)
