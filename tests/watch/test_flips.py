"""When an answer changes for good, and when it only wavers."""

from __future__ import annotations

from dataclasses import replace

from backend.answer import Answer
from backend.ask.claims import stated
from backend.scene import Box, Ruling, Verdict
from backend.watch.flips import Flip, FlipFinder

ASKED = "Is the cup left of the plate?"


def answer(text: str, ruling: Ruling | None = Ruling.CONFIRMED) -> Answer:
    claims = stated(text, ASKED)
    verdict = None if ruling is None else Verdict(ruling, 3.0, "because")
    return Answer(ASKED, "relation", text, (), claims=tuple(replace(claim, verdict=verdict) for claim in claims))


YES, NO = "Yes, the cup is left of the plate.", "No, the cup is right of the plate."


def told(*answers: Answer, question: str = ASKED) -> list[tuple[int, Flip]]:
    """What each answer brought, one frame a second; with the number of the frame that brought it."""
    finder = FlipFinder(question)
    return [(n, flip) for n, one in enumerate(answers) for flip in finder.update(float(n), one)]


def test_a_relation_flips_when_it_was_said_twice_and_counts_from_the_first_time() -> None:
    flips = told(answer(YES), answer(YES), answer(YES), answer(NO), answer(NO), answer(NO))
    assert [(n, flip.kind, flip.holds, flip.time, flip.known_at) for n, flip in flips] == [
        (1, "relation", True, 0.0, 1.0),
        (4, "relation", False, 3.0, 4.0),
    ]
    assert flips[1][1].text == "“Is the cup left of the plate?”: no from now on"


def test_wavering_is_no_change() -> None:
    assert len(told(answer(YES), answer(YES), answer(NO), answer(YES), answer(NO), answer(YES))) == 1


def test_what_geometry_does_not_confirm_changes_nothing() -> None:
    doubted = [answer(NO, ruling) for ruling in (Ruling.UNDETERMINED, Ruling.CONTRADICTED, None)]
    assert len(told(answer(YES), answer(YES), *doubted, *doubted)) == 1


def test_other_answers_change_by_their_words_whatever_their_case_and_space() -> None:
    question = "How many cups are there?"
    flips = told(
        *(Answer(question, "count", text, ()) for text in ("Two cups.", "two  cups.", "Three cups.", "Three cups.")),
        question=question,
    )
    assert [(flip.kind, flip.answer) for _, flip in flips] == [("answer", "two  cups."), ("answer", "Three cups.")]


def test_coordinates_are_no_words() -> None:
    boxes = Answer("cup", "boxes", '[{"bbox_2d": [1, 2, 3, 4], "label": "cup"}]', (), (Box(1, 2, 3, 4, "cup"),))
    assert told(boxes, boxes, boxes, question="cup") == []


def test_what_it_tells_has_the_shape_of_an_event() -> None:
    ((_, flip),) = told(answer(YES), answer(YES))
    assert flip.as_dict() == {
        "kind": "relation",
        "time": 0.0,
        "known_at": 1.0,
        "tracks": [],
        "labels": [],
        "text": "“Is the cup left of the plate?”: yes",
        "detail": {"question": ASKED, "answer": YES, "holds": True},
    }
