"""Every form that findings are written in, there and back: what was said is what is found, wherever the text is cut."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask.parsing import FindingParser
from backend.scene import Box, Box3D, Finding, Point
from tests.ask.parsing.reading import parsed
from tests.ask.views import blank_view

Numbers = tuple[int, ...]
Items = list[tuple[Numbers, str]]

BOX_FORMS: dict[str, Callable[[Items], str]] = {
    "qwen3-vl": lambda items: json.dumps([{"bbox_2d": [*n], "label": name} for n, name in items], ensure_ascii=False),
    "qwen3-vl, fenced": lambda items: (
        "```json\n[\n\t"
        + ",\n\t".join(json.dumps({"bbox_2d": [*n], "label": name}, ensure_ascii=False) for n, name in items)
        + "\n]\n```"
    ),
    "qwen2-vl, nested": lambda items: json.dumps([{"object": name, "bboxes": [[*n]]} for n, name in items]),
    "qwen2.5-vl, text spotting": lambda items: json.dumps([{"bbox_2d": [*n], "text_content": name} for n, name in items]),
    "python's quotes": lambda items: str([{"bbox_2d": [*n], "label": name} for n, name in items]),
    "a trailing comma": lambda items: (
        "[" + "".join(f'{{"bbox_2d": {[*n]}, "label": {json.dumps(name)},}},' for n, name in items) + "]"
    ),
    "prose around": lambda items: (
        "Sure: " + " and ".join(json.dumps({"label": name, "bbox_2d": [*n]}) for n, name in items) + ". It's done."
    ),
    "qwen-vl": lambda items: "".join(f"<ref>{name}</ref><box>({a},{b}),({c},{d})</box>" for (a, b, c, d), name in items),
    "qwen2-vl, special tokens": lambda items: "".join(
        f"<|object_ref_start|>{name}<|object_ref_end|><|box_start|>({a},{b}),({c},{d})<|box_end|>"
        for (a, b, c, d), name in items
    ),
    "html": lambda items: (
        "<html><body>"
        + "\n".join(f'<p class="x" data-bbox="{a} {b} {c} {d}">{name}</p>' for (a, b, c, d), name in items)
        + "</body></html>"
    ),
}
POINT_FORMS: dict[str, Callable[[Items], str]] = {
    "qwen3-vl": lambda items: json.dumps([{"point_2d": [*n], "label": name} for n, name in items]),
    "several in one": lambda items: json.dumps([{"points": [[*n]], "label": name} for n, name in items]),
    "xml, one each": lambda items: "".join(f'<point x="{x}" y="{y}" alt="{name}">{name}</point>' for (x, y), name in items),
    "xml, closed at once": lambda items: "\n".join(f'<points x1="{x}" y1="{y}" alt="{name}"/>' for (x, y), name in items),
    "tool calls": lambda items: "".join(
        "<tool_call>" + json.dumps({"name": "computer_use", "arguments": {"action": name, "coordinate": [*n]}}) + "</tool_call>"
        for n, name in items
    ),
}

names = st.text("abcdefgh 杯子红色", min_size=1, max_size=12).map(str.strip).filter(bool)
boxes = st.lists(
    st.tuples(st.tuples(*[st.integers(0, 499)] * 2, *[st.integers(500, 1000)] * 2), names),
    min_size=1,
    max_size=5,
    unique_by=lambda item: item[0],
)
points = st.lists(
    st.tuples(st.tuples(*[st.integers(0, 1000)] * 2), names), min_size=1, max_size=5, unique_by=lambda item: item[0]
)
cuts = st.lists(st.integers(1, 9), min_size=1, max_size=5)


def streamed(text: str, cuts: list[int]) -> list[Finding]:
    """What is found when the text comes in pieces of these lengths, over and over."""
    parser, at, turn, found = FindingParser([blank_view()]), 0, 0, []
    while at < len(text):
        step = cuts[turn % len(cuts)]
        found += parser.feed(text[at : at + step])
        at, turn = at + step, turn + 1
    found += parser.finish()
    assert found == parser.findings
    return found


@pytest.mark.parametrize("form", BOX_FORMS)
@given(items=boxes, cuts=cuts)
def test_boxes(form: str, items: Items, cuts: list[int]) -> None:
    found = streamed(BOX_FORMS[form](items), cuts)
    assert [((f.x1, f.y1, f.x2, f.y2), f.label) for f in found if isinstance(f, Box)] == items


@pytest.mark.parametrize("form", POINT_FORMS)
@given(items=points, cuts=cuts)
def test_points(form: str, items: Items, cuts: list[int]) -> None:
    found = streamed(POINT_FORMS[form](items), cuts)
    assert [((f.x, f.y), f.label) for f in found if isinstance(f, Point)] == items


@given(
    st.lists(
        st.tuples(
            st.tuples(*[st.floats(-9, 9).map(lambda v: round(v, 2))] * 3),
            st.tuples(*[st.floats(0.1, 5).map(lambda v: round(v, 2))] * 3),
            names,
        ),
        max_size=4,
        unique_by=lambda item: item[:2],
    ),
    cuts,
)
def test_3d_boxes(items: list[tuple[tuple[float, ...], tuple[float, ...], str]], cuts: list[int]) -> None:
    text = json.dumps([{"bbox_3d": [*centre, *size, 0, 0, 0], "label": name} for centre, size, name in items])
    found = streamed(text, cuts)
    assert [(f.centre, f.size, f.label) for f in found if isinstance(f, Box3D)] == items


@pytest.mark.parametrize(
    ("text", "kind", "places"),
    [
        ("[[10, 20, 30, 40], [50, 60, 70, 80]]", "boxes", [(10, 20, 30, 40), (50, 60, 70, 80)]),
        ("```json\n[10, 20, 30, 40]\n```", "boxes", [(10, 20, 30, 40)]),
        ("[(512, 300), (80, 40.5)]", "points", [(512, 300), (80, 40.5)]),
        ("(512, 300)", "points", [(512, 300)]),
    ],
)
def test_numbers_alone(text: str, kind: str, places: list[tuple[float, ...]]) -> None:
    found, warnings = parsed(text)
    assert [(f.x1, f.y1, f.x2, f.y2) if isinstance(f, Box) else (f.x, f.y) for f in found if not isinstance(f, Box3D)] == places
    assert warnings == (f"numbers without names were taken for {kind}",)


@pytest.mark.parametrize("text", ["7", "2024", "[1, 2, 3]", "[[1, 2], [1, 2, 3, 4]]", "There are (2, 3) of them.", "3.5"])
def test_other_numbers_are_no_findings(text: str) -> None:
    assert parsed(text)[0] == []


def test_further_boxes_of_one_name() -> None:
    found, _ = parsed("<ref>cups</ref><box>(10,20),(30,40)</box><box>(50,60),(70,80)</box>, <box>(1,2),(3,4)</box>")
    assert [f.label for f in found] == ["cups", "cups", ""]


def test_a_list_of_points_of_one_name() -> None:
    found, _ = parsed('<points x1="10" y1="20" x2="30" y2="40" alt="cups">cups</points>')
    assert [(f.x, f.y, f.label) for f in found if isinstance(f, Point)] == [(10, 20, "cups"), (30, 40, "cups")]


def test_an_element_of_a_document_keeps_its_name() -> None:
    (title, empty), _ = parsed('<h1 data-bbox="1 2 3 4">Title</h1><img data-bbox="5 6 7 8"/>')
    assert (title.label, dict(title.attributes)) == ("Title", {"element": "h1"})
    assert (empty.label, dict(empty.attributes)) == ("img", {"element": "img"})


@pytest.mark.parametrize(
    "text",
    ["<box>(1,2),(3)</box>", '<points x1="1" y1="2" x2="3">cup</points>', '<p data-bbox="1 2 3">cup</p>', "<box>nowhere</box>"],
)
def test_markup_without_its_numbers_is_given_up_on_aloud(text: str) -> None:
    found, warnings = parsed(text)
    assert found == []
    assert "given up on" in warnings[0]


def test_confidence_of_numbers_in_markup() -> None:
    parser = FindingParser([blank_view()])
    for text in ("<box>(", "1", ",", "2", "),(", "3", ",", "4", ")"):
        parser.feed(text, -0.5 if text.isdigit() else 0.0)
    (box,) = parser.feed("</box>", 0.0)
    assert box.confidence == pytest.approx(2.718281828**-0.5)
