"""The chance that a ruling is right: what it is read from, and what becomes of a ruling that is right too seldom."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from backend.ask import confidence
from backend.ask.confidence import NAMES, Signs, weighed
from backend.scene import AskedAgain, Box, Claim, Ruling, SecondLook, Verdict, Window

BOXES = (Box(0, 0, 10, 10, "cup", confidence=0.5, id="b1"), Box(20, 0, 30, 10, "plate", confidence=0.9, id="b2"))
CLAIM = Claim(
    "cup",
    "left_of",
    "plate",
    subject_id="b1",
    object_id="b2",
    verdict=Verdict(Ruling.CONFIRMED, 10.0, "because"),
    asked_again=(AskedAgain("mirrored", "?", "yes", True), AskedAgain("exchanged", "?", "hm", None)),
)


def test_what_speaks_for_a_ruling() -> None:
    signs = Signs.of(CLAIM, BOXES)
    assert signs == Signs(doubt=-math.log(0.5), margin=math.log(11), agreed=1.0, unlike=0.0, against=0.0, hiding=0.0)
    looked = replace(BOXES[0], second_look=SecondLook(Window(0, 0, 9, 9), (0, 0, 10, 10), None, 0.25))
    seen = Signs.of(CLAIM, (looked, BOXES[1]))
    assert seen is not None
    assert seen.unlike == 0.75


@pytest.mark.parametrize(
    ("relation", "ruling", "against", "hiding"),
    [
        ("occludes", Ruling.CONTRADICTED, 1.0, 1.0),
        ("occludes", Ruling.CONFIRMED, 0.0, 0.0),
        ("left_of", Ruling.CONTRADICTED, 1.0, 0.0),
    ],
)
def test_contradicting_what_hides_what_is_a_sign_of_its_own(
    relation: str, ruling: Ruling, against: float, hiding: float
) -> None:
    signs = Signs.of(replace(CLAIM, relation=relation, verdict=Verdict(ruling, -3.0, "because")), BOXES)
    assert signs is not None
    assert (signs.against, signs.hiding) == (against, hiding)


@pytest.mark.parametrize(
    "claim",
    [
        replace(CLAIM, verdict=None),
        replace(CLAIM, verdict=Verdict(Ruling.UNDETERMINED, 0.5, "")),
        replace(CLAIM, subject_id="", object_id=""),
    ],
)
def test_where_nothing_was_ruled_nothing_speaks(claim: Claim) -> None:
    assert Signs.of(claim, BOXES) is None
    assert weighed(claim, BOXES, "demo") == claim


def test_a_model_that_nobody_calibrated_gets_no_figure() -> None:
    assert weighed(CLAIM, BOXES, "qwen3-vl-2b-instruct") == CLAIM


def test_a_boxes_doubt_has_an_end() -> None:
    signs = Signs.of(CLAIM, [replace(box, confidence=0.0) for box in BOXES])
    assert signs is not None
    assert signs.doubt == 5.0


def test_a_ruling_that_is_right_too_seldom_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for constant, ruling in ((3.0, Ruling.CONFIRMED), (0.0, Ruling.UNDETERMINED)):
        curves = {"m": (constant, *(0.0 for _ in NAMES[1:]))}
        monkeypatch.setattr(confidence, "curves", lambda curves=curves: curves)
        verdict = weighed(CLAIM, BOXES, "m").verdict
        assert verdict is not None
        assert verdict.ruling is ruling
    assert verdict is not None
    assert verdict.reason == "cannot tell: a ruling with such evidence is right in 50% of cases; it would be confirmed: because"
    assert verdict.confidence is None
    assert verdict.margin == 10.0


def test_the_shipped_curve_trusts_surer_boxes_more() -> None:
    sure, doubtful = (weighed(CLAIM, [replace(box, confidence=c) for box in BOXES], "demo").verdict for c in (0.95, 0.4))
    assert sure is not None
    assert sure.confidence is not None
    assert doubtful is not None
    assert doubtful.confidence is None or doubtful.confidence < sure.confidence
