"""COCO, YOLO and Label Studio, read back by those who read them: pycocotools, globox, and the format as its documentation
has it.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from globox import AnnotationSet  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from PIL import Image
from pycocotools.coco import COCO  # type: ignore[import-untyped]
from pycocotools.cocoeval import COCOeval  # type: ignore[import-untyped]

from backend.answer import PictureRef
from backend.export.coco import coco
from backend.export.exporting import export
from backend.export.gathered import NAMELESS, category, gathered
from backend.export.label_studio import interface, tasks
from backend.export.originals import Originals
from backend.export.yolo import classes, data_yaml, labels
from backend.scene import Box, Box3D, Finding, Point
from tests.export.answers import AWKWARD, answer, drawn_at, plain_at

REF = PictureRef("a.png", 640, 480, "ab")
LABELS = st.one_of(st.text(max_size=20), st.sampled_from([AWKWARD, "", "a\x00b", "a,b;c", "'", '"', "{{x}}", "</script>"]))
INSIDE = st.tuples(st.floats(0, 600), st.floats(0, 440), st.floats(1, 40), st.floats(1, 40))
BOXES = st.lists(
    st.builds(lambda at, label: Box(at[0], at[1], at[0] + at[2], at[1] + at[3], label), INSIDE, LABELS), max_size=6
)
RESULT_SCHEMA = {
    "type": "object",
    "required": ["id", "from_name", "to_name", "type", "original_width", "original_height", "image_rotation", "value"],
    "properties": {
        "type": {"enum": ["rectanglelabels", "keypointlabels"]},
        "to_name": {"const": "image"},
        "original_width": {"type": "integer", "minimum": 1},
        "original_height": {"type": "integer", "minimum": 1},
        "image_rotation": {"const": 0},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "value": {
            "required": ["x", "y", "width"],
            "properties": {key: {"type": "number", "minimum": 0, "maximum": 100.001} for key in ("x", "y", "width", "height")},
        },
    },
}
"""Written from https://labelstud.io/guide/predictions (its SDK's converter brings a web framework along)."""
TASKS_SCHEMA = {
    "type": "array",
    "items": {
        "required": ["data", "predictions"],
        "properties": {
            "data": {"required": ["image"]},
            "predictions": {
                "type": "array",
                "items": {
                    "required": ["model_version", "result"],
                    "properties": {"result": {"type": "array", "items": RESULT_SCHEMA}},
                },
            },
        },
    },
}


@pytest.fixture
def pictures(tmp_path: Path) -> tuple[PictureRef, PictureRef]:
    """Two of one name and different sizes."""
    (tmp_path / "other").mkdir()
    return drawn_at(tmp_path / "scene.png"), plain_at(tmp_path / "other" / "scene.png", (200, 100))


FOUND: tuple[Finding, ...] = (
    Box(-5, 10, 100, 90, "cup", confidence=0.9, id="b1"),
    Box(20.5, 30.25, 60, 70, AWKWARD, confidence=0.5, id="b2"),
    Box(150, 50, 200, 100, "Cup", picture=1, id="b3"),
    Point(200, 100, "cup", picture=1, id="p1"),
    Box3D((0, 0, 3), (1, 1, 1), 0, 0, 0, "crate", id="s1"),
)


def test_coco_is_read_and_scored_by_pycocotools(tmp_path: Path, pictures: tuple[PictureRef, PictureRef]) -> None:
    written = export("coco", [answer(pictures, FOUND), answer(pictures[:1], FOUND[:1])], tmp_path / "set", Originals())
    assert "1 point has no place" in written.notes[0]
    read = COCO(str(tmp_path / "set" / "annotations.json"))
    assert [image["file_name"] for image in read.loadImgs(read.getImgIds())] == ["scene.png", "scene-2.png"]
    assert [one["name"] for one in read.loadCats(read.getCatIds())] == ["cup", category(AWKWARD)]
    found = read.loadAnns(read.getAnnIds())
    assert [one["bbox"] for one in found] == [[0, 10, 100, 80], [20.5, 30.25, 39.5, 39.75], [150, 50, 50, 50]]
    assert [one["area"] for one in found] == [8000, pytest.approx(39.5 * 39.75), 2500]
    assert [one["category_id"] for one in found] == [1, 2, 1]
    scored = COCOeval(read, read.loadRes(str(tmp_path / "set" / "results.json")), "bbox")
    scored.evaluate()
    scored.accumulate()
    scored.summarize()
    assert scored.stats[0] == pytest.approx(1.0)
    for image in read.loadImgs(read.getImgIds()):
        with Image.open(tmp_path / "set" / "images" / image["file_name"]) as picture:
            assert picture.size == (image["width"], image["height"])


def test_globox_reads_the_same_boxes_from_coco_and_yolo(tmp_path: Path, pictures: tuple[PictureRef, PictureRef]) -> None:
    answers = [answer(pictures, FOUND)]
    export("coco", answers, tmp_path / "coco.json", Originals())
    export("yolo", answers, tmp_path / "yolo", Originals())
    names = (tmp_path / "yolo" / "classes.txt").read_text("utf-8").splitlines()
    from_coco = AnnotationSet.from_coco(tmp_path / "coco.json")
    from_yolo = AnnotationSet.from_yolo_v5(
        tmp_path / "yolo" / "labels", image_folder=tmp_path / "yolo" / "images", image_extension=".png"
    )
    assert set(from_coco.image_ids) == set(from_yolo.image_ids) == {"scene.png", "scene-2.png"}
    for one in from_coco:
        other = from_yolo[one.image_id]
        assert [names[int(str(box.label))] for box in other.boxes] == [box.label for box in one.boxes]
        for left, right in zip(one.boxes, other.boxes, strict=True):
            assert right.ltrb == pytest.approx(left.ltrb, abs=0.01)


