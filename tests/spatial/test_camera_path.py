"""A camera's way through drawn frames: its shape, the lengths of its steps, and what it does not know."""

from __future__ import annotations

import math

import pytest
from PIL import Image

from backend.scene import Picture
from backend.spatial.camera import Camera
from backend.spatial.camera_path import camera_path
from backend.synthetic.walking import Walk, draw_walk


def _pictures(walk: Walk) -> list[Picture]:
    return [_picture(picture, number) for number, picture in enumerate(walk.pictures)]


def _picture(image: Image.Image, number: int) -> Picture:
    return Picture(str(number), *image.size, image.convert("RGB").tobytes(), f"{number:064}")


@pytest.fixture(scope="module")
def walk() -> Walk:
    return draw_walk(3, (320, 240), 4)


def test_the_way_and_the_lengths_of_its_steps(walk: Walk) -> None:
    path = camera_path(_pictures(walk), Camera.calibrated(walk.calibration))
    truth = [at.position for at in walk.viewpoints]
    first = math.dist(truth[0], truth[1])
    for found, true in zip(path.places, truth, strict=True):
        assert math.dist(found, [part / first for part in true]) < 0.15
    assert [step.compared for step in path.steps] == [False, True, True, True]
    assert path.notes == ("the path's scale is unknown: lengths are in those of its first step",)


def test_a_camera_that_stands_still_or_shows_nothing_goes_nowhere(walk: Walk) -> None:
    one, two, *_ = _pictures(walk)
    blank = _picture(Image.new("RGB", (320, 240), (90, 90, 90)), 9)
    path = camera_path([one, two, two, blank], Camera.calibrated(walk.calibration))
    assert [step.length for step in path.steps] == [1.0, 0.0, 0.0]
    assert path.places[1] == path.places[2] == path.places[3]
    assert "step 2 stands still on the path: the camera only turned" in path.notes[1]
    assert "step 3 stands still on the path: only 0 marks" in path.notes[2]


def test_of_fewer_than_two_frames_there_is_no_way(walk: Walk) -> None:
    camera = Camera.calibrated(walk.calibration)
    assert camera_path([], camera).places == ()
    assert camera_path(_pictures(walk)[:1], camera).places == ((0.0, 0.0, 0.0),)
