"""3D boxes in an answer: their camera, the rectangles that are looked for, the checks, and what is no box at all."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from backend.answer import Answer
from backend.ask import Question
from backend.errors import UsageError
from backend.events import Failed, Found
from backend.scene import Box3D, Picture, Ruling
from backend.schema import json_schema
from backend.spatial.box3d import outline
from backend.spatial.camera import Camera
from backend.spatial.known_camera import GivenCamera
from tests.ask.asking import answer_of, asker, canned, picture
from tests.scripted import ScriptedEngine

PHOTO = picture(400, 300)


def entry(numbers: list[float] | str, label: str = "crate") -> str:
    return f'{{"bbox_3d": {numbers}, "label": "{label}"}}'


CRATE = entry([0, 0, 4, 2, 2, 2, 0, 0, 0])
"""Seen at 346.4 / 3 px to either side of the middle, 200,150: a rectangle from 84.5,34.5 to 315.5,265.5."""
TRUE = '[{"bbox_2d": [211, 115, 789, 885], "label": "crate"}]'


def ask(*said: str, question: str = "Give the 3D box of the crate", **more: object) -> tuple[Answer, ScriptedEngine]:
    engine = canned(*said)
    asked = replace(Question(question, (PHOTO,), "boxes3d"), **more)  # type: ignore[arg-type]
    return answer_of(list(asker(engine).ask(asked))), engine


def test_a_3d_box_is_checked_against_a_rectangle_that_is_looked_for() -> None:
    answer, engine = ask(f"[{CRATE}]", TRUE)
    assert len(engine.requests) == 2
    projection, ground = answer.checks
    assert (projection.kind, projection.finding_id, projection.against_id) == ("projection", "s1", "b1")
    assert projection.verdict.ruling is Ruling.CONFIRMED
    assert (ground.kind, ground.finding_id, ground.verdict.ruling) == ("ground", "s1", Ruling.UNDETERMINED)
    assert [finding.id for finding in answer.findings] == ["s1", "b1"], "what was asked for comes first"
    Draft202012Validator(json_schema()).validate(json.loads(json.dumps(answer.as_dict())))


def test_the_rectangle_is_told_as_it_is_found() -> None:
    engine = canned(f"[{CRATE}]", TRUE)
    events = list(asker(engine).ask(Question("Give the 3D box of the crate", (PHOTO,), "boxes3d")))
    assert [event.finding.id for event in events if isinstance(event, Found)] == ["s1", "b1"]


def test_a_rectangle_that_the_answer_has_is_not_looked_for() -> None:
    answer, engine = ask(f'[{CRATE}, {{"bbox_2d": [211, 115, 789, 885], "label": "Crate"}}]')
    assert len(engine.requests) == 1
    assert answer.checks[0].verdict.ruling is Ruling.CONFIRMED


def test_a_displaced_one_is_contradicted_and_stays_as_it_was_said() -> None:
    answer, _ = ask(f"[{entry([2.4, 0, 4, 2, 2, 2, 0, 0, 0])}]", TRUE, camera=GivenCamera(hfov=60))
    assert answer.checks[0].verdict.ruling is Ruling.CONTRADICTED
    assert answer.boxes3d[0].centre == (2.4, 0, 4)


def test_nothing_found_is_said() -> None:
    answer, _ = ask(f"[{CRATE}]", "[]")
    assert answer.checks[0].verdict.ruling is Ruling.UNDETERMINED
    assert "no rectangle with its name" in answer.checks[0].verdict.reason


def test_several_of_one_name_are_looked_for_at_once_and_matched_by_overlap() -> None:
    pair = [entry([x, 0, 4, 0.5, 0.5, 0.5, 0, 0, 0], "chair") for x in (-1, 1)]
    # f = 346.4: the faces at 3.75 m span 92.4·(−1 ± ¼) px from the middle
    right, left = [669, 423, 789, 577], [211, 423, 331, 577]
    rectangles = json.dumps([{"bbox_2d": box, "label": "chair"} for box in (right, left)])
    answer, engine = ask(f"[{', '.join(pair)}]", rectangles)
    assert len(engine.requests) == 2
    assert "every chair" in str(engine.requests[1].messages[-1].parts[-1])
    matched = {check.finding_id: check.against_id for check in answer.checks if check.kind == "projection"}
    assert matched == {"s1": "b2", "s2": "b1"}
    assert {check.verdict.ruling for check in answer.checks} == {Ruling.CONFIRMED}


@pytest.mark.parametrize(("degrees", "ruling"), [(60, Ruling.CONFIRMED), (20, Ruling.CONTRADICTED)])
def test_all_of_a_picture_are_held_against_its_camera(degrees: float, ruling: Ruling) -> None:
    boxes = [(-1.2, 4, "crate"), (0.3, 5, "chair"), (1.1, 3.5, "table")]
    focal = 400 / (2 * math.tan(math.radians(30)))
    said, found = [], []
    for x, z, label in boxes:
        solid = Box3D((x, 0.3, z), (0.6, 0.8, 0.5), 0, 0, 0, label)
        seen = outline(solid, Camera(400, 300, focal, 200, 150))
        assert seen is not None
        said.append(entry([*solid.centre, *solid.size, 0, 0, 0], label))
        corners = [round(at / side * 1000) for at, side in zip(seen.corners, (400, 300) * 2, strict=True)]
        found.append(json.dumps({"bbox_2d": corners, "label": label}))
    answer, _ = ask(f"[{', '.join((*said, *found))}]", camera=GivenCamera(hfov=degrees))
    check = answer.checks[-1]
    assert (check.kind, check.finding_id, check.against_id, check.picture) == ("camera", "", "", 0)
    assert check.verdict.ruling is ruling
    assert "agree best at 60° across" in check.verdict.reason
    Draft202012Validator(json_schema()).validate(json.loads(json.dumps(answer.as_dict())))


def test_at_most_eight_names_are_looked_for_and_that_is_said() -> None:
    many = ", ".join(entry([0, 0, n + 2, 1, 1, 1, 0, 0, 0], f"thing {n}") for n in range(11))
    answer, engine = ask(f"[{many}]")
    assert len(engine.requests) == 1 + 8
    assert any("of 11 names" in warning for warning in answer.warnings)


def test_prose_with_a_3d_box_is_treated_alike() -> None:
    engine = canned(f"It stands here: {CRATE}", TRUE)
    answer = answer_of(list(asker(engine).ask(Question("What stands there?", (PHOTO,), "free"))))
    assert [check.kind for check in answer.checks] == ["projection", "ground"]


def test_without_3d_boxes_there_is_no_camera_and_no_check() -> None:
    engine = canned(TRUE)
    answer = answer_of(list(asker(engine).ask(Question("Locate the crate", (PHOTO,)))))
    assert answer.pictures[0].camera is None
    assert answer.checks == ()
    assert len(engine.requests) == 1


@pytest.mark.parametrize(
    ("shown", "given", "focal", "source"),
    [
        (PHOTO, None, 346.41, "60° across, assumed"),
        (replace(PHOTO, focal_35mm=26.0), None, 300.46, "26 mm (35 mm equivalent), from EXIF"),  # 26 · 500 / 43.2666
        (replace(PHOTO, focal_35mm=26.0), GivenCamera(hfov=90), 200, "given: 90° across"),
        (PHOTO, GivenCamera(focal=320), 320, "given: focal length 320 px"),
    ],
)
def test_the_answer_says_which_camera(shown: Picture, given: GivenCamera | None, focal: float, source: str) -> None:
    question = Question("Give the 3D box of the crate", (shown,), "boxes3d", camera=given)
    answer = answer_of(list(asker(canned(f"[{CRATE}]", TRUE)).ask(question)))
    camera = answer.pictures[0].camera
    assert camera is not None
    assert camera.source == source
    assert camera.focal == pytest.approx(focal, abs=0.01)


def test_a_given_camera_is_told_even_where_nothing_needs_it() -> None:
    question = Question("Locate the crate", (PHOTO,), camera=GivenCamera(hfov=70))
    camera = answer_of(list(asker(canned(TRUE)).ask(question))).pictures[0].camera
    assert camera is not None
    assert camera.source == "given: 70° across"


def test_a_camera_that_cannot_be_is_a_usage_error() -> None:
    question = Question("Locate the crate", (PHOTO,), camera=GivenCamera(focal=0.5))
    (event,) = asker(canned(TRUE)).ask(question)
    assert isinstance(event, Failed)
    assert isinstance(event.error, UsageError)


def test_why_exif_was_not_believed_is_said_where_it_matters() -> None:
    odd = replace(PHOTO, focal_note="EXIF's 35 mm equivalent of 0 mm was ignored")
    solid = answer_of(list(asker(canned(f"[{CRATE}]")).ask(Question("3D box of the crate", (odd,), "boxes3d"))))
    flat = answer_of(list(asker(canned(TRUE)).ask(Question("Locate the crate", (odd,)))))
    assert odd.focal_note in solid.warnings
    assert odd.focal_note not in flat.warnings


@pytest.mark.parametrize(
    "numbers",
    [
        "[NaN, 0, 4, 2, 2, 2, 0, 0, 0]",
        "[0, 0, Infinity, 2, 2, 2, 0, 0, 0]",
        "[0, 0, 1e9, 2, 2, 2, 0, 0, 0]",
        "[0, 0, 4, 1e308, 2, 2, 0, 0, 0]",
        "[0, 0, 4, 2, 2, 2, 1e308, 0, 0]",
        "[0, 0, 4, -2, 2, 2, 0, 0, 0]",
        "[0, 0, 4, 2, 0, 2, 0, 0, 0]",
        "[0, 0, 4, 2, 2]",
    ],
)
def test_numbers_that_make_no_box_are_given_up_on_and_said(numbers: str) -> None:
    answer, _ = ask(f"[{entry(numbers)}]")
    assert answer.boxes3d == ()
    assert any("given up on" in warning for warning in answer.warnings)


@pytest.mark.parametrize("z", [0, -4])
def test_a_box_at_or_behind_the_camera_is_kept_and_contradicted(z: float) -> None:
    answer, _ = ask(f"[{entry([0, 0, z, 0.05, 0.05, 0.05, 0, 0, 0])}]", TRUE)
    assert [type(finding) for finding in answer.boxes3d] == [Box3D]
    assert [check.verdict.ruling for check in answer.checks] == [Ruling.CONTRADICTED] * 2


def test_hundreds_of_boxes_are_checked_up_to_a_limit_that_is_said() -> None:
    many = ", ".join(entry([n % 20, 1, 4 + n / 9, 1, 1, 1, 0, 0, 0], "box") for n in range(300))
    answer, _ = ask(f"[{many}]")
    assert len(answer.boxes3d) == 300
    assert len(answer.checks) == 100
    assert any("first 50 were checked" in warning for warning in answer.warnings)
