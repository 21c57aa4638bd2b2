"""The films that can be written to try things on hold what their truth says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from backend.media.film import open_film
from backend.synthetic.material import chosen
from backend.synthetic.scenes import COLOURS
from tests.media.film.making import pixels_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("films")
    chosen(["films"])[0].write(made)
    return made


def test_every_frame_is_where_its_truth_says(folder: Path) -> None:
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    for name, told in truth.items():
        with open_film(folder / name) as film:
            assert (film.info.width, film.info.height) == (told["width"], told["height"])
            times = [frame["time"] for frame in told["frames"]]
            assert [picture.time for picture in film.frames(times)] == pytest.approx(times, abs=1e-3)


@pytest.mark.parametrize("name", ["shapes.mp4", "portrait.mp4", "varying.mp4", "cuts.mp4"])
def test_things_are_seen_where_their_boxes_are(name: str, folder: Path) -> None:
    told = json.loads((folder / "truth.json").read_text("utf-8"))[name]
    paint = {colour.name: np.array(colour.rgb) for colour in COLOURS}
    seen = 0
    with open_film(folder / name) as film:
        for frame in told["frames"][::4]:
            (picture,) = film.frames([frame["time"]])
            for thing in frame["things"]:
                if thing["share"] < 0.99:
                    continue
                x1, y1, x2, y2 = thing["bbox"]
                middle = pixels_of(picture)[round((y1 + y2) / 2), round((x1 + x2) / 2)]
                assert abs(middle - paint[thing["name"].split()[0]]).max() <= 12, (frame["time"], thing)
                seen += 1
    assert seen >= 8
