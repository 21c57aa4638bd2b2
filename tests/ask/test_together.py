"""The demo model, asked several things at once: the answers are those that it gives one by one.

It is greedy, so they can be compared word for word; near-ties are what floating point may decide otherwise in a batch, and
the bundled scenes hold none for these questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import backend
from backend.answer import Answer, Timings
from backend.ask import Asker, Question
from backend.catalog.registry import load_catalog
from backend.catalog.store import ModelStore
from backend.events import Done
from backend.media.images import load
from backend.scene import Picture

SAMPLES = Path(backend.__file__).parent / "demo" / "samples"
QUESTIONS = (
    "Locate every object",
    "Is the red circle right of the orange circle?",
    "How many objects are there?",
    "Describe the picture.",
    "where is the red circle?",
)


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    made = Asker(ModelStore().require(load_catalog().card("demo")))
    yield made
    made.close()


def comparable(answer: Answer) -> Answer:
    """Without what depends on how it was computed: times, and probabilities, whose last digits differ in a batch."""
    boxes = tuple(replace(box, confidence=None) for box in answer.boxes)
    return replace(answer, timings=Timings(), boxes=boxes, model=())


def answers(asker: Asker, picture: Picture, *texts: str) -> dict[str, Answer]:
    asked = [Question(text, (picture,), seed=1) for text in texts]
    done = [event.answer for event in asker.ask(*asked) if isinstance(event, Done)]
    return {answer.question: comparable(answer) for answer in done}


@pytest.mark.parametrize("sample", ["five-objects.png", "standing.png", "two-objects.png"])
def test_answers_together_are_the_answers_one_by_one(sample: str, asker: Asker) -> None:
    picture = load(SAMPLES / sample)
    together = answers(asker, picture, *QUESTIONS)
    alone = {text: answers(asker, picture, text)[text] for text in QUESTIONS}
    assert alone["Locate every object"].boxes
    assert_alike(together, alone)


def assert_alike(some: dict[str, Answer], others: dict[str, Answer]) -> None:
    """Equal but for near-ties, which may flip where conversations lie side by side in the cache: the last digits of a
    coordinate, no more, and not often."""
    for text, one in others.items():
        other = some[text]
        assert blank(other.text) == blank(one.text)
        assert [box.label for box in other.boxes] == [box.label for box in one.boxes]
        assert all(mine.iou(theirs) > 0.95 for mine, theirs in zip(one.boxes, other.boxes, strict=True))
        assert [claim.verdict and claim.verdict.ruling for claim in other.claims] == [
            claim.verdict and claim.verdict.ruling for claim in one.claims
        ]
    assert sum(some[text].text == one.text for text, one in others.items()) >= len(QUESTIONS) - 1


def blank(text: str) -> str:
    """The text with its coordinates, but no counts, left out."""
    return re.sub(r"\d+(?=[,\]])", "n", text)


def test_a_picture_read_ahead_changes_no_answer(asker: Asker) -> None:
    picture = load(SAMPLES / "six-objects.png")
    before = answers(asker, picture, *QUESTIONS)
    answers(asker, load(SAMPLES / "three-red.png"), "Describe the picture.")
    list(asker.prepare(picture, "look"))
    assert_alike(answers(asker, picture, *QUESTIONS), before)
