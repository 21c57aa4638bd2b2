"""Findings written down and read again: keys, units, pictures, attributes, wrappers, and answers cut off anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask.parsing import FindingParser
from backend.scene import Box, Box3D, Finding, Point, Units, View
from tests.ask.parsing.reading import parsed
from tests.ask.views import blank_view

Corners = tuple[int, int, int, int]
Items = list[tuple[Corners, str]]

names = st.text("abcdefgh 杯子红色", min_size=1, max_size=12).map(str.strip).filter(bool)
corners = st.tuples(*[st.integers(0, 499)] * 2, *[st.integers(500, 1000)] * 2)
items_ = st.lists(st.tuples(corners, names), min_size=1, max_size=4, unique_by=lambda item: item[0])
spots = st.tuples(st.integers(0, 1000), st.integers(0, 1000))


def places(findings: list[Finding]) -> list[tuple[tuple[float, ...], str]]:
    return [(f.corners if isinstance(f, Box) else (f.x, f.y), f.label) for f in findings if not isinstance(f, Box3D)]


def official(items: Items) -> str:
    return json.dumps([{"bbox_2d": list(box), "label": name} for box, name in items], ensure_ascii=False)


@pytest.mark.parametrize("key", ["bbox_2d", "bbox", "box_2d", "box", "bounding_box", "bboxes", "boxes"])
@given(
    box=corners,
    name=names,
    called=st.sampled_from(["label", "name", "category", "class", "object", "description", "text_content", "text", "action"]),
    listed=st.booleans(),
)
def test_every_key_of_a_box(key: str, called: str, box: Corners, name: str, listed: bool) -> None:
    text = json.dumps({key: [list(box)] if listed else list(box), called: name})
    findings, warnings = parsed(text)
    assert (places(findings), warnings) == ([(box, name)], ())


@pytest.mark.parametrize("key", ["point_2d", "point", "points", "points_2d", "coordinate"])
@given(spot=spots, name=names)
def test_every_key_of_a_point(key: str, spot: tuple[int, int], name: str) -> None:
    findings, warnings = parsed(json.dumps({key: list(spot), "label": name}))
    assert (places(findings), warnings) == ([(spot, name)], ())


@given(
    numbers=st.tuples(
        *[st.floats(-9, 9).map(lambda v: round(v, 2))] * 3,
        *[st.floats(0.1, 5).map(lambda v: round(v, 2))] * 3,
        *[st.floats(-1, 1).map(lambda v: round(v, 2))] * 3,
    ),
    name=names,
    key=st.sampled_from(["bbox_3d", "box_3d"]),
)
def test_solid_boxes_with_their_angles(numbers: tuple[float, ...], name: str, key: str) -> None:
    (solid,), warnings = parsed(json.dumps({key: numbers, "label": name}))
    assert isinstance(solid, Box3D)
    turns = [angle / 3.141592653589793 for angle in (solid.pitch, solid.yaw, solid.roll)]
    assert (*solid.centre, *solid.size, *turns) == pytest.approx(numbers)
    assert (solid.label, warnings) == (name, ())


@given(
    size=st.tuples(st.integers(32, 4000), st.integers(32, 4000)),
    raster=st.tuples(st.integers(1, 64), st.integers(1, 64)),
    units=st.sampled_from(list(Units)),
    share=st.tuples(*[st.floats(0, 0.49)] * 2, *[st.floats(0.51, 1)] * 2),
)
def test_pixels_of_the_original_to_the_models_rounding(
    size: tuple[int, int], raster: tuple[int, int], units: Units, share: tuple[float, float, float, float]
) -> None:
    view = blank_view(*size, units, raster=(raster[0] * 32, raster[1] * 32))
    box = [share[0] * size[0], share[1] * size[1], share[2] * size[0], share[3] * size[1]]
    said = [round(number) for at in (0, 2) for number in view.from_original(box[at], box[at + 1])]
    (found,), warnings = parsed(json.dumps([{"bbox_2d": said, "label": "x"}]), view)
    assert isinstance(found, Box)
    steps = [side / (1000 if units is Units.REL1000 else 32 * cells) for side, cells in zip(size, raster, strict=True)]
    for seen, true, step in zip(found.corners, box, steps * 2, strict=True):
        assert abs(seen - true) <= step / 2 + 1e-6
    assert set(warnings) <= {"a box has no area"}


@given(items=st.lists(st.tuples(corners, names, st.integers(1, 3)), min_size=1, max_size=5, unique_by=lambda item: item[0]))
@pytest.mark.parametrize("key", ["picture", "image", "picture_index", "image_index"])
def test_several_pictures(key: str, items: list[tuple[Corners, str, int]]) -> None:
    text = json.dumps([{key: number, "bbox_2d": list(box), "label": name} for box, name, number in items])
    findings, warnings = parsed(text, *[blank_view()] * 3)
    assert [(*place, f.picture + 1) for place, f in zip(places(findings), findings, strict=True)] == items
    assert warnings == ()


values = st.one_of(st.text('abc 好"\\', max_size=20), st.integers(-1000, 1000), st.booleans(), st.none())


@given(box=corners, said=st.dictionaries(st.text("klmnop", min_size=6, max_size=8), values, max_size=8))
def test_attributes(box: Corners, said: dict[str, Any]) -> None:
    (found,), warnings = parsed(json.dumps({"bbox_2d": list(box), "label": "x", **said}))
    assert (dict(found.attributes), warnings) == (said, ())


WRAPPERS: dict[str, Callable[[str], str]] = {
    "a reasoning before it": lambda text: f'<think>Perhaps {{"bbox_2d": [1, 1, 2, 2]}}?</think>\n{text}',
    "a fence": lambda text: f"```json\n{text}\n```",
    "an end token": lambda text: f"{text}<|im_end|>",
    "a dict": lambda text: f'{{"objects": {text}, "count": 1}}',
    "a tool call": lambda text: (
        f'<tool_call>\n{{"name": "mark", "arguments": {{"objects": {text}}}}}\n</tool_call>'  # as an object
    ),
    "a tool call whose arguments are a string": lambda text: json.dumps(
        {"name": "mark", "arguments": f'{{"objects": {text}}}'}
    ),
    "a tool call of elements": lambda text: (
        f"<tool_call>\n<function=mark>\n<parameter=objects>\n{text}\n</parameter>\n</function>\n</tool_call>"
    ),
    "prose": lambda text: f"There it is: {text}. It's the only one, {{honestly}}.",
}


@pytest.mark.parametrize("wrapper", WRAPPERS)
@given(items=items_)
def test_what_is_around_an_answer_changes_nothing(wrapper: str, items: Items) -> None:
    findings, warnings = parsed(WRAPPERS[wrapper](official(items)))
    assert (places(findings), warnings) == (items, ())


@pytest.mark.parametrize(
    ("key", "size"), [("bbox_2d", 4), ("bbox", 4), ("box", 4), ("point_2d", 2), ("point", 2), ("coordinate", 2)]
)
@given(box=corners, name=names)
def test_parameters_of_a_tool_call(key: str, size: int, box: Corners, name: str) -> None:
    text = f"<parameter=label>\n{name}\n</parameter>\n<parameter={key}>\n{list(box[:size])}\n</parameter>"
    findings, warnings = parsed(text)
    assert (places(findings), warnings) == ([(box[:size], name)], ())


@given(items=st.lists(corners, min_size=1, max_size=5, unique=True), ways=st.sampled_from(["[]", "()"]))
def test_numbers_alone(items: list[Corners], ways: str) -> None:
    text = "[" + ", ".join(f"{ways[0]}{', '.join(map(str, box))}{ways[1]}" for box in items) + "]"
    findings, warnings = parsed(text)
    assert places(findings) == [(box, "") for box in items]
    assert warnings == ("numbers without names were taken for boxes",)


@given(box=corners, across=st.booleans(), down=st.booleans())
def test_swapped_corners(box: Corners, across: bool, down: bool) -> None:
    x1, y1, x2, y2 = box
    said = [x2 if across else x1, y2 if down else y1, x1 if across else x2, y1 if down else y2]
    (found,), warnings = parsed(json.dumps({"bbox_2d": said}))
    assert isinstance(found, Box)
    assert found.corners == box
    assert warnings == (("swapped corners were put right",) if across or down else ())


@given(box=st.tuples(*[st.integers(-2000, 3000)] * 4), view=st.sampled_from([blank_view(), blank_view(640, 480)]))
def test_beyond_the_picture(box: Corners, view: View) -> None:
    (found,), warnings = parsed(json.dumps({"bbox_2d": list(box)}), view)
    assert isinstance(found, Box)
    width, height = view.picture.width, view.picture.height
    wanted = (*sorted((box[0], box[2])), *sorted((box[1], box[3])))
    inside = [min(max(number, 0), 1000) for number in wanted]
    assert (found.x1, found.x2, found.y1, found.y2) == pytest.approx(
        [inside[0] / 1000 * width, inside[1] / 1000 * width, inside[2] / 1000 * height, inside[3] / 1000 * height]
    )
    assert any("clamped" in line for line in warnings) == (tuple(inside) != wanted)


@given(items=items_, times=st.integers(2, 9))
def test_a_list_that_repeats_itself(items: Items, times: int) -> None:
    findings, warnings = parsed(official(items * times))
    assert places(findings) == items
    repeats = len(items) * (times - 1)
    assert warnings == ("the same finding was repeated" + (f" ({repeats} times)" if repeats > 1 else ""),)


@given(items=items_, share=st.floats(0, 1), listed=st.booleans())
def test_wherever_an_answer_is_cut_off_no_box_is_invented(items: Items, share: float, listed: bool) -> None:
    """All boxes up to the cut; of the last one perhaps half a label, never half a number."""
    text = (
        json.dumps({"label": "x", "bboxes": [list(box) for box, _ in items]})
        if listed
        else json.dumps(json.loads(official(items)))
    )
    cut = text[: round(share * len(text))]
    findings, warnings = parsed(cut)
    found, said = [place for place, _ in places(findings)], [box for box, _ in items]
    assert found == said[: len(found)]
    closed = 0 if listed else cut.count("}")
    assert len(found) >= closed
    assert warnings or cut == text or len(found) == closed


@given(items=items_)
def test_forms_after_each_other_come_in_their_order(items: Items) -> None:
    """However the text comes in: as one, or letter by letter."""
    forms = [
        lambda box, name: f"<ref>{name}</ref><box>({box[0]},{box[1]}),({box[2]},{box[3]})</box>",
        lambda box, name: json.dumps({"bbox_2d": list(box), "label": name}),
        lambda box, name: '<p data-bbox="{} {} {} {}">'.format(*box) + f"{name}</p>",
    ]
    text = " and ".join(forms[n % 3](box, name) for n, (box, name) in enumerate(items))
    parser = FindingParser([blank_view()])
    for letter in text:
        parser.feed(letter)
    parser.finish()
    whole, _ = parsed(text)
    assert places(whole) == items
    assert parser.findings == whole
    assert [f.id for f in whole] == [f"b{n + 1}" for n in range(len(items))]
    assert not any(isinstance(finding, Point) for finding in whole)
