"""`sightline models` as a program, in a home where nothing was ever pulled."""

from __future__ import annotations

import json

from backend.catalog.places import demo_folder
from tests.e2e.program import Home


def test_list_names_the_demo_as_there_and_the_rest_as_not(home: Home) -> None:
    done = home.sightline("models", "list", "--json")
    assert (done.code, done.err) == (0, "")
    there = {entry["name"]: entry["installed"] for entry in json.loads(done.out)}
    assert there.pop("demo")
    assert {f"qwen3-vl-{size}-{kind}" for size in ("2b", "4b", "8b") for kind in ("instruct", "thinking")} == there.keys()
    assert not any(there.values())


def test_check_reads_the_bundled_pair(home: Home) -> None:
    done = home.sightline("models", "check", "demo")
    assert done.code == 0, done.err
    assert "belong together" in done.text


def test_where_names_folders_of_this_home(home: Home) -> None:
    done = home.sightline("models", "where")
    assert done.code == 0
    assert done.text.count(str(home.root)) >= 3


def test_pulling_without_a_network_says_so_and_leaves_nothing_behind(home: Home) -> None:
    done = home.sightline("models", "pull", "qwen3-vl-2b-instruct")
    assert done.code == 4
    assert "Traceback" not in done.err
    assert "  → " in done.err
    assert not list(home.root.rglob("*.gguf"))


def test_adding_files_that_are_there_makes_a_model_of_them(home: Home) -> None:
    pair = [demo_folder() / "demo-Q8_0.gguf", demo_folder() / "mmproj-demo-Q8_0.gguf"]
    added = home.sightline("models", "add", "mine", "--text", pair[0], "--mmproj", pair[1])
    assert added.code == 0, added.err
    listed = home.sightline("models", "list", "--json")
    assert any(entry["name"] == "mine" and entry["installed"] for entry in json.loads(listed.out))
