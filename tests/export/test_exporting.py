"""Tables, JSON, pictures and 3D boxes; and targets: whole or not at all, nothing replaced unasked."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backend.cli.export import FORMATS as OFFERED
from backend.errors import UnreadablePicture, UsageError
from backend.export import exporting
from backend.export.exporting import export
from backend.export.formats import FORMATS
from backend.export.originals import Originals
from backend.export.saving import NotSaved
from backend.export.solids_file import solids_ply
from backend.export.table import COLUMNS, table
from backend.scene import Box, Box3D, Point
from backend.spatial.box3d import corners
from tests.export.answers import AWKWARD, answer, claimed, drawn_at, plain_at


def test_the_command_offers_what_there_is() -> None:
    assert tuple(one.name for one in FORMATS) == OFFERED
    assert set(OFFERED) == set(exporting._WORK)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_table_read_back_holds_every_label(label: str) -> None:
    read = list(csv.DictReader(table([answer([], [Box(1, 2, 3, 4, label)])]).splitlines(keepends=True)))
    if not any(end in label for end in "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"):  # where splitlines itself would cut
        (row,) = read
        assert row["label"].removeprefix("'") == label.removeprefix("'")
        assert not row["label"].startswith(("=", "+", "-", "@"))


def test_a_table_has_a_row_for_every_finding(tmp_path: Path) -> None:
    ref = plain_at(tmp_path / "a.png", (64, 48))
    found = (Box(1, 2, 30, 40, AWKWARD, id="b1", attributes=(("colour", "红"),)), Point(5, 6, "p", id="p1"))
    solid = Box3D((0, 1, 3), (1, 2, 3), 0.1, 0.2, 0.3, "crate", id="s1")
    export("csv", [answer([ref], (*found, solid), claims=[claimed()]), answer([ref])], tmp_path / "t.csv", Originals())
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert set(rows[0]) == set(COLUMNS)
    assert [row["kind"] for row in rows] == ["box3d", "box", "point"]
    assert [rows[1][key] for key in ("x1", "y1", "x2", "y2", "label", "picture_width")] == ["1", "2", "30", "40", AWKWARD, "64"]
    assert rows[1]["claims"] == "red cup left_of plate: confirmed"
    assert json.loads(rows[1]["attributes"]) == {"colour": "红"}
    assert (rows[2]["x1"], rows[2]["x2"], rows[0]["centre_z_m"], rows[0]["roll_rad"]) == ("5", "5", "3", "0.3")


def test_json_is_the_published_answer(tmp_path: Path) -> None:
    one = answer([plain_at(tmp_path / "a.png", (9, 9))], [Box(1, 2, 3, 4, AWKWARD)])
    export("json", [one], tmp_path / "one.json", Originals())
    export("json", [one, one], tmp_path / "two.json", Originals())
    export("json", [one, one], tmp_path / "two.jsonl", Originals())
    assert json.loads((tmp_path / "one.json").read_text("utf-8")) == one.as_dict()
    assert json.loads((tmp_path / "two.json").read_text("utf-8")) == [one.as_dict()] * 2
    assert [json.loads(line) for line in (tmp_path / "two.jsonl").read_text("utf-8").splitlines()] == [one.as_dict()] * 2


def test_pictures_are_drawn_on_and_one_that_is_gone_is_told(tmp_path: Path) -> None:
    first, gone = drawn_at(tmp_path / "a.png"), plain_at(tmp_path / "b.png", (20, 20))
    export("png", [answer([first], [Box(50, 50, 150, 150, "cup")])], tmp_path / "out.png", Originals())
    with Image.open(tmp_path / "out.png") as image, Image.open(tmp_path / "a.png") as before:
        assert image.size == before.size
        assert image.tobytes() != before.convert("RGB").tobytes()
    (tmp_path / "b.png").unlink()
    written = export("png", [answer([first, gone])], tmp_path / "out", Originals())
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.png"]
    assert "b.png" in written.notes[0]
    with pytest.raises(UnreadablePicture, match=r"b\.png"):
        export("png", [answer([gone])], tmp_path / "none.png", Originals())
    assert not (tmp_path / "none.png").exists()


def test_faces_of_solid_boxes_look_outwards() -> None:
    solid = Box3D((0.5, 1, 4), (1, 2, 3), 0.3, -0.4, 0.2, "a\nb 箱", id="s1")
    lines = solids_ply([Box(0, 0, 1, 1), solid]).decode("ascii").splitlines()
    assert "comment s1 a\\nb \\u7bb1" in lines
    body = lines[lines.index("end_header") + 1 :]
    spots = np.array([[float(number) for number in line.split()[:3]] for line in body[:8]])
    assert spots == pytest.approx(np.array(corners(solid)), abs=1e-4)
    for line in body[8:]:
        count, *places = map(int, line.split())
        assert count == 4
        a, b, c, d = spots[places]
        assert a + c == pytest.approx(b + d, abs=1e-4)  # a parallelogram, its corners in turn
        assert np.dot(np.cross(b - a, c - b), (a + c) / 2 - np.array(solid.centre)) > 0
    assert len(body) == 14


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    one = answer([plain_at(tmp_path / "a.png", (9, 9))], [Box(1, 2, 3, 4, "it")])
    kept = tmp_path / "there.csv"
    kept.write_text("mine")
    with pytest.raises(UsageError, match="there already"):
        export("csv", [one], kept, Originals())
    assert kept.read_text() == "mine"
    export("csv", [one], kept, Originals(), replace=True)
    assert kept.read_text().startswith("answer,")
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine").touch()
    for replace in (False, True):
        with pytest.raises(UsageError, match="not empty"):
            export("yolo", [one], full, Originals(), replace=replace)
    with pytest.raises(UsageError, match="is a file"):
        export("yolo", [one], kept, Originals(), replace=True)
    with pytest.raises(UsageError, match="does not exist"):
        export("csv", [one], tmp_path / "no" / "t.csv", Originals())
    with pytest.raises(UsageError, match="no answer"):
        export("csv", [], tmp_path / "t.csv", Originals())


def test_a_folder_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise NotSaved(tmp_path, "no space left on device", cure="")

    monkeypatch.setattr("backend.export.yolo.data_yaml", full)
    one = answer([plain_at(tmp_path / "a.png", (9, 9))], [Box(1, 2, 3, 4, "it")])
    with pytest.raises(NotSaved):
        export("yolo", [one], tmp_path / "set", Originals())
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
