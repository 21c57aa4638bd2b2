"""Answers that cannot be, through the program itself; and the demo model asked about what is not in the picture."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.schema import json_schema
from tests.e2e.program import Home

HOSTILE = "\x1b[31mred\x1b]0;title\x07 [bold]b[/bold] \u202egnp.exe \x9b2J"


def published(home: Home, *arguments: str | Path, stdin: str = "") -> dict[str, Any]:
    done = home.sightline(*arguments, "--json", stdin=stdin.encode())
    assert done.code == 0, done.err
    answer: dict[str, Any] = json.loads(done.out)
    Draft202012Validator(json_schema()).validate(answer)
    return answer


@pytest.mark.parametrize("question", ["Where is the cup?", "杯子在哪里？", "Point to the dog.", "Where is the green triangle?"])
def test_what_is_not_there_is_not_located(home: Home, scene: Path, question: str) -> None:
    answer = published(home, "ask", question, scene.name)
    assert (answer["boxes"], answer["points"], answer["claims"]) == ([], [], [])
    assert "the model located nothing that fits the question" in answer["warnings"]


def test_a_relation_to_what_is_not_there_is_denied(home: Home, scene: Path) -> None:
    answer = published(home, "ask", "Is the cup left of the red circle?", scene.name)
    assert "no cup" in answer["text"]
    assert not [box for box in answer["boxes"] if "cup" in box["label"]]


def test_hostile_labels_are_shown_and_not_obeyed(home: Home) -> None:
    said = json.dumps([{"bbox_2d": [1, 2, 3, 4], "label": HOSTILE, HOSTILE: HOSTILE}, {"bbox_2d": ["\x1b[2J"], "label": "x"}])
    done = home.sightline("parse", "--size", "640x480", stdin=said.encode())
    assert "given up on" in done.err
    for text in (done.text, done.err):
        assert not [char for char in text if unicodedata.category(char) in ("Cc", "Cf") and char != "\n"]
    assert "[bold]b[/bold]" in done.text
    assert published(home, "parse", "--size", "640x480", stdin=said)["boxes"][0]["label"] == HOSTILE


def test_half_a_character_in_a_label_is_still_json(home: Home) -> None:
    answer = published(home, "parse", "--size", "640x480", stdin='{"bbox_2d": [1, 2, 3, 4], "label": "\\ud83d"}')
    assert answer["boxes"][0]["label"] == "\ud83d"
    done = home.sightline("parse", "--size", "640x480", stdin=b'{"bbox_2d": [1, 2, 3, 4], "label": "\\ud83d"}')
    assert (done.code, "\\ud83d" in done.text) == (0, True)


def test_five_thousand_boxes_and_numbers_that_cannot_be(home: Home) -> None:
    boxes = [{"bbox_2d": [n % 500, n // 500, 600, 10**9], "label": "seed"} for n in range(5000)]
    said = json.dumps(boxes) + '{"bbox_2d": [NaN, 1, 2, 3]}{"bbox_2d": [-7, -7, -7, -7], "label": "' + "x" * 100_000 + '"}'
    answer = published(home, "parse", "--size", "640x480", stdin=said)
    assert len(answer["boxes"]) == 5001
    assert max(len(box["label"]) for box in answer["boxes"]) == 1000
    for warning in ("clamped to it (5,001 times)", "no area", "without its numbers", "was shortened to 1,000"):
        assert any(warning in line for line in answer["warnings"]), answer["warnings"]
    assert len(answer["warnings"]) == 4
