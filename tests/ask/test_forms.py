"""The forms hold what models write, nothing that the parser would have to mend, and only questions that want no more."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask.book import book
from backend.ask.forms import MOST_FINDINGS, form_of
from backend.ask.parsing import FindingParser
from backend.ask.prompts import phrase, settle
from backend.ask.task import AUTO, Task
from backend.engine.form import Form
from backend.engine.llama.grammar import automaton
from backend.scene import Units
from backend.synthetic.answers import boxes_json, points_json
from backend.synthetic.scenes import draw_scene
from tests.ask.views import blank_view

BOXES, POINTS, BOXES3D = (book().task(name) for name in ("boxes", "points", "boxes3d"))
PROMPTS = {task.name: phrase(task, "find the cup") for task in (BOXES, POINTS, BOXES3D)}


def form(task: Task, units: Units = Units.REL1000) -> Form:
    made = form_of(task, PROMPTS[task.name], units, pictures=1)
    assert made is not None
    return made


def allows(form: Form, text: str) -> bool:
    state = automaton(form).start().after(text.encode())
    return state is not None and state.complete


def wanted(question: str, task: str = AUTO) -> bool:
    """Whether the question gets a form."""
    settled = settle(task, question)
    return form_of(settled, phrase(settled, question), Units.REL1000, pictures=1) is not None


@pytest.mark.parametrize("seed", range(5))
def test_the_demo_models_answers_have_the_form(seed: int) -> None:
    scene = draw_scene(seed)
    for items in (scene.objects, scene.objects[:1], ()):
        assert allows(form(BOXES), boxes_json(scene, items, "zh"))
        assert allows(form(POINTS), points_json(scene, items, "en"))


@pytest.mark.parametrize(
    ("task", "text"),
    [
        (BOXES, '```json\n[\n\t{"bbox_2d": [536, 577, 612, 634], "label": "doughnut"}\n]\n```'),
        (
            BOXES,
            '```json\n[\n\t{"bbox_2d": [0, 5, 61, 1000], "label": "a"},\n\t{"bbox_2d": [1, 2, 3, 4], "label": "b"}\n]\n```',
        ),
        (BOXES, "```json\n[]\n```"),
        (POINTS, '```json\n[\n\t{"point_2d": [536, 577], "label": "say \\"cheese\\""}\n]\n```'),
        (BOXES3D, '```json\n[\n\t{"bbox_3d":[0.7,-0.5,2.46,0.6,0.9,0.56,0.61,0.33,0.6],"label":"chair"}\n]\n```'),
        (BOXES3D, '[{"bbox_3d": [0, -0.05, 12.345, 1, 2, 3, 0, 0.5, 0], "label": "table"}]'),
    ],
)
def test_qwens_own_layout_has_the_form(task: Task, text: str) -> None:
    assert allows(form(task), text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "Here they are: []",
        '[{"bbox_2d": [1, 2, 3], "label": "a"}]',
        '[{"bbox_2d": [1, 2, 3, 1001], "label": "a"}]',
        '[{"bbox_2d": [1, 2, 3, -4], "label": "a"}]',
        '[{"bbox_2d": [1, 2, 3, 4.0], "label": "a"}]',
        '[{"bbox_2d": [1, 2, 3, 4]}]',
        '[{"bbox_2d": [1, 2, 3, 4], "label": "a"},]',
        '[{"point_2d": [1, 2], "label": "a"}]',
        '[{"bbox_2d": [1, 2, 3, 4], "label": "a\nb"}]',
        '```json\n[{"bbox_2d": [1, 2, 3, 4], "label": "a"}]',
    ],
)
def test_anything_else_has_not(text: str) -> None:
    assert not allows(form(BOXES), text)


def test_pixels_may_be_larger_than_a_thousand() -> None:
    text = '[{"bbox_2d": [1, 2, 1920, 1080], "label": "a"}]'
    assert allows(form(BOXES, Units.PIXELS), text)
    assert not allows(form(BOXES), text)


def test_a_list_has_an_end() -> None:
    entry = '{"point_2d": [1, 2], "label": "a"}'
    assert allows(form(POINTS), f"[{', '.join([entry] * MOST_FINDINGS)}]")
    assert not allows(form(POINTS), f"[{', '.join([entry] * (MOST_FINDINGS + 1))}]")


@given(
    st.lists(
        st.tuples(
            st.tuples(*[st.integers(0, 499)] * 2, *[st.integers(500, 1000)] * 2),
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20),
        ),
        max_size=4,
        unique_by=lambda item: item[0],
    )
)
def test_what_has_the_form_is_read_without_a_repair(items: list[tuple[tuple[int, ...], str]]) -> None:
    text = json.dumps([{"bbox_2d": box, "label": label} for box, label in items], ensure_ascii=False)
    assert allows(form(BOXES), text)
    parser = FindingParser([blank_view()])
    assert len(parser.feed(text)) == len(items)
    assert parser.warnings == ()


@pytest.mark.parametrize(
    "question",
    [
        "where is the red circle?",
        "find the cup on the left",
        "Locate every object, report bbox coordinates in JSON format.",
        "Locate the cup in this image. Output the bbox coordinates in JSON format.",
        "Point to the red circle.",
        "红色圆形在哪里？",
        "定位所有符合描述“杯子”的物体，以JSON格式输出其bbox坐标。",
    ],
)
def test_questions_that_want_findings_and_nothing_else(question: str) -> None:
    assert wanted(question)


@pytest.mark.parametrize(
    "question",
    [
        "Locate the cup, report bbox coordinates in XML format.",
        "Locate every car with its colour, report bbox coordinates in JSON format.",
        "Locate all cars and report bbox coordinates, type and state in JSON format.",
        "find the cup and tell me what it is made of",
        "where is the cup, and why?",
        'Locate the text, as [{"bbox_2d": [x1, y1, x2, y2], "text_content": "…"}], report bbox coordinates in JSON format.',
        "Report the bbox coordinates of the cup as x, y, width, height.",
        "定位杯子，说明颜色，以JSON格式输出其bbox坐标。",
        "Is the cup left of the plate?",
        "Describe the picture.",
    ],
)
def test_in_doubt_the_answer_is_free(question: str) -> None:
    assert not wanted(question)


def test_a_format_that_is_not_the_tasks_own_is_left_to_the_question() -> None:
    assert not wanted("Locate the cup, report point coordinates in JSON format.", "boxes")
    assert not wanted("Locate the cup, report bbox coordinates in JSON format.", "points")


def test_about_several_pictures_the_answer_is_free() -> None:
    assert form_of(BOXES, PROMPTS[BOXES.name], Units.REL1000, pictures=2) is None
