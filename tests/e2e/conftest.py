"""A user's home with a folder of pictures in it, and a scene that even a half-trained demo model reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.synthetic.scenes import COLOURS, SHAPES, Scene, SceneObject
from tests.e2e.program import Home

CIRCLE = (54, 44, 127, 117)
"""The red circle of `scene`: x1, y1, x2, y2 in pixels."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.folder.mkdir(parents=True)
    return made


@pytest.fixture
def scene(home: Home) -> Path:
    """A red circle on the left and a blue square on the right, 320×240."""
    path = home.folder / "scene.png"
    two_shapes().render().save(path)
    return path


def two_shapes() -> Scene:
    colours, shapes = {colour.name: colour for colour in COLOURS}, {shape.name: shape for shape in SHAPES}
    circle = SceneObject(colours["red"], shapes["circle"], 90, 80, 36)
    square = SceneObject(colours["blue"], shapes["square"], 230, 160, 40)
    return Scene(320, 240, (150, 160, 170), (circle, square))
