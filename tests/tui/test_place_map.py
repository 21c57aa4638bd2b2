"""The place that a picture was filed under, from above, as a tab of the picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.answer import Answer, PictureRef
from backend.media.images import load
from backend.memory.journal import Journal
from backend.places.remembering import keep_views, remember
from backend.scene import Box3D
from backend.spatial.place_plan import merged
from tests.tui.conftest import Hand, Scripted, text_of
from tests.tui.test_pairs import rows
from tui.preview.capabilities import Capabilities
from tui.preview.place_sheet import PlaceSheet
from tui.preview.views import View
from tui.widgets.viewer import Viewer


def box(label: str, x: float, z: float) -> Box3D:
    return Box3D((x, 0.5, z), (0.6, 0.8, 0.6), 0.0, 0.0, 0.0, label)


NEAR, FAR = box("cup", -1.0, 3.0), box("pot", 1.0, 5.0)


def test_the_nearer_thing_stands_below_the_farther_one() -> None:
    plan = merged([("one.png", (NEAR, FAR), None, (640, 480))])
    for capabilities in (Capabilities(colour=False, unicode=False), Capabilities()):
        lines = PlaceSheet(plan).frame((60, 24), capabilities, frozenset()).text().splitlines()
        cup, pot, camera = (
            next(n for n, line in enumerate(lines) if sign in line)
            for sign in ("1 cup", "2 pot", "▲" if capabilities.unicode else "^")
        )
        assert pot < cup < camera
        assert "m, the model's estimate" in lines[-2]
        assert "1 one.png" in lines[-1]
        assert lines[cup].index("1 cup") < lines[pot].index("2 pot")


@pytest.mark.parametrize("size", [(3, 2), (12, 4), (200, 3)])
def test_without_room_nothing_breaks(size: tuple[int, int]) -> None:
    frame = PlaceSheet(merged([("one.png", (NEAR,), None, (640, 480))])).frame(size, Capabilities(), frozenset())
    assert (frame.width, frame.height) == size


async def test_the_map_of_a_pictures_place_is_a_tab(scripted: Scripted, scenes: Path, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    picture = load(scenes / "scene-1.png")
    keep_views(journal.path, "kitchen", [picture])
    remember(journal.path, Answer("3D boxes", "boxes3d", "", (PictureRef.of(picture),), boxes3d=(NEAR, FAR)))
    app, _ = scripted(journal=journal)
    async with app.run_test(size=(140, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("p")
        await hand.until(lambda: hand.screen.query_one(Viewer).view is View.MAP)
        await hand.until(lambda: "1 cup" in hand.picture and "2 pot" in hand.picture)
        assert "kitchen, from above" in hand.status
        assert "Place map" in text_of(hand.screen, "#tabs")
        assert [row.split()[1] for row in rows(hand)] == ["cup", "pot"]
        await pilot.press("down")  # this one was never filed
        await hand.until(lambda: "scene-2" in hand.caption)
        assert "Place map" not in text_of(hand.screen, "#tabs")
        await pilot.press("p")
        await hand.until(hand.notices)
        assert "belongs to no place that is known" in hand.notices()[-1]
        assert "sightline places add" in hand.notices()[-1]
