"""What stands below an answer's words: every claim, check and second look, in lines that no name can break."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.answer import Answer, PictureRef
from backend.cli.findings import print_findings
from backend.scene import AskedAgain, Box, Box3D, Check, Claim, Ruling, SecondLook, Verdict, Window

TEXT = "No, the cup is right of the plate."
LOOK = SecondLook(Window(0, 0, 50, 50), (1, 2, 3, 4), (1, 2, 3, 5), 0.8333)
CUP = Box(1, 2, 3, 5, "cup", confidence=0.5, id="b1", second_look=LOOK)
CRATE = Box3D((0, 0, 2), (1, 1, 1), 0, 0, 0, "crate", id="s1")
WRONG = Claim(
    *("cup", "right_of", "plate"),
    verdict=Verdict(Ruling.CONTRADICTED, -3.1, "it is 80 px left of it", 0.98),
    text_span=(4, 33),
    asked_again=(AskedAgain("mirrored", "Is it?", "Yes,\nit is.", False),),
)
ANSWER = Answer(
    "Is the cup left of the plate?",
    "relation",
    TEXT,
    (PictureRef("a.png", 640, 480, "ab"),),
    boxes=(CUP,),
    boxes3d=(CRATE,),
    claims=(WRONG,),
    checks=(Check("projection", "s1", "b1", Verdict(Ruling.CONFIRMED, 1.0, "they overlap by 0.9")),),
)


def printed(answer: Answer, capsys: pytest.CaptureFixture[str]) -> list[str]:
    print_findings(answer)
    return capsys.readouterr().out.splitlines()


def test_everything_that_backs_an_answer_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(ANSWER, capsys) == [
        "  s1  crate  at (0.00, 0.00, 2.00) m, 1.00 × 1.00 × 1.00 m (the model's estimate)",
        "  b1  cup  x 1–3, y 2–5 px  confidence 0.50  looked at twice: IoU 0.83",
        "  cup right of plate (camera frame): contradicted (98% sure)",
        "    the answer says: the cup is right of the plate",
        "    it is 80 px left of it",
        "    asked mirrored: disagrees: Yes,\\nit is.",
        "  s1 crate projects onto b1 cup: confirmed",
        "    they overlap by 0.9",
    ]


def test_names_break_no_line_and_reach_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "c\x1b[2J\nup"
    answer = replace(ANSWER, boxes=(replace(CUP, label=hostile),), claims=(replace(WRONG, subject=hostile),))
    lines = printed(answer, capsys)
    assert len(lines) == 8
    assert not any("\x1b" in line for line in lines)


def test_a_claim_without_a_verdict_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    claim = Claim("cup", "between", "plate", other="bowl", negated=True, frame="viewer")
    assert printed(replace(ANSWER, claims=(claim,), checks=()), capsys)[2:] == [
        "  cup not between plate and bowl (viewer frame): not checked: a box is missing"
    ]
