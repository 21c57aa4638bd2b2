"""What the demo model's findings say of a camera, through the program."""

from __future__ import annotations

import json
from pathlib import Path

from backend.synthetic.samples import SAMPLES
from tests.e2e.program import Home

SAMPLE = Path(__file__).parents[2] / "backend/demo/samples/boxes-apart.png"
FIND = [
    part
    for sample in SAMPLES
    if sample.file == SAMPLE.name
    for item in sample.scene().objects
    for part in ("--find", item.name)
]


def test_a_wrong_field_of_view_is_noticed_and_the_right_one_is_not(home: Home) -> None:
    """The scene was drawn at 60° across."""
    wrong = home.sightline("camera", SAMPLE, *FIND, "--fov", "35", "--json")
    assert wrong.code == 0
    said = json.loads(wrong.out)
    assert said["verdict"]["ruling"] == "contradicted"
    assert abs(said["wanted"]["hfov"] - 60) < 10
    answer = home.folder / "answer.json"
    answer.write_bytes(wrong.out)
    right = home.sightline("camera", SAMPLE, "--boxes", "answer.json", "--fov", "60", "--json")
    assert json.loads(right.out)["verdict"]["ruling"] == "confirmed"
    assert json.loads(right.out)["wanted"] == said["wanted"], "the same findings want the same"


def test_a_calibration_draws_through_its_lens(home: Home) -> None:
    (home.folder / "lens.yml").write_text(
        "image_width: 320\nimage_height: 240\nK: [277.1, 0, 159.5, 0, 277.1, 119.5, 0, 0, 1]\nD: [-0.3, 0.1, 0, 0]\n", "utf-8"
    )
    done = home.sightline(
        "ask", "Give the 3D bounding box of the black box.", SAMPLE, "--calibration", "lens.yml", "--save", "a.png"
    )
    assert done.code == 0
    assert "camera: calibration lens.yml, made for 320×240 px (focal length 554 px, brown-conrady distortion)" in done.text
    assert (home.folder / "a.png").exists()
