"""The scenes that ship with the demo model, as pictures in `backend/demo/samples`.

They are kept as files so that the program opens them like any other picture, and as seeds so that their truth is known: a
test draws them anew and compares. None of them was ever trained on.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.perspective import draw_solids
from backend.synthetic.scenes import AnyScene, draw_scene


@dataclass(frozen=True, slots=True)
class Sample:
    """A bundled scene: its file name, and what draws it."""

    file: str
    seed: int
    size: tuple[int, int]
    count: int
    solid: bool = False
    """Boxes on the ground, seen in perspective, rather than flat shapes."""

    def scene(self) -> AnyScene:
        """The scene with everything that lies in it."""
        if self.solid:
            return draw_solids(EVALUATION_SEEDS + self.seed, self.size, self.count, self.count)
        return draw_scene(EVALUATION_SEEDS + self.seed, self.size, self.count, self.count)


SAMPLES = (
    Sample("red-circle.png", 9212, (640, 360), 4),
    Sample("five-objects.png", 9223, (480, 480), 5),
    Sample("standing.png", 14879, (360, 640), 5),
    Sample("six-objects.png", 9736, (640, 480), 6),
    Sample("three-squares.png", 9042, (640, 400), 5),
    Sample("three-red.png", 13447, (480, 360), 4),
    Sample("two-objects.png", 9002, (333, 250), 2),
    Sample("one-of-each.png", 9584, (540, 405), 5),
    Sample("boxes-one-hidden.png", 20007, (640, 400), 3, solid=True),
    Sample("boxes-apart.png", 21045, (640, 480), 4, solid=True),
)
