"""Which task a wording asks for, and the words it is put in."""

from __future__ import annotations

import pytest

from backend.ask.prompts import locate, phrase, settle
from backend.ask.task import Task

BOXES = "Locate the red circle, report bbox coordinates in JSON format."
BOXES_ZH = "定位红色圆形，以JSON格式输出其bbox坐标。"


@pytest.mark.parametrize(
    ("question", "task", "prompt"),
    [
        (BOXES, Task.BOXES, BOXES),
        ("where is the red circle?", Task.BOXES, BOXES),
        ("Where's the red circle in the picture?", Task.BOXES, BOXES),
        ("Please find the red circle!", Task.BOXES, BOXES),
        ("locate the red circle", Task.BOXES, BOXES),
        ("find the cup on the left", Task.BOXES, "Locate the cup on the left, report bbox coordinates in JSON format."),
        ("红色圆形在哪里？", Task.BOXES, BOXES_ZH),
        ("请标出红色圆形", Task.BOXES, BOXES_ZH),
        ("Point to the red circle.", Task.POINTS, "Locate the red circle, report point coordinates in JSON format."),
        ("How many objects are there?", Task.COUNT, "How many objects are there?"),
        ("图中有几个物体？", Task.COUNT, "图中有几个物体？"),
        ("Is the red circle left of the blue square?", Task.RELATION, "Is the red circle left of the blue square?"),
        ("红色圆形在蓝色正方形的左边吗？", Task.RELATION, "红色圆形在蓝色正方形的左边吗？"),
        ("does the laptop hide the router?", Task.RELATION, "does the laptop hide the router?"),
        ("Describe the picture.", Task.DESCRIBE, "Describe the picture."),
        ("Which picture shows the red circle?", Task.FREE, "Which picture shows the red circle?"),
    ],
)
def test_auto_settles_the_task_and_phrases_it_once(question: str, task: Task, prompt: str) -> None:
    settled = settle(Task.AUTO, question)
    assert (settled, phrase(settled, question)) == (task, prompt)


def test_a_named_task_wins_over_the_wording() -> None:
    assert settle(Task.POINTS, "where is the cup?") is Task.POINTS
    assert phrase(Task.POINTS, "where is the cup?") == "Locate the cup, report point coordinates in JSON format."


def test_a_bare_description_asks_for_everything_that_matches() -> None:
    assert phrase(Task.BOXES, "red cup") == (
        'Locate every object that matches the description "red cup" and report bbox coordinates in JSON format.'
    )
    assert "红色杯子" in phrase(Task.BOXES3D, "红色杯子")
    assert '"bbox_3d"' in phrase(Task.BOXES3D, "red cup")


def test_braces_in_a_question_are_only_characters() -> None:
    assert "{what} {0}" in phrase(Task.BOXES, "find {what} {0}")


@pytest.mark.parametrize(
    ("name", "prompt"),
    [
        ("red circle", BOXES),
        ("the red circle", BOXES),
        ("红色圆形", BOXES_ZH),
        ("every cup", "Locate every cup, report bbox coordinates in JSON format."),
    ],
)
def test_evidence_is_asked_for_in_the_same_words(name: str, prompt: str) -> None:
    assert locate(name) == prompt
