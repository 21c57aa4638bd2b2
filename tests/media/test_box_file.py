"""Boxes in a JSON file: read where they are boxes, refused with the place where they are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.errors import UsageError
from backend.media.box_file import read_boxes
from backend.scene import Box


def written(folder: Path, content: object) -> Path:
    path = folder / "boxes.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def test_boxes_come_in_the_order_of_time(tmp_path: Path) -> None:
    late = {"time": 0.5, "boxes": [{"label": "cup", "bbox": [30, 40, 10, 20], "confidence": 0.5}]}
    told = read_boxes(written(tmp_path, {"width": 64, "height": 48, "frames": [late, {"time": 0, "boxes": []}]}), "a.mp4")
    assert told.size == (64, 48)
    assert [frame.time for frame in told.frames] == [0.0, 0.5]
    assert told.frames[1].boxes == (Box(10, 20, 30, 40, "cup", confidence=0.5),)


def test_a_table_of_truth_is_read_for_one_film_without_what_cannot_be_seen(tmp_path: Path) -> None:
    things = [{"name": "cup", "bbox": [1, 2, 3, 4], "visible": True}, {"name": "jug", "bbox": [1, 2, 3, 4], "visible": False}]
    path = written(tmp_path, {"a.mp4": {"frames": [{"time": 1.0, "things": things}]}, "b.mp4": {"frames": []}})
    told = read_boxes(path, "a.mp4")
    assert [box.label for frame in told.frames for box in frame.boxes] == ["cup"]
    assert told.size is None
    with pytest.raises(UsageError, match=r"neither frames nor an entry for “c\.mp4”"):
        read_boxes(path, "c.mp4")
    with pytest.raises(UsageError, match="holds no frame"):
        read_boxes(path, "b.mp4")


BOX = {"label": "cup", "bbox": [1, 2, 3, 4]}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ([], "no JSON object"),
        ({"frames": {}}, "holds no frame"),
        ({"frames": [{"boxes": []}]}, "frame 1 has no time"),
        ({"frames": [{"time": True, "boxes": []}]}, "frame 1 has no time"),
        ('{"frames": [{"time": NaN, "boxes": []}]}', "frame 1 has no time"),
        ({"frames": [{"time": 0}]}, "frame 1 has no list of boxes"),
        ({"frames": [{"time": 0, "boxes": [1]}]}, "lists something that is no box"),
        ({"frames": [{"time": 0, "boxes": [{**BOX, "bbox": [1, 2, 3]}]}]}, "no four numbers"),
        ('{"frames": [{"time": 0, "boxes": [{"bbox": [1, 2, 3, Infinity]}]}]}', "no four numbers"),
        ({"frames": [{"time": 0, "boxes": [{**BOX, "label": 7}]}]}, "a label or a confidence that is none"),
        ({"frames": [{"time": 0, "boxes": [{**BOX, "confidence": "high"}]}]}, "a label or a confidence that is none"),
        ({"frames": [{"time": 1, "boxes": []}, {"time": 1.0, "boxes": []}]}, "two of its frames have the time 1 s"),
        ({"width": 0, "height": 4, "frames": [{"time": 1, "boxes": []}]}, "no size of a picture"),
        ({"width": 4, "frames": [{"time": 1, "boxes": []}]}, "no size of a picture"),
    ],
)
def test_what_is_no_file_of_boxes_is_refused_by_name(content: object, reason: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=reason) as refused:
        read_boxes(written(tmp_path, content), "a.mp4")
    assert "boxes.json" in refused.value.message
    assert refused.value.cure


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none.json.*No such file"):
        read_boxes(tmp_path / "none.json", "a.mp4")


def test_a_file_tells_its_rate(tmp_path: Path) -> None:
    frames = [{"time": n / 4, "boxes": []} for n in range(5)]
    assert read_boxes(written(tmp_path, {"frames": frames}), "a").fps == pytest.approx(4)
    assert read_boxes(written(tmp_path, {"frames": frames[:1]}), "a").fps is None
