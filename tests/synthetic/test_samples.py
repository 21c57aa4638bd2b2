"""The bundled pictures are what their seeds draw."""

from __future__ import annotations

from importlib.resources import files

import pytest
from PIL import Image

from backend.synthetic.samples import SAMPLES, Sample

FOLDER = files("backend").joinpath("demo", "samples")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_the_file_shows_the_scene(sample: Sample) -> None:
    with FOLDER.joinpath(sample.file).open("rb") as file:
        picture = Image.open(file).convert("RGB")
    scene = sample.scene()
    assert len(scene.objects) == sample.count
    assert picture.size == sample.size
    assert picture.tobytes() == scene.render().tobytes()


def test_no_other_picture_lies_there() -> None:
    assert sorted(x.name for x in FOLDER.iterdir() if x.name.endswith(".png")) == sorted(sample.file for sample in SAMPLES)
