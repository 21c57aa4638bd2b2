"""When two answers to one question are the same: last digits are no difference, everything that is meant is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.answer import Answer, PictureRef
from backend.export.agreement import compared
from backend.scene import AskedAgain, Box, Box3D, Check, Point, Ruling, Verdict, Witness
from tests.export.answers import answer, claimed

PICTURE = PictureRef("cup.png", 1000, 500, "0" * 64)
BOX = Box(100, 50, 300, 200, "red cup", id="b1", confidence=0.604)
SPOT = Point(400, 300, "plate", id="p1", confidence=0.8)
SOLID = Box3D((0.5, 0.2, 4.24), (0.3, 0.4, 0.3), 0, 0, 0, "box", id="s1")
LOOKED = replace(
    claimed(),
    asked_again=(AskedAgain("mirrored", "Is it?", "Yes.", True),),
    witnesses=(Witness("depth", True, "0.9 against 0.4"),),
)
CHECK = Check("stands_on_ground", "s1", "", verdict=Verdict(Ruling.CONFIRMED, 3.0, "by 0.02 m", 0.9))
ANSWER = replace(answer((PICTURE,), (BOX, SPOT, SOLID), claims=(LOOKED,)), checks=(CHECK,))


def with_box(**changes: float | str) -> Answer:
    return replace(ANSWER, boxes=(replace(BOX, **changes),))  # type: ignore[arg-type]


def with_verdict(**changes: object) -> Answer:
    assert LOOKED.verdict is not None
    return replace(ANSWER, claims=(replace(LOOKED, verdict=replace(LOOKED.verdict, **changes)),))  # type: ignore[arg-type]


def test_an_answer_is_its_own() -> None:
    agreement = compared(ANSWER, ANSWER)
    assert (agreement.same, agreement.identical, agreement.iou) == (True, True, 1.0)


@pytest.mark.parametrize(
    "now",
    [
        with_box(confidence=0.6026),
        with_box(x1=102.0, y2=199.0),
        replace(ANSWER, points=(replace(SPOT, y=301.0),)),
        replace(ANSWER, boxes3d=(replace(SOLID, centre=(0.5, 0.2, 4.26)),)),
        with_verdict(margin=2.9, reason="its right edge (<41 px>) is left of the other's left edge", confidence=0.98),
        replace(ANSWER, claims=(replace(LOOKED, witnesses=(Witness("depth", True, "0.91 against 0.4"),)),)),
        replace(ANSWER, checks=(replace(CHECK, verdict=replace(CHECK.verdict, reason="by 0.03 m")),)),
    ],
)
def test_last_digits_are_no_difference_and_that_is_told(now: Answer) -> None:
    agreement = compared(ANSWER, now)
    assert (agreement.same, agreement.identical) == (True, False)


@pytest.mark.parametrize(
    ("now", "differs"),
    [
        (replace(ANSWER, text="There."), "text"),
        (replace(ANSWER, thinking="Hm."), "text"),
        (with_box(x1=103.0), "findings"),
        (with_box(y2=202.0), "findings"),
        (with_box(label="blue cup"), "findings"),
        (replace(ANSWER, boxes=()), "findings"),
        (replace(ANSWER, boxes=(BOX, BOX)), "findings"),
        (replace(ANSWER, points=(replace(SPOT, x=403.0),)), "findings"),
        (replace(ANSWER, boxes3d=(replace(SOLID, centre=(0.5, 0.2, 4.6)),)), "findings"),
        (with_verdict(ruling=Ruling.UNDETERMINED), "verdicts"),
        (replace(ANSWER, claims=()), "verdicts"),
        (replace(ANSWER, claims=(replace(LOOKED, relation="right_of"),)), "verdicts"),
        (replace(ANSWER, claims=(replace(LOOKED, witnesses=(Witness("depth", False, "0.9 against 0.4"),)),)), "verdicts"),
        (replace(ANSWER, claims=(replace(LOOKED, asked_again=(AskedAgain("mirrored", "Is it?", "No.", False),)),)), "verdicts"),
        (replace(ANSWER, checks=()), "verdicts"),
    ],
)
def test_what_is_meant_is_a_difference(now: Answer, differs: str) -> None:
    agreement = compared(ANSWER, now)
    assert not agreement.same
    assert [part for part in ("text", "findings", "verdicts") if not getattr(agreement, part)] == [differs]
