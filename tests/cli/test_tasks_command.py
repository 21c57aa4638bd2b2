"""`sightline tasks`: the list for people and for programs, and what is said of a file that is not understood."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.cli import AppRequest, main


def never(request: AppRequest) -> int:
    raise AssertionError(request)


@pytest.fixture
def user(own_settings: Path) -> Path:
    file = own_settings / "sightline" / "tasks.toml"
    file.parent.mkdir()
    return file


def test_the_list_names_every_task_and_the_users_file(
    user: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert main(never, ["tasks"]) == 0
    told = capsys.readouterr()
    rows = {line.split()[0]: line for line in told.out.splitlines() if line}
    assert {"auto", "boxes", "categories", "count", "space", "occlusion", "free"} <= rows.keys()
    assert rows["space"].split(maxsplit=2)[1] == "points"
    assert f"your own tasks: {user} (not there yet)" in told.out
    assert told.err == ""


def test_ones_own_are_marked_and_nothing_of_them_reaches_the_terminal(user: Path, capsys: pytest.CaptureFixture[str]) -> None:
    user.write_text(
        "[tasks.mine]\nkind = 'points'\nen = 'Point to {what}.'\ntitle_en = '[b]\u202emine'\n[tasks.count]\nclosely = false\n",
        "utf-8",
    )
    assert main(never, ["tasks"]) == 0
    out = capsys.readouterr().out
    rows = {line.split()[0]: line for line in out.splitlines() if line}
    assert rows["mine"].endswith("(your own)")
    assert rows["count"].endswith("(changed in your file)")
    assert "\u202e" not in out
    assert "not there yet" not in out


def test_chinese_where_the_locale_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "LC_ALL",
        "LANGUAGE",
        "SIGHTLINE_LANGUAGE",
    ):  # the last two are set by the program, and taken back after the test
        monkeypatch.setenv(name, "zh_CN.UTF-8" if name == "LC_ALL" else "")
    assert main(never, ["tasks"]) == 0
    assert "谁挡住了谁" in capsys.readouterr().out


def test_as_json(user: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(never, ["tasks", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["file"] == str(user)
    by_name = {task["name"]: task for task in told["tasks"]}
    assert by_name["count"] == {
        "name": "count",
        "kind": "prose",
        "title": {"en": "how many there are, with the boxes that were counted", "zh": "有多少个，并框出所数的物体"},
        "origin": "sightline",
        "auto": True,
        "counts": True,
    }


@pytest.mark.parametrize("command", [["tasks"], ["tasks", "--json"], ["ask", "where is the cup?", "no-such.png"]])
def test_a_broken_file_is_said_and_cured(command: list[str], user: Path, capsys: pytest.CaptureFixture[str]) -> None:
    user.write_text("[tasks.boxes]\nauto = ['(']\n")
    assert main(never, command) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert str(user) in told.err
    assert "[tasks.boxes], key “auto”" in told.err
    assert "→ " in told.err


def test_an_unknown_task_is_refused_before_anything_is_opened(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(never, ["ask", "where is the cup?", "no-such.png", "--task", "smell"]) == 2
    told = capsys.readouterr().err
    assert "there is no task “smell”" in told
    assert "auto, space, text, points" in told
