"""Which words of an answer speak of space, and where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask.tags import tagged


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The red circle is left of the blue square, its centre is further left.", [("left", "left"), ("left", "left")]),
        ("On the left side, the upper right corner.", [("left", "left"), ("right", "right")]),
        ("The rightmost chair is in front of the table.", [("right", "rightmost"), ("front", "in front of")]),
        ("The cup is on the table, next to the lamp.", [("on", "on"), ("near", "next to")]),
        ("The cat sits on top of the box; the dog is inside.", [("on", "on top of"), ("inside", "inside")]),
        (
            "It is between the two, above the rug, under the lamp, behind the sofa.",
            [("between", "between"), ("above", "above"), ("below", "under"), ("behind", "behind")],
        ),
        ("He left. That is right. Two are left.", []),
        ("红色圆形在蓝色正方形的左边。", [("left", "左边")]),
        ("杯子在左边的桌子上，猫在盒子里。", [("left", "左边"), ("on", "上"), ("inside", "里")]),
        (
            "它在桌子的右上角，灯的上方，椅子前面、沙发后面、门旁边。",
            [("right", "右上角"), ("above", "上方"), ("front", "前面"), ("behind", "后面"), ("near", "旁边")],
        ),
        ("在两个盒子之间，窗户下面，抽屉里面。", [("between", "之间"), ("below", "下面"), ("inside", "里面")]),
        ("上午好，他在家里程碑。", []),
        ("The 杯子 is left of the 盒子，在它旁边。", [("left", "left"), ("near", "旁边")]),
        ("", []),
    ],
)
def test_spatial_words(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(tag.word, tag.text) for tag in tagged(text)] == expected


@given(st.text("在上里左右边 left right on the of，。\n", max_size=80))
def test_spans_are_places_in_the_text(text: str) -> None:
    tags = tagged(text)
    assert all(text[slice(*tag.span)] == tag.text != "" for tag in tags)
    assert list(tags) == sorted(tags, key=lambda tag: tag.span)


def test_a_long_answer_is_tagged_in_linear_time() -> None:
    assert len(tagged("左边 the left " * 50_000)) == 100_000
    assert tagged("在" * 100_000) == ()
