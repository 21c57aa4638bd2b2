"""Answers in every form that models write: our own corpus, and answers as public notebooks show them.

Each must be read whole, and nothing invented.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.scene import Box, Finding, Point, Units
from scripts.evaluation.parser_corpus import CORPUS, Case, cases, fault, score
from tests.ask.parsing.reading import parsed
from tests.ask.views import blank_view

PUBLIC = Path(__file__).resolve().parents[4] / "shared" / "parse-corpus" / "cases.jsonl"


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_our_own_answers(case: Case) -> None:
    """Whole, letter by letter, and in pieces as long as a token."""
    assert fault(case) is None
    for piece in (1, 4) if case.streamed else ():
        assert fault(case, piece) is None


def test_every_answer_has_its_expectation_and_counts() -> None:
    texts = list(CORPUS.glob("*.txt"))
    assert {path.stem for path in texts} == {path.stem for path in CORPUS.glob("*.toml")}
    assert (score().right, score().cases, score().wrong) == (len(texts), len(texts), ())


def test_a_wrong_reading_counts_as_wrong() -> None:
    case = next(case for case in cases() if case.name == "qwen3-vl-json")
    assert fault(replace(case, text=case.text.replace("250", "251", 1))) is not None
    assert fault(replace(case, text=case.text.replace("red circle", "red ball"))) is not None
    assert fault(replace(case, warnings=("something",))) is not None


def place(finding: Finding) -> list[float]:
    if isinstance(finding, Box):
        return [round(v, 6) for v in (finding.x1, finding.y1, finding.x2, finding.y2)]
    assert isinstance(finding, Point)
    return [round(finding.x, 6), round(finding.y, 6)]


def expected(item: dict[str, Any]) -> list[float]:
    if "point" in item:
        return [float(v) for v in item["point"]]
    x1, y1, x2, y2 = item["bbox"]
    return [float(v) for v in (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))]


@pytest.mark.skipif(
    not PUBLIC.exists(), reason="the corpus of public answers is not part of the repository (it belongs to its sources)"
)
def test_public_answers_of_qwen_models() -> None:
    wrong = []
    for line in PUBLIC.read_text("utf-8").splitlines():
        case = json.loads(line)
        items = case["expect"].get("items") or []
        pixels = bool(items) and items[0]["units"] == "px"
        # A frame larger than any coordinate, so that only the reading is judged, not the clamping.
        size = (10_000, 10_000)
        view = blank_view(*size, Units.PIXELS, raster=size) if pixels else blank_view(1000, 1000)
        findings, _ = parsed(case["raw"], view)
        got, want = [place(f) for f in findings], [expected(item) for item in items]
        if got != want:
            wrong.append((case["id"], got[:3], want[:3]))
    assert not wrong
