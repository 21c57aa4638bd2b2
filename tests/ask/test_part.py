"""A part of a picture asked about: the real model sees the crop, and says where things are in the original."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.answer import Answer
from backend.ask import Asker, Question
from backend.catalog import ModelStore, consider, load_catalog
from backend.errors import UsageError
from backend.events import Done, Failed
from backend.media import images
from backend.published import as_answer
from backend.scene import Picture, Window
from backend.synthetic.scenes import COLOURS, SHAPES, Scene, SceneObject

SIZE = (960, 720)
PART = Window(480, 360, 240, 180)
"""Shows the small circle at (600, 450) as large as things are in the scenes that the demo model knows."""
RADIUS = 24


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    asker = Asker(consider(load_catalog(), ModelStore(), "demo").model)
    yield asker
    asker.close()


@pytest.fixture
def picture(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    colours, shapes = {colour.name: colour for colour in COLOURS}, {shape.name: shape for shape in SHAPES}
    small = SceneObject(colours["red"], shapes["circle"], 600, 450, RADIUS)
    other = SceneObject(colours["blue"], shapes["square"], 180, 160, 90)
    path = tmp_path_factory.mktemp("part") / "scene.png"
    Scene(*SIZE, (150, 160, 170), (small, other)).render().save(path)
    return images.load(path)


def answer(asker: Asker, question: Question) -> Answer:
    *_, last = asker.ask(question)
    assert isinstance(last, Done), last
    return last.answer


def test_boxes_of_a_part_are_in_pixels_of_the_original(asker: Asker, picture: Picture) -> None:
    said = answer(asker, Question("Locate the red circle", (picture,), part=PART))
    (box,) = said.boxes
    truth = (600 - RADIUS, 450 - RADIUS, 600 + RADIUS, 450 + RADIUS)
    across = max(0.0, min(box.x2, truth[2]) - max(box.x1, truth[0]))
    down = max(0.0, min(box.y2, truth[3]) - max(box.y1, truth[1]))
    both = (box.x2 - box.x1) * (box.y2 - box.y1) + (2 * RADIUS) ** 2 - across * down
    assert across * down / both > 0.7
    assert said.pictures[0].part == PART
    assert (said.pictures[0].width, said.pictures[0].height) == SIZE
    assert said.pictures[0].sha256 == picture.sha256
    assert as_answer(said.as_dict()).pictures == said.pictures


def test_what_is_beside_the_part_is_not_seen(asker: Asker, picture: Picture) -> None:
    assert "blue" in answer(asker, Question("Describe the picture", (picture,))).text
    assert "blue" not in answer(asker, Question("Describe the picture", (picture,), part=PART)).text


def test_the_same_part_is_read_once_and_the_whole_stays_known(asker: Asker, picture: Picture) -> None:
    def reused(part: Window | None) -> int:
        return answer(asker, Question("How many circles are there?", (picture,), part=part)).timings.reused_tokens

    new = Window(60, 40, 240, 180)
    reused(None)
    first = reused(new)
    assert reused(new) > first + 32, "the picture's tokens come from the cache"
    assert reused(None) > first + 32


@pytest.mark.parametrize(
    ("text", "count", "reason"), [("Locate the cup", 2, "asked about alone"), ("3D boxes of all boxes", 1, "whole picture")]
)
def test_what_a_part_cannot_answer_is_refused(asker: Asker, picture: Picture, text: str, count: int, reason: str) -> None:
    (event,) = asker.ask(Question(text, (picture,) * count, part=PART))
    assert isinstance(event, Failed)
    assert isinstance(event.error, UsageError)
    assert reason in event.error.message
