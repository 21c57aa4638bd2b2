"""`sightline frames`, as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from backend.cli import main
from tests.media.film.making import make


def run(*arguments: str) -> int:
    return main(lambda _request: 0, ["frames", *arguments])


def test_frames_are_listed_and_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = make(tmp_path / "a.mp4", turned=(-90.0, False))
    assert run(str(film), "--frames", "2", "--out", str(tmp_path / "out")) == 0
    shown = capsys.readouterr().out.splitlines()
    assert "48×64 px, turned by 90°, 00:03.00, 30 frames, 10 a second" in shown[0]
    assert [line.split()[0] for line in shown[1:]] == ["00:00.00", "00:02.90"]
    with Image.open(tmp_path / "out" / "a_00-02.90.png") as saved:
        assert saved.size == (48, 64)


def test_json_holds_the_film_and_its_frames(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = make(tmp_path / "a.mp4")
    assert run(str(film), "--fps", "1", "--from", "1", "--to", "00:02.0", "--json") == 0
    whole = json.loads(capsys.readouterr().out)
    assert (whole["duration"], whole["frames"], whole["frames_known"]) == (3.0, 30, True)
    assert [frame["time"] for frame in whole["shown"]] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--frames", "2", "--fps", "1"], 2, "exclude each other"),
        (["--from", "soon"], 2, "“soon” is no time"),
        (["--from", "9"], 2, "ends at 00:03.00"),
        (["--fps", "0"], 2, "above 0"),
    ],
)
def test_what_cannot_be_meant_is_said(
    options: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(make(tmp_path / "a.mp4")), *options) == code
    seen = capsys.readouterr()
    assert said in seen.err
    assert seen.out == ""


def test_files_that_are_no_films_end_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.mp4").touch()
    assert run(str(tmp_path / "empty.mp4")) == 3
    assert "“" + str(tmp_path / "empty.mp4") + "” is not a film sightline can read: it is empty" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert run(str(make(tmp_path / "a.mp4")), "--out", str(tmp_path / "file" / "out")) == 5
    assert "cannot be written" in capsys.readouterr().err
