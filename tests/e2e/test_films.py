"""`sightline ask` about a film, as a program, with the demo model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.synthetic.filming import film_scene
from backend.synthetic.moving import Frame, Mover, MovingScene
from backend.synthetic.scenes import COLOURS, SHAPES, SceneObject
from tests.e2e.program import Home
from tests.e2e.test_ask import overlap


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Frame]]:
    """A red circle that crosses from left to right in three seconds, above a blue square that stands."""
    colour = {colour.name: colour for colour in COLOURS}
    shape = {shape.name: shape for shape in SHAPES}
    circle = Mover("m1", SceneObject(colour["red"], shape["circle"], 0, 0, 36), ((0.0, 60, 70), (3.0, 260, 70)))
    square = Mover("m2", SceneObject(colour["blue"], shape["square"], 0, 0, 30), ((0.0, 160, 180),))
    path = tmp_path_factory.mktemp("film") / "crossing.mp4"
    return path, film_scene(path, MovingScene(320, 240, (180, 180, 180), (circle, square), 3.0, 10.0))


def test_a_thing_is_found_where_it_is_at_that_time(home: Home, film: tuple[Path, list[Frame]]) -> None:
    path, frames = film
    for time in (0.0, 1.5, 2.9):
        done = home.sightline(
            "ask", "Where is the red circle?", path, "--frames", "1", "--from", str(time), "--to", str(time), "--json"
        )
        assert (done.code, done.err) == (0, "")
        answer = json.loads(done.out)
        (picture,) = answer["pictures"]
        assert picture["time"] == pytest.approx(time)
        assert picture["path"].startswith(f"{path}@00:0")
        (box,) = answer["boxes"]
        x1, y1, x2, y2 = frames[round(time * 10)].truth[0].box
        assert overlap(box["bbox"], (round(x1), round(y1), round(x2), round(y2))) > 0.6


def test_several_frames_are_one_question_and_have_their_times(home: Home, film: tuple[Path, list[Frame]]) -> None:
    done = home.sightline("ask", "Describe the picture.", film[0], "--fps", "1", "--json")
    assert done.code == 0
    answer = json.loads(done.out)
    assert [picture["time"] for picture in answer["pictures"]] == [0.0, 1.0, 2.0]
    assert answer["moments"] == []
    assert answer["text"]


def test_films_that_cannot_be_read_end_with_3_before_a_model_is_loaded(home: Home, tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    done = home.sightline("ask", "Where is the cup?", tmp_path / "empty.mp4")
    assert done.code == 3
    assert "empty.mp4” is not a film sightline can read: it is empty (0 bytes)" in done.err
    assert home.sightline("ask", "Where is the cup?", tmp_path / "no.mp4", "--from", "later").code == 2
