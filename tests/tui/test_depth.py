"""F7: what the bundled depth network sees, in the picture, in the table, and as a witness of what is asked then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import DataTable

from backend.catalog import places
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.heic import Lens, write_heic
from backend.synthetic.perspective import SolidScene, draw_solids
from tests.scripted import Say
from tests.tui.conftest import Hand, Scripted
from tui.opening import Opening
from tui.preview.capabilities import Capabilities


@pytest.fixture
def scene() -> SolidScene:
    """Three boxes, the nearest clearly before the farthest."""
    return draw_solids(EVALUATION_SEEDS + 31_041, (360, 640), 3, 3)


@pytest.fixture
def folder(tmp_path: Path, scene: SolidScene) -> Path:
    made = tmp_path / "boxes"
    made.mkdir()
    scene.render().save(made / "one.png")
    scene.render().rotate(180).save(made / "two.png")
    return made


@pytest.fixture(autouse=True)
def only_the_bundled_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine has installed."""
    monkeypatch.setattr(places, "user_catalog", lambda: tmp_path / "models.toml")
    monkeypatch.setenv("SIGHTLINE_MODELS", str(tmp_path / "models"))


def located(scene: SolidScene) -> str:
    scale = (1000 / scene.width, 1000 / scene.height) * 2
    return json.dumps(
        [
            {"bbox_2d": [round(v * by) for v, by in zip(item.box, scale, strict=True)], "label": item.name}
            for item in scene.objects
        ]
    )


def rows(hand: Hand) -> list[str]:
    table = hand.screen.query_one("#findings", DataTable)
    return [" ".join(str(cell) for cell in table.get_row_at(n)) for n in range(table.row_count)]


async def test_the_picture_gives_way_to_depth_and_comes_back(scripted: Scripted, scene: SolidScene, folder: Path) -> None:
    app, _ = scripted((Say(located(scene)),), opening=Opening(folder))
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        await hand.settled()
        plain, places_told = hand.pane.frame, rows(hand)
        await pilot.press("f7")
        await hand.until(lambda: "light is near" in hand.caption)
        assert "relative" in hand.caption
        assert hand.pane.frame != plain
        await hand.until(lambda: all("±" in row for row in rows(hand)))
        assert len(rows(hand)) == len(scene.objects)
        depths = [float(row.split(" ± ")[0].split()[-1]) for row in rows(hand)]
        told = {item.name: value for item, value in zip(scene.objects, depths, strict=True)}
        assert sorted(told, key=lambda name: -told[name]) == [
            item.name for item in sorted(scene.objects, key=lambda item: item.distance)
        ]
        await pilot.press("f7")
        await hand.until(lambda: rows(hand) == places_told)
        assert "light is near" not in hand.caption


async def test_depth_stays_on_for_the_next_picture(scripted: Scripted, folder: Path) -> None:
    app, _ = scripted(opening=Opening(folder))
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f7")
        await hand.until(lambda: "light is near" in hand.caption)
        await pilot.press("down")
        await hand.until(lambda: "two.png" in hand.caption and "light is near" in hand.caption and not hand.pane.busy)


async def test_it_is_the_witness_of_what_is_asked_then(scripted: Scripted, scene: SolidScene, folder: Path) -> None:
    near, far = (f(scene.objects, key=lambda item: item.distance) for f in (min, max))
    said = f"Yes, the {far.name} is in front of the {near.name}."

    def box(item: object) -> Say:
        one = next(thing for thing in scene.objects if thing is item)
        scale = (1000 / scene.width, 1000 / scene.height) * 2
        return Say(json.dumps([{"bbox_2d": [round(v * by) for v, by in zip(one.box, scale, strict=True)], "label": one.name}]))

    asides = [Say("[]")] * 12
    app, _ = scripted((Say(said),), (box(far),), (box(near),), *((aside,) for aside in asides), opening=Opening(folder))
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f8", "f7")
        await hand.until(lambda: "light is near" in hand.caption and not hand.pane.busy)
        await hand.ask(f"Is the {far.name} in front of the {near.name}?")
        await hand.answered()
        (claim,) = hand.turns[-1].exchange.claims
        assert [witness.agrees for witness in claim.witnesses] == [False]
        assert "depth map speaks against it" in hand.reply()


async def test_without_a_network_the_reason_stands_in_the_pictures_place(
    scripted: Scripted, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(places, "demo_folder", lambda: tmp_path / "nowhere")
    app, _ = scripted(opening=Opening(folder), capabilities=Capabilities())
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await pilot.press("f7")
        await hand.until(lambda: "not installed" in str(hand.pane._instead.visual))
        await pilot.press("f7")
        await hand.until(lambda: hand.pane.frame is not None)


async def test_a_phone_s_own_depth_needs_no_network(
    scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "demo_folder", lambda: tmp_path / "nowhere")
    things = Image.new("RGB", (320, 240), (200, 30, 30))
    write_heic(tmp_path / "phone.heic", things, Image.linear_gradient("L").resize((160, 120)), (1.5, 9.75), Lens(0.9, 0.5, 0.5))
    found = json.dumps([{"bbox_2d": [400, 700, 600, 950], "label": "cup"}, {"bbox_2d": [400, 50, 600, 300], "label": "lamp"}])
    app, _ = scripted((Say(found),), opening=Opening(tmp_path, tmp_path / "phone.heic"))
    async with app.run_test(size=(150, 40)) as pilot:
        hand = Hand(pilot)
        await hand.ready()
        await hand.ask("Locate every object")
        await hand.answered()
        await pilot.press("f7")
        await hand.until(lambda: "depth image of the HEIC file" in hand.caption and not hand.pane.busy)
        await hand.until(lambda: all(" m" in row for row in rows(hand)))
        cup, lamp = (float(row.split(" ± ")[0].split()[-1]) for row in rows(hand))
        assert 1.5 < cup < 3 < lamp < 9.75
