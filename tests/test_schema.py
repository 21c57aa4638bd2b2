"""The published schema and the published answers are the same thing, key by key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, ValidationError

from backend.answer import Answer, PictureRef, Timings
from backend.cli.schema import schema
from backend.scene import Box, Box3D, Claim, Point, Ruling, Tag, Verdict
from backend.schema import json_schema

FULL = Answer(
    question="Is the cup left of the plate?",
    task="relation",
    text="Yes, the cup is left of the plate.",
    pictures=(PictureRef("a.png", 640, 480, "ab"),),
    boxes=(Box(1, 2, 3, 4, "cup", 0, 0.5, "b1", (("colour", "red"), ("doors", 4), ("open", True), ("plate", None))),),
    points=(Point(5, 6, "杯子", id="p1"),),
    boxes3d=(Box3D((0, 0, 2), (1, 1, 1), 0, 0, 0, "table", id="s1"),),
    claims=(
        Claim("cup", "left_of", "plate", verdict=Verdict(Ruling.CONFIRMED, 3.2, "apart"), text_span=(5, 33)),
        Claim("cup", "above", "plate", verdict=Verdict(Ruling.UNDETERMINED, None, "no rule")),
        Claim("cup", "below", "plate"),
    ),
    tags=(Tag("left", "left", (16, 20)),),
    warnings=("a box has no area",),
    model=(("name", "demo"),),
    timings=Timings(tokens=3),
)


def published(answer: Answer) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(json.dumps(answer.as_dict()))
    return loaded


def test_the_schema_is_one_and_the_command_prints_it() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert json.loads(CliRunner().invoke(schema).stdout) == json_schema()


@pytest.mark.parametrize("answer", [FULL, Answer("", "", "", ())])
def test_answers_are_as_described(answer: Answer) -> None:
    Draft202012Validator(json_schema()).validate(published(answer))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda answer: answer.update(schema=2),
        lambda answer: answer.pop("tags"),
        lambda answer: answer.update(extra=1),
        lambda answer: answer["boxes"][0].update(bbox=[1, 2, 3]),
        lambda answer: answer["boxes"][0].update(confidence=1.5),
        lambda answer: answer["claims"][0]["verdict"].update(ruling="probably"),
        lambda answer: answer["claims"][0].update(text_span=[3]),
        lambda answer: answer["tags"][0].pop("word"),
        lambda answer: answer["boxes3d"][0].update(unit="metres"),
    ],
)
def test_what_is_not_described_is_refused(spoil: Any) -> None:
    answer = published(FULL)
    spoil(answer)
    with pytest.raises(ValidationError):
        Draft202012Validator(json_schema()).validate(answer)
