"""Every relation can be said, affirmed and denied, and so can everything that backs it."""

from __future__ import annotations

import pytest

from backend.scene import AskedAgain, Check, Claim, Relation, Ruling, SecondLook, Verdict, Window
from backend.scene.phrasing import again, checked, looked_twice, ruled, statement

SURE = Verdict(Ruling.CONFIRMED, 3.0, "far apart", 0.974)


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (Claim("cup", Relation.LEFT_OF, "plate"), "cup left of plate"),
        (Claim("cup", Relation.IN_FRONT_OF, "plate", negated=True), "cup not in front of plate"),
        (Claim("cup", Relation.OCCLUDES, "plate"), "cup occludes plate"),
        (Claim("cup", Relation.OCCLUDES, "plate", negated=True), "cup does not occlude plate"),
        (Claim("cup", Relation.BETWEEN, "plate", other="bowl"), "cup between plate and bowl"),
        (Claim("cup", Relation.BETWEEN, "plate", other="bowl", negated=True), "cup not between plate and bowl"),
        (Claim("cup", Relation.ALIGNED_WITH, "plate"), "cup aligned with plate"),
        (Claim("cup", Relation.FARTHEST, ""), "cup farthest of all that was found"),
        (Claim("cup", Relation.NEAREST, "dishes", negated=True), "cup not nearest of dishes"),
        (Claim("cup", Relation.LEFT_OF, "man", frame="viewer"), "cup left of man (viewer frame)"),
        (Claim("cup", "touching", "plate", negated=True), "cup not touching plate"),
    ],
)
def test_a_claim_in_words(claim: Claim, words: str) -> None:
    assert statement(claim) == words


@pytest.mark.parametrize("relation", list(Relation))
def test_no_relation_is_without_words(relation: Relation) -> None:
    said, denied = (statement(Claim("a", relation, "b", other="c", negated=negated)) for negated in (False, True))
    assert "_" not in said + denied
    assert "not" in denied.split()
    assert said != denied


def test_what_backs_a_claim_in_words() -> None:
    assert ruled(SURE) == "confirmed (97% sure)"
    assert ruled(Verdict(Ruling.UNDETERMINED, None, "too near")) == "undetermined"
    assert [again(AskedAgain("mirrored", "?", "No.", agrees)) for agrees in (True, False, None)] == [
        "asked mirrored: agrees",
        "asked mirrored: disagrees",
        "asked mirrored: does not tell",
    ]
    look = SecondLook(Window(0, 0, 10, 10), (1, 1, 2, 2), (1, 1, 2, 3), 0.5)
    assert looked_twice(look) == "looked at twice: IoU 0.50"
    assert looked_twice(SecondLook(Window(0, 0, 10, 10), (1, 1, 2, 2), None, 0.0)) == "looked at twice: not found again"


def test_checks_in_words() -> None:
    assert checked(Check("projection", "s1", "b1", SURE), "1 cup", "2 cup") == "1 cup projects onto 2 cup"
    assert checked(Check("ground", "s1", "", SURE), "1 cup", "") == "1 cup stands on the ground"
    assert checked(Check("camera", "", "", SURE), "", "") == "the camera agrees with what was found"
    assert checked(Check("camera", "", "", SURE, 1), "", "") == "the camera of picture 2 agrees with what was found"
    assert checked(Check("other", "s1", "b1", SURE), "1", "2") == "1: other against 2"
