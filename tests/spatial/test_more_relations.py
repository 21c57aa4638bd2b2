"""Rulings on all relations but left, right, above and below: tables of cases, and what must hold for any boxes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scene import Box, Box3D, Claim, Relation, Ruling, Verdict
from backend.spatial.relations import Grounds, Thing, judge

C, X, U = Ruling.CONFIRMED, Ruling.CONTRADICTED, Ruling.UNDETERMINED
SIGMA = 5.0
NEAR_BOX = Thing(Box(100, 200, 200, 400, "near box"), Box3D((-1, 0.5, 3), (1, 1, 1), 0, 0, 0))
FAR_BOX = Thing(Box(250, 150, 300, 300, "far box"), Box3D((1, 0.5, 7), (1, 1, 1), 0, 0, 0))
DECEPTIVE = Thing(FAR_BOX.box, Box3D((1, 0.5, 1.2), (1, 1, 1), 0, 0, 0))
"""Stands higher, yet the model's metres put it nearer."""


def ruled(relation: str, subject: Thing, object_: Thing | None, other: Thing | None = None, **more: bool) -> Verdict:
    claim = Claim(subject.box.label or "it", relation, "other", other="third" if other else "", **more)  # type: ignore[arg-type]
    return judge(claim, Grounds(subject, object_, other), SIGMA)


def at(x1: float, y1: float, x2: float, y2: float) -> Thing:
    return Thing(Box(x1, y1, x2, y2, "thing"))


@pytest.mark.parametrize(
    ("relation", "subject", "object_", "expected"),
    [
        ("in_front_of", NEAR_BOX, FAR_BOX, C),
        ("behind", FAR_BOX, NEAR_BOX, C),
        ("behind", NEAR_BOX, FAR_BOX, X),
        ("in_front_of", NEAR_BOX, DECEPTIVE, U),
        ("in_front_of", at(0, 0, 10, 100), at(50, 0, 60, 60), C),
        ("behind", at(0, 0, 10, 100), at(50, 0, 60, 60), U),
        ("in_front_of", at(0, 0, 10, 100), at(50, 0, 60, 95), U),
        ("occludes", at(0, 50, 100, 200), at(50, 20, 150, 150), C),
        ("occludes", at(0, 50, 100, 200), at(120, 20, 150, 150), X),
        ("occludes", FAR_BOX, replace(NEAR_BOX, box=Box(260, 200, 360, 400)), X),
        ("occludes", at(50, 20, 150, 150), at(0, 50, 100, 200), U),
        ("occludes", at(0, 50, 100, 200), at(98, 20, 250, 150), U),
        ("inside", at(20, 20, 60, 60), at(0, 0, 100, 100), U),
        ("inside", at(50, 20, 160, 60), at(0, 0, 100, 100), X),
        ("inside", at(200, 20, 260, 60), at(0, 0, 100, 100), X),
        ("inside", at(20, 20, 104, 60), at(0, 0, 100, 100), U),
        ("on", at(40, 20, 80, 101), at(0, 100, 200, 200), C),
        ("on", at(40, 20, 80, 150), at(0, 100, 200, 200), U),
        ("on", at(40, 20, 80, 60), at(0, 100, 200, 200), X),
        ("on", at(40, 150, 80, 260), at(0, 100, 200, 200), X),
        ("near", at(0, 0, 50, 50), at(60, 0, 110, 50), C),
        ("near", at(0, 0, 50, 50), at(400, 0, 450, 50), X),
        ("near", at(0, 0, 30, 40), at(81, 0, 111, 40), U),
        ("aligned_with", at(0, 0, 50, 200), at(100, 2, 150, 198), C),
        ("aligned_with", at(0, 0, 50, 50), at(100, 80, 150, 130), X),
        ("aligned_with", at(0, 0, 50, 50), at(100, 8, 150, 58), U),
    ],
)
def test_rulings(relation: str, subject: Thing, object_: Thing, expected: Ruling) -> None:
    verdict = ruled(relation, subject, object_)
    assert verdict.ruling is expected, verdict.reason
    assert verdict.reason.endswith("(camera frame)")
    denied = ruled(relation, subject, object_, negated=True)
    assert denied.ruling is {C: X, X: C, U: U}[expected]
    assert denied.reason == verdict.reason


def test_a_solid_box_settles_what_lies_inside() -> None:
    around = Thing(Box(0, 0, 300, 300), Box3D((0, 0, 5), (4, 4, 4), 0, 0, 0))
    within = Thing(Box(100, 100, 150, 150), Box3D((0, 0, 5), (1, 1, 1), 0, 0, 0))
    before = Thing(Box(100, 100, 150, 150), Box3D((0, 0, 1), (0.2, 0.2, 0.2), 0, 0, 0))
    assert ruled("inside", within, around).ruling is C
    assert ruled("inside", before, around).ruling is X


