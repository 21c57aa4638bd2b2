"""`sightline track` with boxes from a file: what it prints, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from backend.cli import main
from backend.errors import EngineFailure
from backend.scene import Box, Picture
from backend.synthetic.material.tracks import write


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tracks")
    write(folder)
    return folder


def run(*arguments: str | Path) -> int:
    return main(lambda _request: 0, ["track", *map(str, arguments)])


def test_events_and_tracks_are_told(material: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(material / "shapes.mp4", "--boxes", material / "truth.json") == 0
    shown = capsys.readouterr().out.splitlines()
    assert "00:01.90  the black square went out of sight behind the red square" in shown
    assert "00:03.00  the black square came into sight again after 1.1 s" in shown
    assert shown[-4].startswith("t1  red square  00:00.00 to 00:05.90  seen in 60 frames  0.000 widths/s")
    assert shown[-3].startswith("t2  black square  ")
    assert "10 filled in" in shown[-3]


def test_boxes_that_are_a_little_wrong_are_the_same_four_things(material: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(material / "shapes.mp4", "--boxes", material / "found.json", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["width"], told["height"], told["frames"], told["complete"]) == (1, 384, 288, 60, True)
    assert [track["label"] for track in told["tracks"]] == ["red square", "black square", "black diamond", "purple circle"]
    assert set(told["events"][0]) == {"kind", "time", "known_at", "tracks", "labels", "text", "detail"}
    truth = json.loads((material / "truth.json").read_text("utf-8"))["shapes.mp4"]["frames"]
    square = {seen["time"]: seen["bbox"] for seen in told["tracks"][1]["observations"]}
    at = truth[15]["things"]
    true = next(thing["bbox"] for thing in at if thing["name"] == "black square")
    assert square[1.5] == pytest.approx(true, abs=15)


def test_one_record_a_line(material: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(material / "boxes", "--boxes", material / "truth.json", "--jsonl", "--fps", "10") == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    types = [record["type"] for record in records]
    assert types[-1] == "end"
    assert types.count("track") == records[-1]["tracks"] == 3
    assert types.count("event") == records[-1]["events"]
    assert types == sorted(types, key=["event", "track", "end"].index)


def test_only_what_is_sought_and_only_a_part_of_the_film(material: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--find", "Purple Circle", "--from", "2", "--to", "00:03", "--json")
    assert run(material / "shapes.mp4", "--boxes", material / "truth.json", *options) == 0
    told = json.loads(capsys.readouterr().out)
    (track,) = told["tracks"]
    assert (track["label"], track["begin"], track["end"], told["frames"]) == ("purple circle", 2.0, 3.0, 11)


def test_places_are_entered_crossed_and_left(material: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--zone", "left=0,0,192,288", "--line", "middle=192,0,192,288")
    assert run(material / "shapes.mp4", "--boxes", material / "truth.json", *options) == 0
    shown = capsys.readouterr().out
    assert "the purple circle entered zone left" in shown
    assert "the purple circle crossed line middle to its right" in shown


def test_frames_are_exported_with_their_tracks(material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.mp4"
    assert run(material / "shapes.mp4", "--boxes", material / "truth.json", "--to", "1", "--export", target) == 0
    assert "out.mp4 (11 frames)" in capsys.readouterr().err
    assert target.stat().st_size > 1000
    assert run(material / "boxes", "--boxes", material / "truth.json", "--to", "0.5", "--export", tmp_path / "frames") == 0
    assert len(list((tmp_path / "frames").glob("*.png"))) == 6


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        ([], 2, "nothing is to be followed"),
        (["--find", " "], 2, "nothing is to be followed"),
        (["--boxes", "found.json", "--json", "--jsonl"], 2, "exclude each other"),
        (["--boxes", "none.json"], 2, "none.json"),
        (["--boxes", "found.json", "--zone", "door=1,2"], 2, "--zone “door=1,2” is not understood"),
        (["--boxes", "found.json", "--line", "gate=1,1,1,1"], 2, "it has no length"),
        (["--boxes", "found.json", "--from", "99"], 2, "ends at 00:06.00"),
        (["--boxes", "found.json", "--export", "found.json"], 2, "no film's name"),
        (["--find", "cup", "--model", "no-such-model"], 4, "no-such-model"),
    ],
)
def test_what_cannot_be_meant_is_said(
    options: list[str],
    code: int,
    says: str,
    material: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(material)
    assert run("shapes.mp4", *options) == code
    shown = capsys.readouterr()
    assert says in shown.err
    assert shown.out == ""


def test_boxes_of_another_film_are_refused(material: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(material / "boxes", "--boxes", material / "found.json") == 2
    assert "are of pictures of 384×288, and" in capsys.readouterr().err


def test_films_and_folders_that_are_none(material: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes((material / "shapes.mp4").read_bytes()[:3000])
    (tmp_path / "empty").mkdir()
    for source, code, says in (
        (tmp_path / "none.mp4", 2, "there is no film or folder"),
        (cut, 3, "cut.mp4"),
        (tmp_path / "empty", 2, "there is no picture in"),
    ):
        assert run(source, "--boxes", material / "found.json") == code
        assert says in capsys.readouterr().err


def test_the_same_name_twice_is_one_question(
    material: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def found(_asker: object, _picture: Picture, names: Sequence[str]) -> list[Box]:
        asked.append(list(names))
        return []

    monkeypatch.setattr("backend.ask.seeking.sought", found)
    assert run(material / "shapes.mp4", "-f", "Red square", "-f", "red square ", "-m", "demo", "--to", "0.2") == 0
    assert asked == [["red square"]] * 2
    assert "nothing was found often enough" in capsys.readouterr().err


def test_a_run_that_ends_early_tells_what_it_knows(
    material: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Picture] = []

    def found(_asker: object, picture: Picture, _names: object) -> list[Box]:
        asked.append(picture)
        if len(asked) == 5:
            raise EngineFailure("it broke", cure="ask again")
        return [Box(100, 100, 150, 150, "cup")]

    monkeypatch.setattr("backend.ask.seeking.sought", found)
    assert run(material / "shapes.mp4", "--find", "cup", "-m", "demo", "--json") == 5
    shown = capsys.readouterr()
    told = json.loads(shown.out)
    assert (told["frames"], told["complete"]) == (4, False)
    assert len(told["tracks"]) == 1
    assert "it broke" in shown.err
