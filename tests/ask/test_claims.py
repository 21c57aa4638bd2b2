"""Which relations an answer states, which a question asks, and how they are asked again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask.claims import agreement, as_seen_mirrored, asked, exchanged, question_about, stated
from backend.scene import Claim, Relation

LEFT = ("red circle", "left_of", "blue square")


@pytest.mark.parametrize(
    ("answer", "question", "expected"),
    [
        ("Yes, the red circle is left of the blue square.", "", [LEFT]),
        ("Yes, the red circle is to the left of the blue square because its centre lies further left.", "", [LEFT]),
        (
            "No, the red circle is right of the blue square.",
            "Is the red circle left of the blue square?",
            [("red circle", "right_of", "blue square")],
        ),
        ("是的，红色圆形在蓝色正方形的左边。", "", [("红色圆形", "left_of", "蓝色正方形")]),
        ("不是，红色圆形在蓝色正方形的右边。", "", [("红色圆形", "right_of", "蓝色正方形")]),
        ("Yes.", "Is the red circle left of the blue square?", [LEFT]),
        ("是的。", "红色圆形在蓝色正方形的左边吗？", [("红色圆形", "left_of", "蓝色正方形")]),
        ("No.", "Is the red circle left of the blue square?", [LEFT]),
        ("The cup is not left of the plate.", "", [("cup", "left_of", "plate")]),
        (
            "The lamp is above the table. The rug is below the table.",
            "",
            [("lamp", "above", "table"), ("rug", "below", "table")],
        ),
        ("There is no red circle.", "Is the red circle left of the blue square?", []),
        ("I see two cups.", "", []),
    ],
)
def test_stated(answer: str, question: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(claim.subject, claim.relation, claim.object) for claim in stated(answer, question)] == expected


def test_a_question_that_is_no_relation_asks_no_claim() -> None:
    assert asked("How many cups are there?") is None
    assert asked("where is the cup?") is None


def test_a_repeated_statement_is_one_claim() -> None:
    sentence = "The lamp is above the table. "
    assert len(stated(sentence * 3)) == 1


def test_a_long_answer_is_read_in_linear_time() -> None:
    assert stated("the cup is " * 20_000) == []
    assert stated("在" * 50_000) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("Yes, the red circle is left of the blue square because it is.", "red circle is left of the blue square"),
        ("是的，红色圆形在蓝色正方形的左边。", "红色圆形在蓝色正方形的左边"),
        ("Look: the lamp is to the right of the lamp shade.", "lamp is to the right of the lamp shade"),
    ],
)
def test_a_claim_says_which_words_state_it(answer: str, words: str) -> None:
    (claim,) = stated(answer)
    assert claim.text_span is not None
    assert answer[slice(*claim.text_span)] == words


def test_a_bare_yes_is_the_statement() -> None:
    (claim,) = stated("Yes. It is.", "Is the red circle left of the blue square?")
    assert claim.text_span == (0, 3)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("The red box is closer to the camera than the blue box.", "red box in_front_of blue box"),
        ("The red box is farther away than the blue box.", "red box behind blue box"),
        ("No, the red box is nearer than the blue box.", "red box in_front_of blue box"),
        ("The cat is in front of the sofa.", "cat in_front_of sofa"),
        ("I think that the cup is behind the plate.", "cup behind plate"),
        ("Yes, the red box partly hides the blue box.", "red box occludes blue box"),
        ("No, the red box does not hide the blue box.", "not red box occludes blue box"),
        ("The laptop is partially hidden by the monitor.", "monitor occludes laptop"),
        ("The dog is in the basket.", "dog inside basket"),
        ("The mug is on the table and next to the plate.", "mug on table; mug near plate"),
        ("There is a cup on the table.", "cup on table"),
        ("The spoon is on top of the napkin.", "spoon on napkin"),
        ("The ball is between the cup and the bowl.", "ball between cup & bowl"),
        ("The chair and the table are at the same height.", "chair aligned_with table"),
        ("The cup is aligned with the plate.", "cup aligned_with plate"),
        ("The lamp is close to the bed.", "lamp near bed"),
        ("The red box is the nearest to the camera.", "red box nearest "),
        ("The red box is the farthest box.", "red box farthest box"),
        ("The nearest object is the red box.", "red box nearest object"),
        ("The circle is left of the square, and above the star.", "circle left_of square; circle above star"),
        ("杯子在桌子上。", "杯子 on 桌子"),
        ("猫在盒子里。", "猫 inside 盒子"),
        ("球在杯子和碗之间。", "球 between 杯子 & 碗"),
        ("杯子靠近碗。", "杯子 near 碗"),
        ("杯子和碗对齐。", "杯子 aligned_with 碗"),
        ("是，红色箱子比蓝色箱子离相机更近。", "红色箱子 in_front_of 蓝色箱子"),
        ("红色箱子比蓝色箱子远。", "红色箱子 behind 蓝色箱子"),
        ("红色箱子在蓝色箱子的后面。", "红色箱子 behind 蓝色箱子"),
        ("是，红色箱子挡住了蓝色箱子的一部分。", "红色箱子 occludes 蓝色箱子"),
        ("不是，红色箱子没有挡住蓝色箱子。", "not 红色箱子 occludes 蓝色箱子"),
        ("最近的是红色箱子。", "红色箱子 nearest "),
        ("红色圆形不在蓝色正方形的左边。", "not 红色圆形 left_of 蓝色正方形"),
        ("The red circle 在 blue square 的左边。", "red circle left_of blue square"),
        ("A在B的左边，C在D的右边。", "A left_of B; C right_of D"),
        ("The cup is in the picture.", ""),
        ("The cup is on the left, in the foreground.", ""),
        ("It is to the left.", ""),
        ("The house is on fire and the box is in focus.", ""),
        ("Is the cup left of the plate? I cannot say.", ""),
        ("红色圆形在蓝色正方形的左边吗？", ""),
    ],
)
def test_every_relation_is_read_in_both_languages(answer: str, expected: str) -> None:
    assert "; ".join(_said(claim) for claim in stated(answer)) == expected


def _said(claim: Claim) -> str:
    other = f" & {claim.other}" if claim.other else ""
    return f"{'not ' if claim.negated else ''}{claim.subject} {claim.relation} {claim.object}{other}"


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Which box is the nearest?", "The red box.", "red box nearest box"),
        ("哪个箱子最远？", "红色箱子。", "红色箱子 farthest 箱子"),
        ("最近的是哪个箱子？", "红色箱子。", "红色箱子 nearest 箱子"),
        ("Is the mug on the table?", "No.", "not mug on table"),
        ("笔记本挡住了路由器吗？", "是的。", "笔记本 occludes 路由器"),
        ("Is the red circle left of the star?", "It is left of it.", "red circle left_of star"),
        ("红色圆形在星星的左边吗？", "它在星星的左边。", "红色圆形 left_of 星星"),
        ("Is the cup left of the plate?", "I cannot tell.", "cup left_of plate"),
        ("Is the cup left of the plate?", "No, the cup is above the plate.", "not cup left_of plate; cup above plate"),
        ("Is the cup left of the plate?", "No, the cup is right of the plate.", "cup right_of plate"),
        ("Is the cup left of the plate?", "Yes, the cup is right of the plate.", "cup left_of plate; cup right_of plate"),
        ("Is the cup left of the plate?", "No, the plate is left of the cup.", "plate left_of cup"),
        ("Is the cup left of the plate?", "There is no cup in the picture.", ""),
        ("How many cups are there?", "Yes.", ""),
    ],
)
def test_an_answer_is_read_with_its_question(question: str, answer: str, expected: str) -> None:
    assert "; ".join(_said(claim) for claim in stated(answer, question)) == expected


def test_what_is_only_asked_has_no_words_in_the_answer() -> None:
    (claim,) = stated("I cannot tell.", "Is the cup left of the plate?")
    assert claim.text_span is None
    (denied,) = stated("No.", "Is the cup left of the plate?")
    assert denied.text_span == (0, 2)


@pytest.mark.parametrize(
    ("answer", "frame"),
    [
        ("The bike is to the car's left.", "object"),
        ("From the driver's perspective, the sign is left of the tree.", "viewer"),
        ("从司机的角度看，路牌在树的左边。", "viewer"),
        ("From the camera's perspective, the sign is left of the tree.", "camera"),
        ("The sign is left of the tree.", "camera"),
    ],
)
def test_the_frame_is_read(answer: str, frame: str) -> None:
    assert [claim.frame for claim in stated(answer)] == [frame]


@pytest.mark.parametrize("relation", [r for r in Relation if r not in (Relation.BETWEEN, Relation.NEAREST, Relation.FARTHEST)])
@pytest.mark.parametrize(("one", "two"), [("red cup", "plate"), ("红色杯子", "盘子")])
def test_a_claims_question_asks_just_that_claim(relation: Relation, one: str, two: str) -> None:
    claim = Claim(one, relation.value, two)
    question = question_about(claim)
    if relation is Relation.ALIGNED_WITH:
        assert question is None
        return
    assert question is not None
    assert asked(question) == claim


def test_mirroring_exchanges_left_and_right_alone() -> None:
    turned = {relation: as_seen_mirrored(Claim("a", relation.value, "b")).relation for relation in Relation}
    changed = {relation.value: now for relation, now in turned.items() if now != relation}
    assert changed == {"left_of": "right_of", "right_of": "left_of"}


@pytest.mark.parametrize(
    ("said", "again", "agrees"),
    [
        ("The cup is left of the plate.", "The plate is right of the cup.", True),
        ("The cup is left of the plate.", "The cup is right of the plate.", False),
        ("The cup is left of the plate.", "The cup is above the plate.", None),
        ("The cup is left of the plate.", "The cup is not left of the plate.", False),
        ("The cup is not left of the plate.", "The cup is right of the plate.", None),
        ("The cup is left of the plate.", "The cup is left of the fork.", None),
        ("The cup hides the plate.", "The plate hides the cup.", None),
        ("The cup is near the plate.", "The plate is near the cup.", True),
    ],
)
def test_agreement(said: str, again: str, agrees: bool | None) -> None:
    (one,), (two,) = stated(said), stated(again)
    assert agreement(one, two) is agrees


@given(st.text(max_size=200), st.text(max_size=100))
def test_any_text_is_read_and_every_span_lies_in_it(answer: str, question: str) -> None:
    for claim in stated(answer, question):
        assert claim.subject
        if claim.text_span is not None:
            start, end = claim.text_span
            assert 0 <= start < end <= len(answer)


@given(st.sampled_from([Relation.LEFT_OF, Relation.ABOVE, Relation.BEHIND, Relation.NEAR]))
def test_exchanging_twice_changes_nothing(relation: Relation) -> None:
    claim = Claim("a", relation.value, "b")
    once = exchanged(claim)
    assert once is not None
    assert exchanged(once) == claim