@given(BOXES)
def test_whatever_a_label_holds_the_data_sets_hold_as_well(boxes: list[Box]) -> None:
    data = gathered([answer([REF], boxes)])
    (shot,) = data.shots
    told = json.loads(json.dumps(coco(data)))
    names = {one["id"]: one["name"] for one in told["categories"]}
    assert [names[one["category_id"]].casefold() for one in told["annotations"]] == [
        category(box.label).casefold() for box in shot.boxes
    ]
    assert {category(box.label).casefold() for box in boxes} == {name.casefold() for name in data.categories}
    assert classes(data).splitlines() == data.categories
    assert list((yaml.safe_load(data_yaml(data))["names"] or {}).values()) == data.categories
    lines = [line.split() for line in labels(data, shot).splitlines()]
    for line, box in zip(lines, shot.boxes, strict=True):
        assert data.number(box.label) == int(line[0])
        cx, cy, width, height = (float(share) * side for share, side in zip(line[1:], (640, 480) * 2, strict=True))
        assert (cx - width / 2, cy + height / 2) == pytest.approx((box.x1, box.y2), abs=0.01)
    Draft202012Validator(TASKS_SCHEMA).validate(tasks(data, "/images/"))
    assert [one.get("value") for one in ET.fromstring(interface(data)).findall("RectangleLabels/Label")] == data.categories


def test_label_studio_shows_boxes_and_points_in_percent(tmp_path: Path, pictures: tuple[PictureRef, PictureRef]) -> None:
    export("label-studio", [answer(pictures, FOUND)], tmp_path / "set", Originals())
    told = json.loads((tmp_path / "set" / "tasks.json").read_text("utf-8"))
    Draft202012Validator(TASKS_SCHEMA).validate(told)
    first, second = (one["predictions"][0]["result"] for one in told)
    assert (first[0]["value"]["x"], first[0]["value"]["width"]) == (0, pytest.approx(100 * 100 / 480, abs=1e-4))
    box, point = second
    assert (box["value"]["x"], box["value"]["y"], box["value"]["width"], box["value"]["height"]) == (75, 50, 25, 50)
    assert (point["type"], point["value"]["x"], point["value"]["y"]) == ("keypointlabels", 100, 100)
    shown = ET.fromstring((tmp_path / "set" / "labels.xml").read_text("utf-8"))
    parts = {part.get("name"): {label.get("value") for label in part} for part in shown}
    for result in (*first, *second):
        assert result["value"][result["type"]][0] in parts[result["from_name"]]
    assert told[1]["data"]["image"] == "/data/local-files/?d=images/scene-2.png"
    assert (tmp_path / "set" / "images" / "scene-2.png").is_file()


def test_one_thing_found_by_two_questions_is_one_annotation() -> None:
    sure, unsure = Box(10, 10, 50, 50, "cup", confidence=0.9), Box(11, 10, 50, 50, "Cup", confidence=0.4)
    other = Box(30, 10, 70, 50, "cup")
    (shot,) = gathered([answer([REF], [unsure, other]), answer([REF], [sure])]).shots
    assert shot.boxes == [sure, other]


def test_frames_are_named_by_their_time_and_what_has_no_label_is_an_object() -> None:
    frames = [PictureRef("a/clip.mp4@00:12.40", 64, 48, f"{n}", time=time) for n, time in enumerate((12.4, 12.9))]
    data = gathered([answer(frames, [Box(0, 0, 5, 5, " \n", picture=1), Box(3, 3, 3, 9, "flat")])])
    assert [shot.name for shot in data.shots] == ["clip-12.400s.png", "clip-12.900s.png"]
    assert data.categories == [NAMELESS]
    assert data.notes == ["1 box without area was left out"]
    assert coco(data)["images"][1]["time"] == 12.9


def test_a_picture_that_was_turned_by_exif_lies_upright_in_the_set(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "turned.jpg"
    Image.new("RGB", (80, 40), "red").save(path, exif=exif)
    from tests.export.answers import ref_of

    written = export("yolo", [answer([ref_of(path, (40, 80))], [Box(0, 0, 20, 40, "it")])], tmp_path / "set", Originals())
    assert written.notes == ()
    with Image.open(tmp_path / "set" / "images" / "turned.jpg") as picture:
        assert picture.size == (40, 80)
        assert picture.getexif().get(0x0112, 1) == 1


def test_a_picture_that_is_gone_or_another_by_now_is_told(tmp_path: Path) -> None:
    gone, changed = plain_at(tmp_path / "gone.png", (9, 9)), plain_at(tmp_path / "changed.png", (9, 8))
    (tmp_path / "gone.png").unlink()
    Image.new("RGB", (9, 9), "green").save(tmp_path / "changed.png")
    written = export("yolo", [answer([gone, changed], [Box(0, 0, 5, 5, "it")])], tmp_path / "set", Originals())
    assert written.notes[0].startswith("2 pictures are not where they were")
    assert list((tmp_path / "set" / "images").iterdir()) == []
    assert (tmp_path / "set" / "labels" / "gone.txt").read_text() == "0 0.277778 0.277778 0.555556 0.555556\n"
