"""Depth with the bundled networks, from the drawn material to the verdict: `sightline depth` and `sightline ask --depth`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.program import Home


@pytest.fixture
def material(home: Home) -> Path:
    assert home.sightline("demo", "--write", ".", "--only", "depth").code == 0
    return home.folder / "depth"


def test_what_is_found_is_told_from_near_to_far(home: Home, material: Path) -> None:
    truth = json.loads((material / "truth.json").read_text("utf-8"))["square.png"]["boxes"]
    wanted = [word for box in truth for word in ("--find", box["name"])]
    done = home.sightline("depth", material / "square.png", "--model", "demo", "--json", *wanted)
    assert done.code == 0, done.err
    told = json.loads(done.out)
    by_id = {finding["id"]: finding["label"] for finding in told["findings"]}
    assert [by_id[id_] for id_ in told["nearest_first"]] == [box["name"] for box in truth], "truth.json is sorted by distance"
    assert told["depth"]["unit"] == "inverse"
    assert told["fit"] is None


def test_three_known_distances_make_metres_and_a_fourth_thing_is_measured(home: Home, material: Path) -> None:
    boxes = json.loads((material / "truth.json").read_text("utf-8"))["wide.png"]["boxes"]
    nearest, second, third, farthest = boxes
    known = [word for box in (nearest, second, farthest) for word in ("--known", f"{box['name']}={box['distance']}")]
    done = home.sightline("depth", material / "wide.png", "--model", "demo", "--json", "--find", third["name"], *known)
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["depth"]["unit"] == "metres"
    assert "residual" in told["depth"]["source"]
    measured = next(finding["depth"]["value"] for finding in told["findings"] if finding["label"] == third["name"])
    assert measured == pytest.approx(third["distance"], rel=0.25)
    assert told["fit"]["residual"] < 0.15


def test_two_known_distances_are_too_few_and_wrong_ones_are_refused(home: Home, material: Path) -> None:
    boxes = json.loads((material / "truth.json").read_text("utf-8"))["street.png"]["boxes"]
    known = [word for box in boxes[:2] for word in ("--known", f"{box['name']}={box['distance']}")]
    few = home.sightline("depth", material / "street.png", "--model", "demo", *known)
    assert few.code == 2
    assert "needs 3 known distances" in few.err
    reverse = zip(boxes, reversed(boxes), strict=True)
    wrong = [word for box, other in reverse for word in ("--known", f"{box['name']}={other['distance']}")]
    refused = home.sightline("depth", material / "street.png", "--model", "demo", *wrong)
    assert refused.code == 2
    assert "Traceback" not in refused.err


def test_a_flat_scene_has_no_depth_and_that_is_said(home: Home, material: Path) -> None:
    done = home.sightline("depth", material / "flat.png", "--out", "heat.png")
    assert done.code == 0, done.err
    assert "sees no depth in this picture" in done.err
    assert (home.folder / "heat.png").is_file()


def test_an_answer_carries_the_witness_and_what_the_model_was_told(home: Home, material: Path) -> None:
    question = "Is the green box in front of the blue box?"
    done = home.sightline(
        "ask", question, material / "hidden.png", "--model", "demo", "--depth", "--tell-depth", "--json", "--no-second-looks"
    )
    assert done.code == 0, done.err
    answer = json.loads(done.out)
    assert len(answer["told"]) == 1
    assert "from near to far" in answer["told"][0]
    plain = home.sightline("ask", question, material / "hidden.png", "--model", "demo", "--depth", "--no-second-looks")
    assert "depth map" in plain.text


def test_a_phone_s_own_depth_is_the_witness_without_any_network_and_so_when_its_bundle_is_asked_again(home: Home) -> None:
    assert home.sightline("demo", "--write", ".", "--only", "camera").code == 0
    picture, question = home.folder / "camera" / "phone.heic", "Is the blue box in front of the red box?"
    asked = ("ask", question, picture, "--model", "demo", "--depth", "--json", "--no-second-looks")
    done = home.sightline(*asked, "--bundle", "evidence")
    assert done.code == 0, done.err
    (witness,) = json.loads(done.out)["claims"][0]["witnesses"]
    assert witness["agrees"] is True
    assert witness["reason"].startswith("the depth image of the HEIC file, 320×240 px, from 0.8")
    assert "drawn scenes" not in done.err, "no network was asked"
    picture.rename(home.folder / "gone.heic")
    again = home.sightline("replay", "evidence", "--json")
    assert again.code == 0, again.text
    (row,) = json.loads(again.out)["answers"]
    assert row["same"] is True
    (home.folder / "gone.heic").rename(picture)
    named = home.sightline(*asked, "--network", "demo-depth")
    (witness,) = json.loads(named.out)["claims"][0]["witnesses"]
    assert witness["reason"].startswith("Demo depth"), "who names a network is given that one"
