"""A published answer read back: publishing it again gives the same JSON, whatever it holds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.answer import Answer, PictureRef, Timings
from backend.published import as_answer, as_finding
from backend.scene import (
    AskedAgain,
    Box,
    Box3D,
    CameraMotion,
    Change,
    Check,
    Claim,
    Distortion,
    Intrinsics,
    LensModel,
    Point,
    SecondLook,
    Tag,
    Verdict,
    Window,
    Witness,
)
from backend.scene.moments import Moment

NUMBERS = st.floats(-1e6, 1e6)
COUNTS = st.integers(0, 9)
WORDS = st.text(max_size=12)
SPANS = st.tuples(COUNTS, COUNTS)
ATTRIBUTES = st.lists(st.tuples(WORDS, st.one_of(WORDS, st.booleans(), st.none(), NUMBERS)), max_size=2).map(tuple)
LENSES = st.one_of(st.just(Distortion()), st.builds(Distortion, st.just(LensModel.BROWN), st.tuples(NUMBERS, NUMBERS)))
CAMERAS = st.builds(Intrinsics, st.floats(1, 1e5), NUMBERS, NUMBERS, WORDS, st.floats(0.5, 2), LENSES)
SURE = st.one_of(st.none(), st.floats(0, 1))
VERDICTS = st.builds(Verdict, margin=st.one_of(st.none(), NUMBERS), reason=WORDS, confidence=SURE)
CORNERS = st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
LOOKS = st.builds(SecondLook, st.builds(Window, *(NUMBERS,) * 4), CORNERS, st.one_of(st.none(), CORNERS), st.floats(0, 1))
OTHERS = {"label": WORDS, "picture": COUNTS, "confidence": SURE, "id": WORDS, "attributes": ATTRIBUTES}
BOXES = st.builds(Box, *(NUMBERS,) * 4, **OTHERS, found_by=WORDS, second_look=st.one_of(st.none(), LOOKS))
POINTS = st.builds(Point, NUMBERS, NUMBERS, **OTHERS)
TRIPLES = st.tuples(NUMBERS, NUMBERS, NUMBERS)
SOLIDS = st.builds(Box3D, TRIPLES, TRIPLES, NUMBERS, NUMBERS, NUMBERS, **OTHERS)
CLAIMS = st.builds(
    Claim,
    *(WORDS,) * 6,
    verdict=st.one_of(st.none(), VERDICTS),
    text_span=st.one_of(st.none(), SPANS),
    other=WORDS,
    negated=st.booleans(),
    asked_again=st.lists(st.builds(AskedAgain, WORDS, WORDS, WORDS, st.none()), max_size=2).map(tuple),
    witnesses=st.lists(st.builds(Witness, WORDS, st.booleans(), WORDS), max_size=2).map(tuple),
)
REFERENCES = st.builds(
    PictureRef,
    WORDS,
    COUNTS,
    COUNTS,
    WORDS,
    st.one_of(st.none(), CAMERAS),
    st.one_of(st.none(), st.floats(0, 1e5)),
)


def _few(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=2).map(tuple)


ANSWERS = st.builds(
    Answer,
    question=WORDS,
    task=WORDS,
    text=WORDS,
    pictures=_few(REFERENCES),
    boxes=_few(BOXES),
    points=_few(POINTS),
    boxes3d=_few(SOLIDS),
    claims=_few(CLAIMS),
    checks=_few(st.builds(Check, WORDS, WORDS, WORDS, VERDICTS, COUNTS)),
    changes=_few(
        st.builds(
            Change,
            label=WORDS,
            displacement=st.one_of(st.none(), st.tuples(NUMBERS, NUMBERS)),
            displacement_sigma=st.one_of(st.none(), NUMBERS),
            scale=st.one_of(st.none(), NUMBERS),
            scale_sigma=st.one_of(st.none(), NUMBERS),
        )
    ),
    motions=_few(st.builds(CameraMotion, scale=NUMBERS, shift=st.tuples(NUMBERS, NUMBERS))),
    moments=_few(
        st.builds(Moment, st.floats(0, 1e5), st.one_of(st.none(), st.floats(0, 1e5)), SPANS, st.one_of(st.none(), COUNTS))
    ),
    thinking=WORDS,
    tags=_few(st.builds(Tag, WORDS, WORDS, SPANS)),
    told=_few(WORDS),
    warnings=_few(WORDS),
    model=_few(st.tuples(WORDS, WORDS)),
    timings=st.builds(Timings, load_ms=st.floats(0, 1e6), tokens=COUNTS),
)


@given(ANSWERS)
def test_publishing_what_was_read_gives_the_same(answer: Answer) -> None:
    stored = json.loads(json.dumps(answer.as_dict()))
    read = as_answer(stored, ("prompt", "said"))
    assert read.as_dict() == stored
    assert read.turn == ("prompt", "said")
    assert [type(one) for one in read.findings] == [type(one) for one in answer.findings]


@given(st.one_of(BOXES, POINTS, SOLIDS))
def test_a_finding_is_read_as_what_it_was(finding: Box | Point | Box3D) -> None:
    read = as_finding(json.loads(json.dumps(finding.as_dict())))
    assert type(read) is type(finding)
    assert read.as_dict() == finding.as_dict()


def test_what_a_later_version_adds_is_passed_over() -> None:
    told = Answer("q", "boxes", "t", ()).as_dict()
    told |= {"dreams": [1], "timings": {**told["timings"], "dreaming_ms": 3.0}}
    assert as_answer(told) == Answer("q", "boxes", "t", ())


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"question": "q"},
        {**Answer("q", "t", "", ()).as_dict(), "boxes": [{"bbox": [1, 2]}]},
        {"question": 1, "pictures": 5},
    ],
)
def test_what_is_no_answer_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        as_answer(told)
