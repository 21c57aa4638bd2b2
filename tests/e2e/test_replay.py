"""Bundles of the real demo model's answers, replayed: the same on one machine, and nothing unsound goes through."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.e2e.program import Home

CLAIM = "Is the red circle left of the blue square?"


def replayed(home: Home, bundle: str) -> tuple[int, dict[str, Any]]:
    done = home.sightline("replay", bundle, "--json")
    return done.code, json.loads(done.out)


def rewritten(folder: Path, name: str, content: bytes) -> None:
    """Change a file of a bundle, and its hash with it."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][name] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.fixture
def bundle(home: Home, scene: Path) -> Path:
    done = home.sightline("ask", "-q", CLAIM, "-q", "Locate every object", scene.name, "--bundle", "evidence", "--json")
    assert done.code == 0
    return home.folder / "evidence"


def test_a_bundle_holds_what_its_manifest_says_and_replays_as_the_same(home: Home, scene: Path, bundle: Path) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text())
    files = {str(path.relative_to(bundle)) for path in bundle.rglob("*") if path.is_file()}
    assert files == {*manifest["files"], "manifest.json"}
    assert (bundle / "pictures" / "scene.png").read_bytes() == scene.read_bytes()
    (model,) = manifest["models"]
    assert model["text"]["file"] == "demo-Q8_0.gguf"
    assert len(model["text"]["sha256"]) == 64
    assert "[picture 1: " in (bundle / "prompts" / "001.txt").read_text()
    scene.unlink()
    code, told = replayed(home, "evidence")
    assert code == 0
    assert told["same"]
    for row in told["answers"]:
        assert (row["prompt"], row["text"], row["findings"], row["verdicts"], row["least_iou"]) == (True, True, True, True, 1.0)


def test_what_was_remembered_is_bundled_as_a_zip_and_replays(home: Home, scene: Path) -> None:
    assert home.sightline("ask", CLAIM, scene.name, "--no-second-looks", "--seed", "7", "--max-tokens", "60").code == 0
    assert home.sightline("export", "bundle", "--last", "1", "--out", "e.zip").code == 0
    with zipfile.ZipFile(home.folder / "e.zip") as packed:
        (answer,) = [json.loads(line) for line in packed.read("answers.jsonl").splitlines()]
    assert (answer["asked"]["seed"], answer["asked"]["max_tokens"], answer["asked"]["second_looks"]) == (7, 60, False)
    assert replayed(home, "e.zip")[0] == 0


def test_a_picture_from_standard_input_is_in_the_bundle(home: Home, scene: Path) -> None:
    done = home.sightline("ask", CLAIM, "-", "--bundle", "evidence", stdin=scene.read_bytes())
    assert done.code == 0
    assert replayed(home, "evidence")[0] == 0


def test_an_answer_that_is_another_one_now_is_told(home: Home, bundle: Path) -> None:
    answers = [json.loads(line) for line in (bundle / "answers.jsonl").read_text().splitlines()]
    answers[1]["boxes"][0]["bbox"][0] += 5
    answers[0]["claims"][0]["verdict"]["ruling"] = "contradicted"
    rewritten(bundle, "answers.jsonl", "\n".join(map(json.dumps, answers)).encode())
    code, told = replayed(home, "evidence")
    assert code == 1
    first, second = told["answers"]
    assert (first["text"], first["verdicts"], first["same"]) == (True, False, False)
    assert (second["text"], second["findings"]) == (True, False)
    assert 0.5 < second["least_iou"] < 1


@pytest.mark.parametrize("name", ["answers.jsonl", "pictures/scene.png", "overlays/001-1.png"])
def test_a_file_that_was_changed_is_named(home: Home, bundle: Path, name: str) -> None:
    (bundle / name).write_bytes((bundle / name).read_bytes() + b"\n")
    done = home.sightline("replay", "evidence")
    assert done.code == 2
    assert Path(name).name in done.err


def test_another_picture_in_its_place_is_none(home: Home, bundle: Path) -> None:
    Image.new("RGB", (320, 240)).save(home.folder / "other.png")
    rewritten(bundle, "pictures/scene.png", (home.folder / "other.png").read_bytes())
    assert home.sightline("replay", "evidence").code == 3


def test_a_model_that_is_not_there_or_another_one_is_told(home: Home, bundle: Path) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text())
    manifest["models"][0]["text"]["sha256"] = "0" * 64
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    done = home.sightline("replay", "evidence")
    assert done.code == 0
    assert "another file" in done.err
    answers = (bundle / "answers.jsonl").read_text().replace('"name": "demo"', '"name": "gone"')
    rewritten(bundle, "answers.jsonl", answers.encode())
    assert home.sightline("replay", "evidence").code == 4


@pytest.mark.parametrize("told", ["", "[]", '{"format": 99}', '{"format": 1, "files": {"../x": ""}, "pictures": []}'])
def test_what_is_no_bundle_is_refused(home: Home, told: str) -> None:
    (home.folder / "b").mkdir()
    (home.folder / "b" / "manifest.json").write_text(told)
    done = home.sightline("replay", "b")
    assert done.code == 2
    assert "Traceback" not in done.err
    assert home.sightline("replay", "nowhere").code == 2
