"""`sightline parse`, through the command line: raw text in, findings out, repairs told beside them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from backend.cli.parse import parse
from backend.errors import UsageError

BOX = '[{"bbox_2d": [100, 200, 300, 400], "label": "red cup", "handle": "left"}]'


def run(text: str | bytes, *arguments: str) -> Result:
    return CliRunner().invoke(parse, arguments, input=text)


def test_findings_in_pixels_of_the_picture() -> None:
    done = run(BOX, "--size", "640x360")
    assert done.stdout == "  b1  red cup  x 64–192, y 72–144 px  handle: left\n"
    assert done.stderr == ""


def test_json_is_the_object_of_an_answer() -> None:
    published = json.loads(run(BOX, "--size", "640x360", "--json").stdout)
    assert published["schema"] == 1
    assert published["text"] == BOX
    assert published["boxes"][0]["bbox"] == [64, 72, 192, 144]
    assert published["boxes"][0]["attributes"] == {"handle": "left"}


def test_pixels_are_taken_as_they_are() -> None:
    assert "x 100–300, y 200–400 px" in run(BOX, "--size", "640x480", "--units", "px").stdout


def test_reasoning_and_repairs() -> None:
    done = run("<think>" + BOX + "</think>{'point_2d': [500, 500], 'label': 'cup'}", "--size", "200x100")
    assert done.stdout == "  p1  cup  x 100, y 50 px\n"
    assert done.stderr == "note: broken JSON was repaired\n"


@pytest.mark.parametrize("text", ["", "The cup is on the table."])
def test_nothing_to_find_is_said(text: str) -> None:
    done = run(text, "--size", "640x360")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "note: nothing was located\n")


def test_bytes_that_are_no_text() -> None:
    done = run(b"\xff" + BOX.encode(), "--size", "640x360")
    assert "b1" in done.stdout
    assert "not UTF-8" in done.stderr


def test_escapes_in_a_label_are_shown_not_obeyed() -> None:
    done = run('{"bbox_2d": [1, 2, 3, 4], "label": "\\u001b[31mcup"}', "--size", "640x360")
    assert "\x1b" not in done.stdout
    assert "\\e[31mcup" in done.stdout


@pytest.mark.parametrize("size", ["640", "0x10", "axb", "640x", "-1x5"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    done = run(BOX, "--size", size)
    assert done.exit_code == 2
    assert "write it as 1920x1080" in done.output


SOLID = '[{"bbox_3d": [0, 0.5, 4, 1, 1, 1, 0, 0, 0], "label": "box"}, {"bbox_2d": [400, 480, 620, 780], "label": "box"}]'


def test_3d_boxes_are_checked_by_the_camera_that_is_given() -> None:
    usual, given = (json.loads(run(SOLID, "--size", "640x480", "--json", *more).stdout) for more in ((), ("--fov", "90")))
    assert usual["pictures"][0]["camera"]["focal"] == pytest.approx(554.3, abs=0.1)
    assert given["pictures"][0]["camera"]["focal"] == pytest.approx(320.0)
    assert usual["checks"] != given["checks"]
    pixels = json.loads(run(SOLID, "--size", "640x480", "--intrinsics", "500,300,200", "--json").stdout)
    camera = pixels["pictures"][0]["camera"]
    assert (camera["focal"], camera["cx"], camera["cy"]) == (500, 300, 200)


@pytest.mark.parametrize("wrong", [("--fov", "200"), ("--fov", "60", "--intrinsics", "500"), ("--intrinsics", "x")])
def test_a_camera_that_is_none_is_refused(wrong: tuple[str, ...]) -> None:
    done = run(SOLID, "--size", "640x480", *wrong)
    assert done.exit_code != 0
    assert isinstance(done.exception, UsageError)
