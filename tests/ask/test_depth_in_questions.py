"""A depth map beside a question: its claims get a witness, and what the model is told is what the answer shows."""

from __future__ import annotations

import numpy as np

from backend.ask.locating import locate
from backend.ask.task import Observed, Question
from backend.scene import DepthMap, DepthUnit, Ruling
from tests.ask.asking import answer_of, asker, canned, picture, texts

CUP = '[{"bbox_2d": [100, 400, 400, 900], "label": "cup"}]'
PLATE = '[{"bbox_2d": [600, 200, 900, 500], "label": "plate"}]'


def _seen(cup: float, plate: float) -> Observed:
    values = np.full((20, 40), 0.1, dtype=np.float32)
    values[4:10, 24:36] = plate
    values[8:18, 4:16] = cup
    return Observed(depth=DepthMap(values, DepthUnit.INVERSE, 200, 100, "net"))


def test_a_depth_map_that_says_otherwise_takes_the_verdict_back() -> None:
    said = "Yes, the cup is in front of the plate."
    agreeing, denying = (
        answer_of(
            list(
                asker(canned(said, CUP, PLATE)).ask(
                    Question("Is the cup in front of the plate?", (picture(),), observed=(_seen(*depths),))
                )
            )
        ).claims[0]
        for depths in ((0.9, 0.4), (0.4, 0.9))
    )
    assert agreeing.verdict is not None
    assert denying.verdict is not None
    assert agreeing.verdict.ruling is Ruling.CONFIRMED
    assert denying.verdict.ruling is Ruling.UNDETERMINED
    assert "the depth map disagrees" in denying.verdict.reason
    assert [claim.witnesses[0].agrees for claim in (agreeing, denying)] == [True, False]


def test_without_a_depth_map_there_is_no_witness() -> None:
    events = asker(canned("Yes, the cup is in front of the plate.", CUP, PLATE)).ask(
        Question("Is the cup in front of the plate?", (picture(),))
    )
    assert answer_of(list(events)).claims[0].witnesses == ()


def test_what_the_model_is_told_stands_before_the_question_and_in_the_answer() -> None:
    engine = canned("There is one cup.")
    told = ("A depth estimator, which may err, orders from near to far: cup, then plate.",)
    answer = answer_of(list(asker(engine).ask(Question("Describe the picture", (picture(),), told=told))))
    sent = texts(engine.requests[0].messages[-1])
    assert sent[-1].startswith(told[0] + "\n")
    assert answer.told == told
    assert answer.as_dict()["told"] == list(told)


def test_things_are_located_under_their_names_with_ids_of_their_own() -> None:
    two = '[{"bbox_2d": [0, 0, 100, 100], "label": "cup"}, {"bbox_2d": [200, 0, 300, 100], "label": "cup"}]'
    found = locate(asker(canned(two, PLATE)), picture(), ["cup", "plate"])
    assert [one.name for one in found] == ["cup", "plate"]
    assert [box.id for one in found for box in one.boxes] == ["b1", "b2", "b3"]
