"""Texts that once broke the parser, or that it took too long over, or lost something of without a word."""

from __future__ import annotations

import json

import pytest

from backend.ask.parsing import FindingParser
from backend.ask.parsing.growing import GrowingText
from backend.scene import Box, Point
from tests.ask.parsing.reading import parsed
from tests.ask.views import blank_view

BOX = '{"bbox_2d": [1, 2, 3, 4], "label": "cup"}'


@pytest.mark.parametrize(
    ("text", "found", "warning"),
    [
        ("[" * 600 + "]" * 600, 1, "does not say which picture"),
        ("9" * 400, 1, "does not say which picture"),
        ('"' + "9" * 400 + '"', 1, "does not say which picture"),
    ],
)
def test_a_picture_that_is_no_number_of_one(text: str, found: int, warning: str) -> None:
    findings, warnings = parsed(f'{{"picture": {text}, "bbox_2d": [1, 2, 3, 4]}}', blank_view(), blank_view())
    assert len(findings) == found
    assert any(warning in line for line in warnings)


@pytest.mark.parametrize("depth", [100, 900, 970, 980, 985, 990, 5000])
def test_lists_in_lists_in_an_attribute(depth: int) -> None:
    findings, warnings = parsed(f'{{"bbox_2d": [1, 2, 3, 4], "x": {"[" * depth}{"]" * depth}}}')
    assert findings or warnings


@pytest.mark.parametrize("number", ["1e300", "1e308", "-1e7"])
@pytest.mark.parametrize("place", range(9))
def test_solid_boxes_beyond_all_measure_are_given_up_on(number: str, place: int) -> None:
    numbers = ["1"] * 9
    numbers[place] = number
    findings, warnings = parsed(f'{{"bbox_3d": [{", ".join(numbers)}]}}')
    assert findings == []
    assert "given up on" in warnings[0]


@pytest.mark.parametrize("form", ["<box>({0},2),(3,4)</box>", '<point x="{0}" y="2"/>', '<p data-bbox="{0} 2 3 4">a</p>'])
def test_a_number_of_hundreds_of_digits_in_markup(form: str) -> None:
    findings, warnings = parsed(form.format("9" * 400))
    assert findings == []
    assert "given up on" in warnings[0]


def test_coordinates_of_an_outer_object_that_was_cut_off_in_an_inner_one() -> None:
    findings, warnings = parsed('[{"bbox_2d": [1, 2, 3, 4], "label": "cup", "details": {"colour": "re')
    assert [finding.label for finding in findings] == ["cup"]
    assert "the answer ends inside a finding" in warnings


def test_half_a_number_is_no_number() -> None:
    findings, _ = parsed('{"bboxes": [[10, 20, 30, 40], [50, 60, 70, 8')
    assert [f.corners for f in findings if isinstance(f, Box)] == [(10, 20, 30, 40)]


