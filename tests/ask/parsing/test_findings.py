"""Answers as models write them → findings in pixels, with every repair reported."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ask.parsing import FindingParser
from backend.scene import Box, Box3D, Finding, Point, Units
from tests.ask.parsing.reading import parsed
from tests.ask.views import blank_view


def corners(finding: Finding) -> tuple[float, ...]:
    assert isinstance(finding, Box)
    return finding.x1, finding.y1, finding.x2, finding.y2


def test_the_official_form_lands_in_pixels_of_the_original() -> None:
    (box,), warnings = parsed('[{"bbox_2d": [100, 200, 300, 400], "label": "red cup"}]', blank_view(640, 360))
    assert corners(box) == (64.0, 72.0, 192.0, 144.0)
    assert (box.label, box.id, warnings) == ("red cup", "b1", ())


@pytest.mark.parametrize(
    "text",
    [
        '{"bbox_2d": [10, 20, 30, 40], "label": "cup"}',
        '```json\n[{"bbox_2d": [10, 20, 30, 40], "label": "cup"}]\n```',
        'Here it is: [{"label": "cup", "bbox": [10, 20, 30, 40]}]. The cup\'s handle is on the left.',
        '[{"box_2d": [10.0, 20.0, 30.0, 40.0], "name": "cup"},]',
        "[{'bbox_2d': [10, 20, 30, 40], 'label': 'cup'}]",
        '[{"bbox_2d": [10, 20, 30, 40], "label": "cup",}]',
        '{"objects": [{"bbox": [10, 20, 30, 40], "label": "cup"}]}',
        '{"bbox_2d": [10, 20, 30, 40], "label": "cup", "attributes": {"colour": "red"}}',
        '[{"object": "cup", "bboxes": [[10, 20, 30, 40]]}]',
        '[{"bbox_2d": [10, 20, 30, 40], "label": "cup"}, {"bbox_2d": [11, 2',
    ],
)
def test_forms_met_in_the_wild(text: str) -> None:
    findings, _ = parsed(text)
    assert [(corners(box), box.label) for box in findings] == [((10, 20, 30, 40), "cup")]


def test_points_and_three_dimensional_boxes() -> None:
    (point,), _ = parsed('[{"point_2d": [500, 250], "label": "杯子"}]', blank_view(640, 480))
    assert point == Point(320.0, 120.0, "杯子", id="p1")
    (solid,), _ = parsed('[{"bbox_3d": [0.1, -0.2, 2.5, 0.4, 0.5, 0.6, 0.5, -0.25, 0], "label": "table"}]')
    assert isinstance(solid, Box3D)
    assert (solid.pitch, solid.yaw, solid.roll) == pytest.approx((math.pi / 2, -math.pi / 4, 0))
    assert (solid.centre, solid.size) == ((0.1, -0.2, 2.5), (0.4, 0.5, 0.6))


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ('{"bbox_2d": [30, 40, 10, 20]}', "swapped corners"),
        ('{"bbox_2d": [10, 20, 1400, 40]}', "clamped"),
        ('{"point_2d": [-50, 20]}', "moved to its edge"),
        ("{'bbox_2d': [10, 20, 30, 40]}", "repaired"),
        ('{"bbox_2d": [10, 20]}', "given up on"),
        ('{"bbox_2d": "nowhere"}', "given up on"),
        ('{"bbox_2d": [1, 2, 3, 4]}' * 3, "repeated (2 times)"),
        ('[{"bbox_2d": [10, 20, 30, 40], "lab', "ends inside a finding"),
        ('[{"bbox_2d": [10, 20, 3', "left out"),
        ('{"bbox_3d": [0, 0, 1, 0, 1, 1, 0, 0, 0]}', "without a size"),
        ('{"bbox_2d": [10, 20, 10, 40]}', "no area"),
        ('{"bbox_2d": [NaN, 20, 10, 40]}', "given up on"),
        ('{"bbox_2d": [10, 20, Infinity, 40]}', "given up on"),
        ('{"bbox_2d": [-5, 20, 10, 1000000000]}', "clamped"),
        ('{"bbox_2d": [1, 2, 3, 1' + "0" * 400 + "]}", "given up on"),
        ('{"bbox_2d": [1, 2, 3, ' + "9" * 5000 + "]}", "given up on"),
        ('{"bbox_2d": [1, 2, 3, 4], "label": "' + "x" * 100_000 + '"}', "100,000 characters was shortened"),
        ('{"bbox_2d": [1, 2, 3, 4], "label": "' + "x" * 300_000 + '"}', "could not be read"),
        ('{"bbox_2d": [1, 2, 3, 4], ' + ", ".join(f'"k{n}": {n}' for n in range(30)) + "}", "the first 20 were kept"),
    ],
)
def test_every_repair_is_reported(text: str, warning: str) -> None:
    _, warnings = parsed(text)
    assert any(warning in line for line in warnings), warnings


def test_attributes_are_kept_as_they_were_said() -> None:
    (box,), warnings = parsed(
        '{"bbox_2d": [1, 2, 3, 4], "label": "car", "colour": "red", "doors": 4, "parked": true, '
        '"plate": null, "parts": ["wheel"]}'
    )
    assert box.label == "car"
    assert box.attributes == (("colour", "red"), ("doors", 4), ("parked", True), ("plate", None), ("parts", '["wheel"]'))
    assert warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>\n{"name": "mobile_use", "arguments": {"action": "click", "coordinate": [935, 406]}}\n</tool_call>',
        '{"action": "click", "coordinate": [935, 406]}',
    ],
)
def test_a_click_is_a_point(text: str) -> None:
    assert parsed(text) == ([Point(935, 406, "click", id="p1")], ())


def test_five_thousand_boxes_are_five_thousand_findings() -> None:
    text = json.dumps([{"bbox_2d": [n % 1000, n // 10, 1000, 1000], "label": "seed"} for n in range(5000)])
    findings, warnings = parsed(text)
    assert len(findings) == 5000
    assert findings[-1].id == "b5000"
    assert all("no area" in warning for warning in warnings)


def test_a_box_that_was_cut_after_its_coordinates_is_kept_and_one_cut_within_them_is_not() -> None:
    assert len(parsed('[{"bbox_2d": [10, 20, 30, 40], "lab')[0]) == 1
    assert parsed('[{"bbox_2d": [10, 20, 3')[0] == []


def test_findings_say_which_picture_they_are_in() -> None:
    views = blank_view(100, 100), blank_view(200, 200)
    (second,), warnings = parsed('{"picture": 2, "bbox_2d": [0, 0, 500, 500]}', *views)
    assert (second.picture, corners(second), warnings) == (1, (0, 0, 100, 100), ())
    (first,), warnings = parsed('{"bbox_2d": [0, 0, 500, 500]}', *views)
    assert first.picture == 0
    assert "does not say which picture" in warnings[0]


def test_pixels_of_the_raster_are_another_convention() -> None:
    view = blank_view(1000, 500, Units.PIXELS, raster=(500, 250))
    (box,), _ = parsed('{"bbox_2d": [50, 50, 100, 100]}', view)
    assert corners(box) == (100, 100, 200, 200)


def test_confidence_is_the_geometric_mean_of_the_numbers_probabilities_to_a_hundredth() -> None:
    parser = FindingParser([blank_view()])
    said = [('{"bbox_2d": [', 0.1), ("1", 0.5), ("2", 0.5), ("3", 0.01), (", ", 0.1), ("4", 1.0), ("5", 0.01), (", ", 0.1)]
    for text, probability in [*said, ("6", 1.0), ("7", 0.01), (", ", 0.1)]:
        parser.feed(text, math.log(probability))
    parser.feed("8", math.log(0.25))
    (box,) = parser.feed("]}", math.log(0.1))
    assert box.confidence == pytest.approx((0.25 * 1 * 1 * 0.25) ** 0.25)


def test_tokens_that_were_not_sampled_do_not_spoil_the_confidence() -> None:
    """Where an answer has a form, all but the digits may come without a log-probability."""
    parser = FindingParser([blank_view()])
    parser.feed('[{"')
    for corner in ("12", "34", "567", "1000"):
        parser.feed('bbox_2d": [' if corner == "12" else ", ")
        for digit in corner:
            parser.feed(digit, math.log(0.5))
    parser.feed('], "label": "')
    parser.feed("cup", math.log(0.9))
    (box,) = parser.feed('"}]')
    assert box.confidence == pytest.approx(0.5 ** ((1 + 1 + 2 + 3) / 4))


def test_without_log_probabilities_there_is_no_confidence() -> None:
    (box,), _ = parsed('{"bbox_2d": [1, 2, 3, 4]}')
    assert box.confidence is None


@given(
    st.lists(
        st.tuples(
            st.tuples(*[st.integers(0, 499)] * 2, *[st.integers(500, 1000)] * 2),
            st.text(st.characters(blacklist_categories=["Cs"]), max_size=20),
        ),
        max_size=6,
        unique_by=lambda item: item[0],
    ),
    st.lists(st.integers(1, 9), min_size=1),
)
def test_a_valid_answer_comes_back_whole_however_it_is_cut_into_tokens(
    items: list[tuple[tuple[int, ...], str]], cuts: list[int]
) -> None:
    text = json.dumps([{"bbox_2d": box, "label": label} for box, label in items], ensure_ascii=False)
    parser = FindingParser([blank_view()])
    streamed, at, turn = [], 0, 0
    while at < len(text):
        step = cuts[turn % len(cuts)]
        streamed += parser.feed(text[at : at + step])
        at, turn = at + step, turn + 1
    assert parser.finish() == []
    assert streamed == parser.findings
    assert [(corners(box), box.label) for box in streamed] == [(box, label) for box, label in items]
    assert parser.warnings == ()


@given(st.text(st.sampled_from("{}[]\":,'bbox_2d point 0123456789.-\n\\<>()/reflabel"), max_size=300))
def test_no_text_breaks_the_parser(text: str) -> None:
    findings, _ = parsed(text)
    for finding in findings:
        if isinstance(finding, Box):
            assert 0 <= finding.x1 <= finding.x2 <= 1000
            assert 0 <= finding.y1 <= finding.y2 <= 1000
