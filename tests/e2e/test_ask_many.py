"""Several questions on the command line: one model, one picture, answers in the order in which they were asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.e2e.program import Home

CIRCLE, COUNT = "Locate the red circle", "How many objects are there?"
RELATION = "Is the red circle left of the blue square?"


NEAR_TIE = 3.0
"""Pixels: of two thousandths that are as likely the other may be sampled in a batch."""


def comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """Without times, without probabilities, whose last digits differ in a batch, and without the places that follow them."""
    boxes = [{**box, "confidence": None, "bbox": None, "second_look": None} for box in answer["boxes"]]
    claims = [{**claim, "verdict": claim["verdict"] and claim["verdict"]["ruling"]} for claim in answer["claims"]]
    return {**answer, "timings": None, "boxes": boxes, "claims": claims}


def test_json_is_one_line_for_each_question_in_order(home: Home, scene: Path) -> None:
    done = home.sightline("ask", "-q", RELATION, "-q", CIRCLE, "-q", COUNT, scene.name, "--json")
    assert (done.code, done.err) == (0, "")
    together = [json.loads(line) for line in done.text.splitlines()]
    assert [answer["question"] for answer in together] == [RELATION, CIRCLE, COUNT]
    for answer in together:
        alone = json.loads(home.sightline("ask", answer["question"], scene.name, "--json").out)
        assert comparable(answer) == comparable(alone)
        for one, other in zip(answer["boxes"], alone["boxes"], strict=True):
            assert one["bbox"] == pytest.approx(other["bbox"], abs=NEAR_TIE)


def test_text_is_a_block_for_each_question_under_its_heading(home: Home, scene: Path) -> None:
    (home.folder / "list.txt").write_text(f"# two of them\n\n{CIRCLE}\n{COUNT}\n")
    done = home.sightline("ask", "--questions", "list.txt", scene.name)
    assert done.code == 0
    first, second = done.text.split("\n\n")
    assert first.splitlines()[0] == f"# {CIRCLE}"
    assert first.splitlines()[-1].split()[:3] == ["b1", "red", "circle"]
    assert second.splitlines()[0] == f"# {COUNT}"


def test_questions_can_come_from_standard_input_and_the_picture_too(home: Home, scene: Path) -> None:
    piped = home.sightline("ask", "--questions", "-", scene.name, "--json", stdin=f"{CIRCLE}\n{COUNT}\n".encode())
    assert [json.loads(line)["question"] for line in piped.text.splitlines()] == [CIRCLE, COUNT]
    shown = home.sightline("ask", "-q", COUNT, "-q", CIRCLE, "-", "--json", stdin=scene.read_bytes())
    assert [json.loads(line)["pictures"][0]["path"] for line in shown.text.splitlines()] == ["-", "-"]


def test_a_bad_question_among_good_ones_costs_only_itself(home: Home, scene: Path) -> None:
    done = home.sightline("ask", "-q", CIRCLE, "-q", " ", "-q", COUNT, scene.name, "--json")
    assert done.code == 2
    assert [json.loads(line)["question"] for line in done.text.splitlines()] == [CIRCLE, COUNT]
    assert done.err.startswith("sightline: question 2: the question is empty\n  →")


def test_save_draws_the_findings_of_all(home: Home, scene: Path) -> None:
    single = home.sightline("ask", CIRCLE, scene.name, "--save", "one.png")
    both = home.sightline("ask", "-q", CIRCLE, "-q", "Locate the blue square", scene.name, "--save", "both.png")
    assert (single.code, both.code) == (0, 0)
    with Image.open(home.folder / "one.png") as one, Image.open(home.folder / "both.png") as two:
        left, right = (0, 0, 160, 240), (160, 0, 320, 240)
        assert one.crop(left).convert("RGB").tobytes() == two.crop(left).convert("RGB").tobytes()
        assert one.crop(right).convert("RGB").tobytes() != two.crop(right).convert("RGB").tobytes()


def test_a_single_q_is_as_a_question_before_the_picture(home: Home, scene: Path) -> None:
    assert home.sightline("ask", "-q", CIRCLE, scene.name).out == home.sightline("ask", CIRCLE, scene.name).out
