"""Seen whole: an answer with both boxes, its claim, the verdict with its margin, its spatial words and where they stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.schema import json_schema
from backend.synthetic.scenes import COLOURS, SHAPES, Scene, SceneObject
from tests.e2e.program import Home

RED, BLUE = COLOURS[0], COLOURS[2]
CIRCLE, SQUARE = SHAPES[0], SHAPES[1]


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A red circle left of a blue square, and a green star below both."""
    objects = (
        SceneObject(RED, CIRCLE, 90, 90, 40),
        SceneObject(BLUE, SQUARE, 290, 110, 45),
        SceneObject(COLOURS[1], SHAPES[3], 200, 240, 40),
    )
    path = tmp_path / "pair.png"
    Scene(400, 300, (150, 150, 120), objects).render().save(path)
    return path


def answered(home: Home, *arguments: str | Path) -> dict[str, Any]:
    done = home.sightline("ask", *arguments, "--json")
    assert (done.code, done.err) == (0, "")
    answer: dict[str, Any] = json.loads(done.out)
    Draft202012Validator(json_schema()).validate(answer)
    return answer


@pytest.mark.parametrize(
    ("question", "names", "word", "said"),
    [
        ("Is the red circle left of the blue square? Explain.", ["red circle", "blue square"], "left", "left"),
        ("红色圆形在蓝色正方形的左边吗？请说明依据。", ["红色圆形", "蓝色正方形"], "left", "左边"),
    ],
)
def test_a_relation_comes_with_all_its_evidence(
    question: str, names: list[str], word: str, said: str, home: Home, pair: Path
) -> None:
    answer = answered(home, question, pair)
    (claim,) = answer["claims"]
    assert [claim["subject"], claim["object"], claim["relation"], claim["frame"]] == [*names, "left_of", "camera"]
    boxes = {box["id"]: box for box in answer["boxes"]}
    circle, square = boxes[claim["subject_id"]], boxes[claim["object_id"]]
    assert [circle["label"], square["label"]] == names
    assert circle["bbox"] == pytest.approx([50, 50, 131, 131], abs=16)
    assert square["bbox"] == pytest.approx([245, 65, 336, 156], abs=16)
    verdict = claim["verdict"]
    assert verdict["ruling"] == "confirmed"
    assert verdict["margin_sigma"] > 10
    assert 0.75 <= verdict["confidence"] <= 1
    stated = slice(*claim["text_span"])
    assert names[0] in answer["text"][stated]
    assert names[1] in answer["text"][stated]
    (tag,) = answer["tags"]
    assert (tag["word"], answer["text"][slice(*tag["text_span"])]) == (word, said)
    assert {again["how"]: again["agrees"] for again in claim["asked_again"]} == {"mirrored": True, "exchanged": True}


def test_without_second_looks_nothing_is_asked_again(home: Home, pair: Path) -> None:
    answer = answered(home, "Is the red circle left of the blue square?", pair, "--no-second-looks")
    (claim,) = answer["claims"]
    assert claim["asked_again"] == []
    assert claim["verdict"]["ruling"] == "confirmed"
    assert all(box["second_look"] is None for box in answer["boxes"])


def test_a_thing_that_is_not_there_is_said_and_not_invented(home: Home, pair: Path) -> None:
    answer = answered(home, "Is the red circle left of the yellow star?", pair)
    assert answer["text"].startswith("There is no yellow ")
    assert answer["claims"] == []
    assert answer["boxes"] == []
