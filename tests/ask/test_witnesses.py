"""What a depth network's word does to a verdict: it takes back, and never rules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backend.ask.depths import told
from backend.ask.witnesses import heard, with_depth
from backend.scene import Box, Claim, DepthMap, DepthUnit, Ruling, Verdict, Witness

NEAR, FAR = Box(10, 40, 50, 90, "cup", id="b1"), Box(60, 20, 100, 60, "plate", id="b2")


def _depth(near: float = 0.8, far: float = 0.3, unit: DepthUnit = DepthUnit.INVERSE) -> DepthMap:
    values = np.full((100, 110), 0.05 if unit is DepthUnit.INVERSE else 20.0, dtype=np.float32)
    for value, box in ((far, FAR), (near, NEAR)):
        values[round(box.y1) : round(box.y2), round(box.x1) : round(box.x2)] = value
    return DepthMap(values, unit, 110, 100, "net")


@pytest.mark.parametrize(
    ("ruling", "agrees", "then"),
    [
        (Ruling.CONFIRMED, True, Ruling.CONFIRMED),
        (Ruling.CONFIRMED, None, Ruling.CONFIRMED),
        (Ruling.CONFIRMED, False, Ruling.UNDETERMINED),
        (Ruling.CONTRADICTED, False, Ruling.CONTRADICTED),
        (Ruling.CONTRADICTED, True, Ruling.UNDETERMINED),
        (Ruling.UNDETERMINED, False, Ruling.UNDETERMINED),
        (Ruling.UNDETERMINED, True, Ruling.UNDETERMINED),
    ],
)
def test_disagreement_takes_a_ruling_back_and_agreement_makes_none(ruling: Ruling, agrees: bool | None, then: Ruling) -> None:
    verdict = Verdict(ruling, 3.0, "the boxes say so", 0.9)
    after = heard(verdict, Witness("depth", agrees, "it sees otherwise"))
    assert after.ruling is then
    if then is ruling:
        assert after == verdict
    else:
        assert after.confidence is None
        assert "it sees otherwise" in after.reason
        assert f"the boxes alone: {ruling.value}: the boxes say so" in after.reason


def test_the_witness_is_kept_beside_the_verdict() -> None:
    claim = Claim("plate", "in_front_of", "cup", subject_id="b2", object_id="b1")
    ruled = replace(claim, verdict=Verdict(Ruling.CONFIRMED, 4.0, "it stands lower"))
    after = with_depth(ruled, (NEAR, FAR), _depth())
    assert after.verdict is not None
    assert after.verdict.ruling is Ruling.UNDETERMINED
    (witness,) = after.witnesses
    assert witness.agrees is False
    assert witness.as_dict() == {"kind": "depth", "agrees": False, "reason": witness.reason}


def test_of_the_nearest_all_rivals_are_compared() -> None:
    claim = Claim("cup", "nearest", "", subject_id="b1", verdict=Verdict(Ruling.CONFIRMED, 4.0, "lowest"))
    assert with_depth(claim, (NEAR, FAR), _depth()).witnesses[0].agrees is True
    assert with_depth(claim, (NEAR,), _depth()).witnesses == ()


def test_a_claim_that_depth_says_nothing_of_stays_as_it_was() -> None:
    claim = Claim("cup", "left_of", "plate", subject_id="b1", object_id="b2", verdict=Verdict(Ruling.CONFIRMED, 4.0, ""))
    assert with_depth(claim, (NEAR, FAR), _depth()) is claim


def test_what_the_model_is_told_orders_and_gives_metres_only_where_there_are_some() -> None:
    relative = told(_depth(), (FAR, NEAR))
    assert relative == "A depth estimator, which may err, orders from near to far: cup, then plate."
    metres = told(_depth(1.25, 3.0, DepthUnit.METRES), (FAR, NEAR))
    assert "cup (1.2 m), then plate (3.0 m)" in metres
    assert "of the picture" in told(_depth()), "without boxes it speaks of parts of the picture"
    chinese = told(_depth(), (replace(FAR, label="盘子"), replace(NEAR, label="杯子")), "zh")
    assert chinese == "深度估计（可能有误）给出的由近到远的顺序：杯子、盘子。"
    assert told(_depth(0.05, 0.05)) == "", "a map without depth has nothing to tell"
