"""Rulings on left, right, above and below: hand-made cases, and the symmetries that any geometry must keep."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.scene import Box, Claim, Ruling, Verdict
from backend.spatial.relations import Grounds, Thing, judge

CIRCLE = Box(100, 100, 212, 212, "red circle")
SQUARE = Box(308, 150, 420, 262, "blue square")
MIRRORED = {"left_of": "right_of", "right_of": "left_of", "above": "below", "below": "above"}

coordinates = st.floats(0, 4000).map(lambda value: round(value, 3))
relations = st.sampled_from(sorted(MIRRORED))


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    xs, ys = sorted(draw(st.tuples(coordinates, coordinates))), sorted(draw(st.tuples(coordinates, coordinates)))
    return Box(xs[0], ys[0], xs[1], ys[1])


def claim(relation: str, subject: str = "red circle", object_: str = "blue square", frame: str = "camera") -> Claim:
    return Claim(subject, relation, object_, frame)


def judged(stated: Claim, subject: Box, object_: Box, sigma: float) -> Verdict:
    return judge(stated, Grounds(Thing(subject), Thing(object_)), sigma)


def test_the_sentence_names_both_edges_the_gap_and_the_frame() -> None:
    verdict = judged(claim("left_of"), CIRCLE, SQUARE, 8)
    assert verdict.ruling is Ruling.CONFIRMED
    assert verdict.margin == 12
    assert verdict.reason == (
        "the red circle's right edge (212 px) is 96 px left of the blue square's left edge (308 px) (camera frame)"
    )


def test_the_opposite_claim_is_contradicted_by_the_same_numbers() -> None:
    verdict = judged(claim("right_of"), CIRCLE, SQUARE, 8)
    assert (verdict.ruling, verdict.margin) == (Ruling.CONTRADICTED, -12)
    assert verdict.reason == judged(claim("left_of"), CIRCLE, SQUARE, 8).reason


def test_below() -> None:
    verdict = judged(claim("below", "cup", "lamp"), Box(0, 300, 50, 350), Box(0, 100, 50, 250), 10)
    assert (verdict.ruling, verdict.margin) == (Ruling.CONFIRMED, 5)
    assert verdict.reason == "the cup's top edge (300 px) is 50 px below the lamp's bottom edge (250 px) (camera frame)"


def test_within_the_localisation_error_nothing_is_decided() -> None:
    verdict = judged(claim("left_of"), CIRCLE, SQUARE, 96)
    assert (verdict.ruling, verdict.margin) == (Ruling.UNDETERMINED, 1)
    assert "no more than the localisation error of 96 px" in verdict.reason


def test_overlapping_boxes_are_at_most_probable() -> None:
    verdict = judged(claim("above"), CIRCLE, SQUARE, 8)
    assert (verdict.ruling, verdict.margin) == (Ruling.UNDETERMINED, 0)
    assert "(100 px to 212 px) overlaps the blue square (150 px to 262 px)" in verdict.reason
    assert "probably above it, its centre by 45% of their mean height" in verdict.reason
    level = judged(claim("above"), CIRCLE, replace(SQUARE, y1=110, y2=222), 8)
    assert "only 9% of their mean height apart" in level.reason


def test_boxes_of_different_pictures_cannot_be_compared() -> None:
    verdict = judged(claim("left_of"), CIRCLE, replace(SQUARE, picture=1), 8)
    assert (verdict.ruling, verdict.margin) == (Ruling.UNDETERMINED, None)
    assert verdict.reason == "the red circle is in picture 1, the blue square in 2: they cannot be compared"


def test_other_frames_and_other_relations_are_left_open() -> None:
    theirs = judged(claim("left_of", frame="object"), CIRCLE, SQUARE, 8)
    assert (theirs.ruling, theirs.margin) == (Ruling.UNDETERMINED, None)
    assert "needs the blue square's own heading" in theirs.reason
    assert "in the camera frame the red circle's right edge (212 px) is 96 px left of" in theirs.reason
    assert "no rule" in judged(claim("touching"), CIRCLE, SQUARE, 8).reason


def test_names_are_data() -> None:
    reason = judged(claim("left_of", "\x1b[31mcup\n", "红色圆形"), CIRCLE, SQUARE, 8).reason
    assert "the \\e[31mcup's" in reason
    assert "“红色圆形”'s left edge" in reason


@pytest.mark.parametrize("sigma", [0, -1, float("nan")])
def test_sigma_is_positive(sigma: float) -> None:
    with pytest.raises(ValueError, match="σ"):
        judged(claim("left_of"), CIRCLE, SQUARE, sigma)


@given(boxes(), boxes(), relations, st.floats(0.1, 50))
def test_swapping_the_things_turns_the_margin_round(one: Box, other: Box, relation: str, sigma: float) -> None:
    there = judged(claim(relation), one, other, sigma)
    back = judged(claim(relation), other, one, sigma)
    assert there.margin is not None
    assert there.margin == -(back.margin or 0)
    opposite = {Ruling.CONFIRMED: Ruling.CONTRADICTED, Ruling.CONTRADICTED: Ruling.CONFIRMED}
    assert back.ruling is opposite.get(there.ruling, Ruling.UNDETERMINED)


@given(boxes(), boxes(), relations, st.floats(0.1, 50))
def test_swapping_things_and_relation_changes_nothing(one: Box, other: Box, relation: str, sigma: float) -> None:
    there = judged(claim(relation), one, other, sigma)
    back = judged(claim(MIRRORED[relation]), other, one, sigma)
    assert (there.ruling, there.margin) == (back.ruling, back.margin)


@given(boxes(), boxes(), relations, st.floats(0.1, 50))
def test_a_mirror_exchanges_left_and_right_and_keeps_the_margin(one: Box, other: Box, relation: str, sigma: float) -> None:
    def mirrored(box: Box) -> Box:
        return replace(box, x1=4000 - box.x2, x2=4000 - box.x1)

    seen = judged(claim(relation), one, other, sigma)
    across = relation in ("left_of", "right_of")
    reflected = judged(claim(MIRRORED[relation] if across else relation), mirrored(one), mirrored(other), sigma)
    assert seen.margin is not None
    assume(abs(abs(seen.margin) - 1) > 1e-6)
    assert reflected.margin == pytest.approx(seen.margin, abs=1e-6)
    assert reflected.ruling is seen.ruling


@given(boxes(), boxes(), relations, st.floats(0.1, 50), st.floats(0.5, 3))
def test_the_ruling_does_not_depend_on_the_resolution(one: Box, other: Box, relation: str, sigma: float, scale: float) -> None:
    def scaled(box: Box) -> Box:
        return replace(box, x1=box.x1 * scale, y1=box.y1 * scale, x2=box.x2 * scale, y2=box.y2 * scale)

    before = judged(claim(relation), one, other, sigma)
    assert before.margin is not None
    assume(abs(abs(before.margin) - 1) > 1e-6)
    after = judged(claim(relation), scaled(one), scaled(other), sigma * scale)
    assert after.margin == pytest.approx(before.margin, abs=1e-6)
    assert after.ruling is before.ruling
