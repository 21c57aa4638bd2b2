"""`sightline export` as a program: from ask's JSON, from a pipe, from the journal; exit codes and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from pycocotools.coco import COCO  # type: ignore[import-untyped]

from tests.e2e.program import Home
from tests.media.film.making import make


@pytest.fixture
def answers(home: Home, scene: Path) -> bytes:
    done = home.sightline("ask", "Locate every object", scene.name, "--json")
    assert done.code == 0
    (home.folder / "a.jsonl").write_bytes(done.out * 2)
    return done.out


def test_answers_come_from_a_file_a_pipe_and_the_journal(home: Home, answers: bytes) -> None:
    assert home.sightline("export", "csv", "a.jsonl", "--out", "file.csv").code == 0
    assert home.sightline("export", "csv", "--out", "pipe.csv", stdin=answers).code == 0
    assert home.sightline("export", "csv", "--last", "1", "--out", "last.csv").code == 0
    file, pipe, last = ((home.folder / f"{name}.csv").read_text() for name in ("file", "pipe", "last"))
    assert pipe == last
    assert len(file.splitlines()) == 2 * len(pipe.splitlines()) - 1


def test_pictures_are_found_from_another_folder(home: Home, answers: bytes) -> None:
    (home.folder / "elsewhere").mkdir()
    (home.folder / "elsewhere" / "a.json").write_bytes(answers)
    done = home.sightline("export", "yolo", "elsewhere/a.json", "--out", "set")
    assert (done.code, done.out) == (0, b"")
    assert (home.folder / "set" / "images" / "scene.png").is_file()


def test_batch_lines_are_read_and_failures_are_counted(home: Home, answers: bytes) -> None:
    failed = {"key": "x", "source": {}, "parameters": {}, "question": "q", "error": {"message": "gone"}}
    line = {"key": "y", "source": {}, "parameters": {}, **json.loads(answers)}
    (home.folder / "batch.jsonl").write_text(f"{json.dumps(failed)}\n{json.dumps(line)}\n" + '{"key": "torn')
    done = home.sightline("export", "coco", "batch.jsonl", "--out", "coco.json")
    assert done.code == 0
    assert "1 question without an answer" in done.err
    assert len(json.loads((home.folder / "coco.json").read_text())["images"]) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("csv", "nowhere.jsonl", "--out", "x.csv"), 2, "cannot be read"),
        (("csv", "a.jsonl", "--last", "1", "--out", "x.csv"), 2, "one place only"),
        (("csv", "scene.png", "--out", "x.csv"), 2, "UTF-8"),
        (("csv", "a.jsonl", "--out", "a.jsonl"), 2, "there already"),
        (("csv", "--session", "none", "--out", "x.csv"), 2, "no session"),
        (("ply", "a.jsonl", "--out", "x.ply"), 2, "nothing for this format"),
        (("excel", "a.jsonl", "--out", "x"), 2, "excel"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    home: Home, answers: bytes, arguments: tuple[str, ...], code: int, said: str
) -> None:
    assert answers
    done = home.sightline("export", *arguments)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_picture_that_a_format_needs_and_is_gone(home: Home, scene: Path, answers: bytes) -> None:
    assert answers
    scene.unlink()
    assert home.sightline("export", "png", "a.jsonl", "--out", "x.png").code == 3
    assert home.sightline("export", "bundle", "a.jsonl", "--out", "b").code == 3
    assert not (home.folder / "b").exists()
    done = home.sightline("export", "html", "a.jsonl", "--out", "r.html")
    assert done.code == 0
    assert "scene.png" in done.err


def test_frames_of_a_film_and_several_pictures_are_one_data_set(home: Home, scene: Path) -> None:
    make(home.folder / "film.mp4", size=(128, 96))
    Image.open(scene).rotate(180).save(home.folder / "other.png")
    asked = [("Locate the red square", "film.mp4", "--frames", "3"), ("Locate every object", scene.name, "other.png")]
    lines = b"".join(home.sightline("ask", *one, "--json").out for one in asked)
    (home.folder / "a.jsonl").write_bytes(lines)
    for name in ("coco", "yolo", "label-studio"):
        done = home.sightline("export", name, "a.jsonl", "--out", name)
        assert done.code == 0, done.err
    shown = [ref for line in lines.splitlines() for ref in json.loads(line)["pictures"]]
    names = ["film-0.000s.png", "film-1.400s.png", "film-2.900s.png", "scene.png", "other.png"]
    assert len(shown) == 5
    read = COCO(str(home.folder / "coco" / "annotations.json"))
    images = read.loadImgs(read.getImgIds())
    assert [image["file_name"] for image in images] == names
    assert [image["id"] for image in images] == [1, 2, 3, 4, 5]
    assert [image.get("time") for image in images] == [ref["time"] for ref in shown]
    for image, ref in zip(images, shown, strict=True):
        for folder in ("coco", "yolo", "label-studio"):
            with Image.open(home.folder / folder / "images" / image["file_name"]) as picture:
                assert picture.size == (image["width"], image["height"]) == (ref["width"], ref["height"])
        found = read.loadAnns(read.getAnnIds(imgIds=[image["id"]]))
        labels = (home.folder / "yolo" / "labels" / f"{Path(image['file_name']).stem}.txt").read_text().splitlines()
        assert len(labels) == len(found)
    assert read.getAnnIds(imgIds=[4]), "the two shapes of the first picture"
    tasks = json.loads((home.folder / "label-studio" / "tasks.json").read_text())
    assert [task["data"]["file_name"] for task in tasks] == names
    done = home.sightline("export", "markdown", "a.jsonl", "--out", "report")
    assert done.code == 0
    assert len(list((home.folder / "report" / "pictures").iterdir())) == 5
