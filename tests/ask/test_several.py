"""Several pictures in one question: claims are judged within one of them, and what was read once is not read again."""

from __future__ import annotations

import json

import pytest

from backend.answer import Answer
from backend.ask import Question
from backend.ask.parsing.which import named_last
from backend.ask.pipeline import Asker
from backend.catalog.registry import load_catalog
from backend.catalog.store import ModelStore
from backend.scene import Claim, Ruling
from backend.synthetic.scenes import draw_scene
from scripts.demo_evaluation import answer_to, picture_of
from tests.ask.asking import answer_of, asker, canned, picture

ONE, TWO = picture(1000, 1000, "one.png"), picture(1000, 1000, "two.png")


def at(x: int, label: str) -> str:
    return json.dumps([{"bbox_2d": [x, 400, x + 100, 500], "label": label}])


def claim_of(text: str, *asides: str) -> tuple[Claim, Answer]:
    """The one claim of an answer. `asides`: what is said of cup and plate in pictures 1 and 2, the cup first."""
    engine = canned(text, *asides)
    answer = answer_of(list(asker(engine).ask(Question("Is the cup left of the plate?", (ONE, TWO)))))
    (claim,) = answer.claims
    assert len(engine.requests) == 1 + len(asides)
    return claim, answer


def ruling(claim: Claim) -> tuple[Ruling, str]:
    assert claim.verdict is not None
    return claim.verdict.ruling, claim.verdict.reason


def test_a_claim_is_judged_in_the_picture_that_shows_both() -> None:
    claim, answer = claim_of("Yes, the cup is left of the plate.", "[]", at(100, "cup"), "[]", at(700, "plate"))
    said, reason = ruling(claim)
    assert said is Ruling.CONFIRMED
    assert reason.startswith("in picture 2 the cup's right edge")
    assert {(box.label, box.picture) for box in answer.boxes} == {("cup", 1), ("plate", 1)}
    assert {claim.subject_id, claim.object_id} == {box.id for box in answer.boxes}


def test_across_two_pictures_nothing_is_judged() -> None:
    claim, _ = claim_of("Yes, the cup is left of the plate.", at(100, "cup"), "[]", "[]", at(700, "plate"))
    said, reason = ruling(claim)
    assert said is Ruling.UNDETERMINED
    assert "the cup is in picture 1, the plate is in picture 2" in reason
    assert "cannot be compared" in reason


def test_what_is_in_no_picture_leaves_the_claim_unchecked() -> None:
    claim, _ = claim_of("Yes, the cup is left of the plate.", at(100, "cup"), at(100, "cup"), "[]", "[]")
    assert claim.verdict is None


BOTH = (at(100, "cup"), at(700, "cup"), at(700, "plate"), at(100, "plate"))
"""The cup is left of the plate in the first picture, and right of it in the second."""


@pytest.mark.parametrize(
    ("text", "expected", "says"),
    [
        ("The cup is left of the plate.", Ruling.UNDETERMINED, "in picture 1 confirmed; in picture 2 contradicted"),
        ("Look. In picture 1 the cup is left of the plate.", Ruling.CONFIRMED, "in picture 1 "),
        ("In the second picture the cup is left of the plate.", Ruling.CONTRADICTED, "in picture 2 "),
    ],
)
def test_the_sentence_says_which_picture_it_means(text: str, expected: Ruling, says: str) -> None:
    claim, _ = claim_of(text, *BOTH)
    said, reason = ruling(claim)
    assert (said, says in reason) == (expected, True), reason


def test_pictures_that_agree_need_no_name() -> None:
    claim, _ = claim_of("The cup is left of the plate.", BOTH[0], BOTH[0], BOTH[2], BOTH[2])
    said, reason = ruling(claim)
    assert said is Ruling.CONFIRMED
    assert reason.startswith("in each of pictures 1 and 2; in picture 1 ")


def test_a_number_that_no_picture_has_is_no_picture() -> None:
    assert named_last("in picture 3", 2) is None
    assert named_last("Image 2 and picture 7", 2) == 1
    assert named_last("第二张图里", 2) == 1


def test_pictures_that_were_read_are_not_read_again() -> None:
    demo = Asker(ModelStore().require(load_catalog().card("demo")))
    pictures = tuple(picture_of(draw_scene(10**9 + seed, (256, 256), 2, 3), f"{seed}.png") for seed in range(3))
    asked = "Which picture shows the red circle?"
    try:
        first = answer_to(demo, Question(asked, pictures[:2])).timings
        again = answer_to(demo, Question("Which picture shows the blue square?", pictures[:2])).timings
        added = answer_to(demo, Question(asked, pictures)).timings
        turned = answer_to(demo, Question(asked, (pictures[1], pictures[0]))).timings
    finally:
        demo.close()
    both = 2 * (256 // 32) ** 2 // 2
    assert first.reused_tokens < both
    assert again.reused_tokens >= both, "the same pictures in the same order"
    assert added.reused_tokens >= both, "with another one after them"
    assert turned.reused_tokens < again.reused_tokens, "another order is another prompt"
