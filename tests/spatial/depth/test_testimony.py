"""A depth map as a witness of claims: what it supports, what it denies, and when it keeps silent."""

from __future__ import annotations

import numpy as np
import pytest

from backend.scene import Box, Claim, DepthMap, DepthUnit
from backend.spatial.depth import witness_of

CUP = Box(10, 40, 50, 90, "cup", id="b1")
PLATE = Box(60, 40, 100, 80, "plate", id="b2")
BOWL = Box(40, 30, 70, 70, "bowl", id="b3")
"""Overlaps both."""


def _depth(cup: float = 0.9, plate: float = 0.4, bowl: float = 0.2, background: float = 0.05) -> DepthMap:
    values = np.full((100, 110), background, dtype=np.float32)
    for value, box in sorted(((bowl, BOWL), (plate, PLATE), (cup, CUP)), key=lambda pair: pair[0]):
        values[round(box.y1) : round(box.y2), round(box.x1) : round(box.x2)] = value
    return DepthMap(values, DepthUnit.INVERSE, 110, 100, "net")


def _claim(relation: str, one: Box, two: Box | None, *, negated: bool = False) -> Claim:
    return Claim(
        one.label,
        relation,
        two.label if two else "",
        negated=negated,
        subject_id=one.id,
        object_id=two.id if two else "",
    )


@pytest.mark.parametrize(
    ("relation", "one", "two", "agrees"),
    [
        ("in_front_of", CUP, PLATE, True),
        ("in_front_of", PLATE, CUP, False),
        ("behind", PLATE, CUP, True),
        ("behind", CUP, PLATE, False),
        ("occludes", CUP, BOWL, True),
        ("occludes", BOWL, CUP, False),
        ("occludes", CUP, PLATE, False),  # nearer, but their boxes are apart
        ("occludes", PLATE, CUP, False),
    ],
)
def test_it_orders(relation: str, one: Box, two: Box, agrees: bool | None) -> None:
    witness = witness_of(_claim(relation, one, two), (CUP, PLATE, BOWL), _depth())
    assert witness is not None
    assert witness.kind == "depth"
    assert witness.agrees is agrees
    denied = witness_of(_claim(relation, one, two, negated=True), (CUP, PLATE, BOWL), _depth())
    assert denied is not None
    assert denied.agrees is (None if agrees is None else not agrees)


def test_of_the_nearest_the_least_favourable_comparison_counts() -> None:
    boxes = (CUP, PLATE, BOWL)
    nearest = witness_of(_claim("nearest", CUP, None), boxes, _depth(), rivals=(PLATE, BOWL))
    wrong = witness_of(_claim("nearest", PLATE, None), boxes, _depth(), rivals=(CUP, BOWL))
    farthest = witness_of(_claim("farthest", BOWL, None), boxes, _depth(), rivals=(CUP, PLATE))
    close = witness_of(_claim("nearest", CUP, None), boxes, _depth(plate=0.899), rivals=(PLATE, BOWL))
    assert [w.agrees if w else "silent" for w in (nearest, wrong, farthest, close)] == [True, False, True, None]
    assert wrong is not None
    assert "farther than cup" in wrong.reason


def test_rectangles_that_overlap_where_neither_thing_is_hide_nothing() -> None:
    """The cup's rectangle reaches over the plate's, but there the map sees the plate alone."""
    wide = Box(10, 40, 70, 90, "cup", id="b1")
    witness = witness_of(_claim("occludes", wide, PLATE), (wide, PLATE), _depth())
    assert witness is not None
    assert witness.agrees is False
    assert "as near in 0% of its rectangle" in witness.reason


def test_equally_far_is_no_order() -> None:
    witness = witness_of(_claim("behind", CUP, PLATE), (CUP, PLATE), _depth(plate=0.9))
    assert witness is not None
    assert witness.agrees is None
    assert "equally far" in witness.reason


def test_a_map_without_depth_says_so() -> None:
    witness = witness_of(_claim("behind", CUP, PLATE), (CUP, PLATE), _depth(0.25, 0.25, 0.25, 0.25))
    assert witness is not None
    assert witness.agrees is None
    assert "sees no depth" in witness.reason


def test_it_keeps_silent_on_what_it_cannot_see() -> None:
    boxes = (CUP, PLATE)
    assert witness_of(_claim("left_of", CUP, PLATE), boxes, _depth()) is None
    assert witness_of(_claim("behind", CUP, BOWL), boxes, _depth()) is None, "the bowl has no box"
    assert witness_of(_claim("nearest", CUP, None), boxes, _depth()) is None, "there is nothing to compare it with"
    own = Claim("cup", "behind", "plate", frame="object", subject_id="b1", object_id="b2")
    assert witness_of(own, boxes, _depth()) is None, "behind as the plate sees it"


def test_names_and_sources_from_outside_are_shown_as_text() -> None:
    cup = Box(*CUP.corners, "c\x1b[31mup", id="b1")
    net = DepthMap(_depth().values, DepthUnit.INVERSE, 110, 100, "net\x1b[2J")
    witness = witness_of(_claim("behind", cup, PLATE), (cup, PLATE), net)
    assert witness is not None
    assert "\x1b" not in witness.reason
