"""Tasks as a user meets them: listed, chosen, counted with boxes, and changed by a file of one's own."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from backend.schema import json_schema
from tests.e2e.program import Home


def own_tasks(home: Home, content: str) -> Path:
    file = home.root / ".config" / "sightline" / "tasks.toml"
    file.parent.mkdir(parents=True)
    file.write_text(content, "utf-8")
    return file


def test_a_count_brings_the_boxes_that_were_counted(home: Home, scene: Path) -> None:
    for question in ("How many objects are there?", "图中有几个物体？"):
        done = home.sightline("ask", question, scene.name, "--json")
        answer = json.loads(done.out)
        Draft202012Validator(json_schema()).validate(answer)
        assert (done.code, answer["task"], answer["text"]) == (0, "count", "2")
        assert [box["id"] for box in answer["boxes"]] == ["b1", "b2"]
    told = home.sightline("ask", "red circles", scene.name, "--task", "count").text.splitlines()
    assert told[0] == "1"
    assert told[1].split()[:3] == ["b1", "red", "circle"]


def test_a_task_of_ones_own_is_listed_and_asked(home: Home, scene: Path) -> None:
    own_tasks(
        home,
        """
[tasks.reds]
kind = "boxes"
title_en = "red things"
en = "Locate every red {what}, report bbox coordinates in JSON format."
auto = ['^which red\\b']
asks = ['^which red (?P<what>\\w+?)s?\\b']
""",
    )
    assert "reds" in home.sightline("tasks").text
    done = home.sightline("ask", "Which red circles do you see?", scene.name, "--json")
    answer = json.loads(done.out)
    assert (done.code, answer["task"]) == (0, "reds")
    assert [box["label"] for box in answer["boxes"]] == ["red circle"]


def test_a_broken_file_is_2_and_names_its_place(home: Home, scene: Path) -> None:
    file = own_tasks(home, "[tasks.boxes]\nauto = ['(']\n")
    for arguments in (["tasks"], ["ask", "where is the red circle?", scene.name]):
        done = home.sightline(*arguments)
        assert (done.code, done.out) == (2, b"")
        assert str(file) in done.err
        assert "[tasks.boxes], key “auto”" in done.err
        assert "→" in done.err
        assert "Traceback" not in done.err
    assert home.sightline("models", "list").code == 0, "models need no tasks"
