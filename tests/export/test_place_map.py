"""The map as a picture and as SVG: the same strokes, well formed, whatever a label holds."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from backend.errors import UsageError
from backend.export.palette import colour_of
from backend.export.place_map import check_map, save_map
from backend.spatial.place_plan import PlacedThing, PlacePlan, Standing, merged
from backend.synthetic.rooms import draw_room
from tests.spatial.test_place_plan import views

SVG = "{http://www.w3.org/2000/svg}"


def test_every_thing_and_every_camera_is_on_it(tmp_path: Path) -> None:
    plan = merged(views(draw_room(0)))
    save_map(tmp_path / "map.svg", plan, "Room")
    root = ElementTree.parse(tmp_path / "map.svg").getroot()
    texts = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert len(list(root.iter(f"{SVG}polygon"))) == len(plan.things) + len(plan.cameras)
    for thing in plan.things:
        assert any(text.startswith(thing.label) for text in texts)
    assert any("the model's estimate" in text for text in texts)
    save_map(tmp_path / "map.png", plan, "Room")
    with Image.open(tmp_path / "map.png") as image:
        assert image.size == (int(root.attrib["width"]), int(root.attrib["height"]))
        found = {colour for _, colour in image.getcolors(1 << 24) or ()}
    tinted = tuple(round(0.45 * c + 0.55 * p) for c, p in zip(colour_of(0), (247, 247, 245), strict=True))
    assert any(max(abs(a - b) for a, b in zip(colour, tinted, strict=True)) <= 2 for colour in found)  # type: ignore[arg-type]


def test_labels_are_text_and_nothing_else(tmp_path: Path) -> None:
    thing = PlacedThing("<script>\x1b]0;x\x07", ((0, 3), (1, 3), (1, 4)), (0.5, 3.5), ("a",), 0.0)
    camera = Standing("a&b.png", 0, 0, 0, (-0.5, 0.5), 0, 0)
    save_map(tmp_path / "map.svg", PlacePlan((camera,), (thing,), ()), "a <b>")
    root = ElementTree.parse(tmp_path / "map.svg").getroot()
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert "<script>\\e]0;x\\x07" in texts
    assert "a <b>" in texts


def test_bad_targets_and_empty_maps_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no suffix"):
        check_map(tmp_path / "map.txt")
    with pytest.raises(UsageError, match="does not exist"):
        check_map(tmp_path / "no" / "map.svg")
    with pytest.raises(UsageError, match="no 3D boxes"):
        save_map(tmp_path / "map.png", PlacePlan((), (), ()), "Room")
    assert list(tmp_path.iterdir()) == []


def test_of_a_way_no_metres_are_claimed(tmp_path: Path) -> None:
    save_map(tmp_path / "way.svg", PlacePlan((), (), ()), "film", ((0.0, 0.0), (1.0, 0.0), (1.5, 2.0)))
    root = ElementTree.parse(tmp_path / "way.svg").getroot()
    line, _scale = root.iter(f"{SVG}polyline")
    assert len(line.attrib["points"].split()) == 3
    texts = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert "the scale is unknown" in texts
    assert " m" not in texts
