"""Which relations an answer states."""

from __future__ import annotations

import pytest

from backend.ask.claims import asked, stated

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
        ("No.", "Is the red circle left of the blue square?", []),
        ("The cup is not left of the plate.", "", []),
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