@pytest.mark.parametrize(
    ("subject", "expected"), [((90, 0, 110, 20), C), ((90, 150, 110, 170), X), ((250, 0, 270, 20), X), ((20, 0, 40, 20), U)]
)
def test_between(subject: tuple[float, float, float, float], expected: Ruling) -> None:
    verdict = ruled("between", at(*subject), at(0, 0, 20, 20), at(180, 0, 200, 20))
    assert verdict.ruling is expected, verdict.reason


def test_nothing_is_between_one_place() -> None:
    assert ruled("between", at(0, 0, 9, 9), at(5, 5, 8, 8), at(5, 5, 8, 8)).ruling is U


def test_the_nearest_is_held_against_all_others() -> None:
    low, middle, high = at(0, 0, 10, 100), at(20, 0, 30, 60), at(40, 0, 50, 20)
    claim = Claim("thing", "nearest", "thing")

    def verdict(of: Thing, *rivals: Thing) -> Verdict:
        return judge(claim, Grounds(of, rivals=rivals), SIGMA)

    assert verdict(low, middle, high).ruling is C
    assert verdict(low, middle, high).margin == pytest.approx(8)
    assert "of 2 comparisons the least favourable" in verdict(low, middle, high).reason
    assert verdict(middle, low, high).ruling is U, "where it stands alone contradicts nothing"
    assert verdict(FAR_BOX, NEAR_BOX).ruling is X
    assert verdict(low).ruling is U
    assert judge(replace(claim, relation="farthest"), Grounds(high, rivals=(low, middle)), SIGMA).ruling is C


def test_one_witness_alone_confirms_and_does_not_contradict() -> None:
    standing = ruled("in_front_of", at(0, 0, 10, 100), at(50, 0, 60, 60))
    assert (standing.ruling, standing.margin) == (C, 8)
    against = ruled("behind", at(0, 0, 10, 100), at(50, 0, 60, 60))
    assert against.ruling is U
    assert "alone it does not contradict" in against.reason
    assert "the two disagree" in ruled("in_front_of", NEAR_BOX, DECEPTIVE).reason


def test_pictures_are_not_compared() -> None:
    verdict = ruled("near", at(0, 0, 9, 9), Thing(Box(0, 0, 9, 9, picture=1)))
    assert verdict.ruling is U
    assert "cannot be compared" in verdict.reason


coordinates = st.floats(0, 2000).map(lambda value: round(value, 2))


@st.composite
def things(draw: st.DrawFn) -> Thing:
    xs, ys = sorted(draw(st.tuples(coordinates, coordinates))), sorted(draw(st.tuples(coordinates, coordinates)))
    return Thing(Box(xs[0], ys[0], xs[1], ys[1], "thing"))


@given(st.sampled_from(list(Relation)), things(), things(), things(), st.floats(0.5, 50))
def test_any_boxes_get_a_verdict_and_its_denial_the_opposite(
    relation: Relation, one: Thing, two: Thing, three: Thing, sigma: float
) -> None:
    grounds = Grounds(one, two, three, (two, three))
    claim = Claim("one", relation.value, "two", other="three")
    verdict, denied = judge(claim, grounds, sigma), judge(replace(claim, negated=True), grounds, sigma)
    assert denied.ruling is {C: X, X: C, U: U}[verdict.ruling]
    if verdict.margin is not None:
        assert denied.margin == pytest.approx(-verdict.margin)
        assert verdict.ruling is not C or verdict.margin >= 0
        assert verdict.ruling is not X or verdict.margin <= 0


@given(st.sampled_from(["near", "aligned_with"]), things(), things(), st.floats(0.5, 50))
def test_what_is_symmetric_stays_so(relation: str, one: Thing, two: Thing, sigma: float) -> None:
    there, back = (judge(Claim("a", relation, "b"), Grounds(*pair), sigma) for pair in ((one, two), (two, one)))
    assert there.ruling is back.ruling


@given(things(), things(), st.floats(0.5, 50))
def test_before_and_behind_are_each_others_mirror(one: Thing, two: Thing, sigma: float) -> None:
    before = judge(Claim("a", "in_front_of", "b"), Grounds(one, two), sigma)
    behind = judge(Claim("b", "behind", "a"), Grounds(two, one), sigma)
    assert (before.ruling, before.margin) == (behind.ruling, behind.margin)
