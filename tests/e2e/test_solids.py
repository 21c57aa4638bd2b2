"""3D boxes through the program and the demo model: camera, checks, drawings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from backend.schema import json_schema
from tests.e2e.program import Home

SAMPLE = Path(__file__).parents[2] / "backend/demo/samples/boxes-apart.png"
EVERY = "Give the 3D bounding box of every box."


def test_3d_boxes_with_camera_and_checks(home: Home) -> None:
    done = home.sightline("ask", EVERY, SAMPLE, "--json")
    assert done.code == 0
    answer = json.loads(done.out)
    Draft202012Validator(json_schema()).validate(answer)
    assert answer["pictures"][0]["camera"]["source"] == "60° across, assumed"
    assert answer["boxes3d"]
    kinds = [(check["kind"], check["finding_id"]) for check in answer["checks"]]
    for solid in answer["boxes3d"]:
        assert solid["unit"] == "metres, estimated by the model"
        assert ("projection", solid["id"]) in kinds
        assert ("ground", solid["id"]) in kinds
    known = {box["id"] for box in answer["boxes"]} | {box["id"] for box in answer["boxes3d"]} | {""}
    assert {check["against_id"] for check in answer["checks"]} <= known


def test_drawings_and_words(home: Home) -> None:
    done = home.sightline("ask", EVERY, SAMPLE, "--fov", "60", "--save", "in.png", "--save-topdown", "above.png")
    assert done.code == 0
    assert "camera: given: 60° across (focal length 554 px)" in done.text
    assert "(the model's estimate)" in done.text
    assert "stands on the ground:" in done.text
    assert "s1 black box projects onto b1 black box:" in done.text
    with Image.open(home.folder / "above.png") as page, Image.open(home.folder / "in.png") as overlay:
        assert overlay.size == (640, 480)
        assert page.size != overlay.size


def test_a_flat_answer_has_nothing_to_be_seen_from_above(home: Home, scene: Path) -> None:
    done = home.sightline("ask", "Locate the red circle", scene.name, "--save-topdown", "above.png")
    assert done.code == 0
    assert "no 3D box" in done.err
    assert not (home.folder / "above.png").exists()


@pytest.mark.parametrize(
    "arguments",
    [["--fov", "0"], ["--fov", "180"], ["--fov", "nan"], ["--intrinsics", "8,9"], ["--fov", "70", "--intrinsics", "800"]],
)
def test_cameras_that_cannot_be_are_refused(home: Home, arguments: list[str]) -> None:
    done = home.sightline("ask", EVERY, SAMPLE, *arguments)
    assert done.code == 2
    assert done.out == b""