@pytest.mark.parametrize("end", ["]}", "],}"], ids=["valid", "a comma too many"])
def test_a_wrapper_that_is_too_long_to_read_loses_nothing_and_says_nothing(end: str) -> None:
    boxes = [{"bbox_2d": [n % 1000, n // 10, 1000, 1000], "label": "seed"} for n in range(5000)]
    findings, warnings = parsed('{"objects": [' + json.dumps(boxes)[1:-1] + end)
    assert len(findings) == 5000
    assert not any("given up" in line or "could not be read" in line for line in warnings)


def test_an_object_around_too_many_others_is_given_up_on_aloud() -> None:
    _, warnings = parsed('{"bbox_2d": [1, 2, 3, 4], "a": {"b": {"c": {"d": {"e": {}}}}}}')
    assert "could not be read was given up on" in warnings[0]


def test_a_brace_in_the_prose_is_no_finding_that_was_cut_off() -> None:
    findings, warnings = parsed(f"The set {{a, b, then {BOX} and that is all")
    assert (len(findings), warnings) == (1, ())


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ('"bbox_2d": [10, 20, 30, 40]', "could not be read was given up on"),
        ("<box>(1,2),(3", "could not be read was given up on: <box>(1,2),(3"),
        ('<points x1="1" y1="2" alt="cups">cups and', "could not be read was given up on: <points x1"),
        ('<p data-bbox="1 2 3 4', "could not be read was given up on: <p data-bbox"),
        ("<quad>(1,2),(3,4),(5,6),(7,8)</quad>", "could not be read was given up on: <quad>(1,2)"),
        ("<parameter=coordinate>\n[1, 2", "could not be read was given up on: <parameter=coordinate>"),
        ('{"bbox_2d": [1, 2, 3, 4], "label": "a", "bbox_2d": [5, 6, 7, 8]}', "states a place twice"),
        ('{"bbox_2d": [1, 2, 3, 4, 5, 6, 7, 8]}', "more than its 4 numbers"),
        ('{"bbox_2d": [true, false, 3, 4]}', "without its numbers was given up on"),
        ('{"x": "[' + BOX + ']"}', "could not be read was given up on"),
        ("<think>" + BOX, "a reasoning never ended"),
        (json.dumps({"name": "f", "arguments": BOX + '{"bbox_2d": [1, 2, 3'}), "could not be read was given up on"),
        (json.dumps({"name": "f", "arguments": BOX + '{"bbox_2d": ]}'}), "given up on"),
        (json.dumps({"calls": [BOX]}), "could not be read was given up on"),
    ],
)
def test_what_is_lost_is_told(text: str, warning: str) -> None:
    _, warnings = parsed(text)
    assert any(warning in line for line in warnings), warnings


@pytest.mark.parametrize(
    "text", ['{"type": "box", "path": "C:\\\\x"}', '{"label": "the box"}', '{"a": "{b}"}', "{box}", "Take <box> it."]
)
def test_what_names_no_place_is_no_loss(text: str) -> None:
    assert parsed(text) == ([], ())


def test_thousands_of_broken_objects_are_one_warning() -> None:
    findings, warnings = parsed("".join(f'{{"bbox_2d": [{n}, "label": 1}}\n' for n in range(3000)))
    assert findings == []
    assert len(warnings) == 1
    assert "(3,000 times): {" in warnings[0]


def test_markup_of_any_length() -> None:
    pairs = ",".join(f"({n},1),({n},2)" for n in range(500))
    findings, _ = parsed(f"<ref>{'x' * 5000}</ref><box>{pairs}</box>")
    assert len(findings) == 500
    (words,), warnings = parsed(f'<p style="{"y" * 5000}" data-bbox="1 2 3 4">{"z" * 50_000}')
    assert (words.label[:3], len(words.label)) == ("zzz", 1000)
    assert "50,000 characters was shortened" in warnings[0]


def test_points_that_are_all_called_x_and_y() -> None:
    findings, _ = parsed('<points x="1" y="2" x="3" y="4" alt="cups">cups</points>')
    assert [(f.x, f.y) for f in findings if isinstance(f, Point)] == [(1, 2), (3, 4)]


def test_a_name_of_a_key_in_a_label_does_not_move_the_confidence() -> None:
    parser = FindingParser([blank_view()])
    for letter in '{"label": "bbox_2d 77", "bbox_2d": [1, 2, 3, 4]}':
        parser.feed(letter, -5.0 if letter == "7" else -0.5)
    (found,) = parser.findings
    assert found.confidence == pytest.approx(2.718281828**-0.5)


@pytest.mark.parametrize(
    "text",
    [
        " " * 90_000 + "x",
        "{" * 300_000,
        '{"bbox_2d": ' * 30_000,
        '{"bbox_2d": [' * 30_000 + "]}" * 30_000,
        "<" * 100_000 + ">" * 100_000,
        "<p " + 'data-bbox="1 2 3 4" ' * 20_000,
        "<box>(1,2)" * 30_000,
        "<think>" * 50_000,
        '{"a": "' + '\\"' * 100_000,
        ('{"bbox_2d": (' + '"a":((1],' * 400 + "\n}") * 50,
        ('{"bbox_2d": [' + '"bbox_3d": [' * 300 + "\n}") * 50,
    ],
    ids=lambda text: text[:12],
)
def test_hard_texts_end(text: str) -> None:
    """Each took hours, or grew with the square of its length, in one version or another; pytest's own limit ends a hang."""
    findings, _ = parsed(text)
    assert findings == []


def test_what_breaks_the_repair_is_given_up_on_aloud() -> None:
    """Found by scripts/fuzz: json_repair's own assertion fails."""
    findings, warnings = parsed('{"box_2d":[""i"}r""""e""""```json{```]')
    assert findings == []
    assert any("left out" in line or "given up on" in line for line in warnings)


def test_a_growing_text() -> None:
    text = GrowingText()
    for piece in ("ab", "", "杯子\r\n", "\ud800", "z"):
        text.append(piece)
        assert text.part(0, 1) == "a"
    assert (str(text), len(text), text.part(2, 4), text.part(6, 99), text.part(3, 3)) == (
        "ab杯子\r\n\ud800z",
        8,
        "杯子",
        "\ud800z",
        "",
    )
