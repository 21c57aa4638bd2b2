"""`sightline compare`: with the demo model from picture files to lines, JSON and a sheet; and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from backend.cli import AppRequest, main
from backend.schema import json_schema
from backend.synthetic.material import chosen


def never(request: AppRequest) -> int:
    raise AssertionError(f"the app was opened: {request}")


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("material") / "views"
    chosen(["views"])[0].write(folder)
    return folder


def run(*arguments: str | Path) -> int:
    return main(never, ["compare", *map(str, arguments), "--model", "demo"])


def test_lines_for_a_reader_and_a_sheet(views: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "sheet.png"
    assert run(views / "still-before.png", views / "still-after.png", "--export", sheet) == 0
    printed = capsys.readouterr()
    lines = [line.split() for line in printed.out.splitlines()]
    assert any(line[:3] == ["moved", "blue", "square"] and line[4] == "→" for line in lines)
    assert any(line[:3] == ["disappeared", "orange", "diamond"] for line in lines)
    assert "the camera stood still" in printed.out
    assert f"saved {sheet}" in printed.err
    with Image.open(sheet) as saved, Image.open(views / "still-before.png") as one:
        assert saved.width > 2 * one.width
        assert saved.height == one.height
        assert len(saved.convert("RGB").getcolors(1 << 20) or ()) > len(one.convert("RGB").getcolors(1 << 20) or ())


def test_json_is_the_published_object(views: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(views / "pan-before.png", views / "pan-after.png", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    Draft202012Validator(json_schema()).validate(answer)
    truth = {thing["name"]: thing["kinds"] for thing in json.loads((views / "truth.json").read_text("utf-8"))["pan"]["things"]}
    assert {change["label"]: [change["kind"]] for change in answer["changes"]} == truth
    assert {box["picture"] for box in answer["boxes"]} == {0, 1}
    assert answer["motions"][0]["kind"] == "moved"


def test_what_is_named_is_looked_for_alone(views: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = views / "still-before.png", views / "still-after.png"
    assert run(before, after, "--question", "where is the blue square?", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert {(change["label"], change["kind"]) for change in answer["changes"]} == {("blue square", "moved")}
    assert answer["motions"][0]["kind"] == "unknown"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["compare"], 2, "at least two pictures"),
        (["compare", "a.png"], 2, "at least two pictures"),
        (["compare", "-", "-"], 2, "only one of the pictures"),
        (["compare", "a.png", "b.png", "--export", "out.txt"], 2, "no suffix of a picture"),
        (["compare", "no-such.png", "b.png"], 3, "no-such.png"),
    ],
)
def test_what_cannot_be_compared(arguments: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(never, arguments) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
    assert "→" in printed.err, "a cure is told"


def test_the_picture_that_cannot_be_read_is_named(views: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.png"
    empty.write_bytes(b"")
    assert run(views / "still-before.png", empty) == 3
    assert "empty.png" in capsys.readouterr().err
