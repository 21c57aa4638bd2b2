"""Scenes at the edge of the demo model's ability, and questions about them that it may answer wrongly.

It was taught shapes of more than 1/14 of the shorter side, at most six of them, on pictures of at most 1:2; relations along
the axis on which two things are farther apart. Each family leaves that in one respect.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic import wordings as w
from backend.synthetic.answers import Language, named
from backend.synthetic.perspective import compose_solids
from backend.synthetic.questions import phrase, truth_of
from backend.synthetic.scenes import KINDS, AnyScene, Scene, SceneObject
from backend.synthetic.solid_questions import depth, hides

MEASURED_FROM = 3 * EVALUATION_SEEDS
"""First seed of what the tables are measured on."""
ANSWERED_FROM = 5 * EVALUATION_SEEDS
"""The same for answers and their confidence: what is found from `MEASURED_FROM` on was looked at while they were improved."""
CALIBRATED_FROM = 4 * EVALUATION_SEEDS
"""First seed of what confidence is fitted on."""


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of scene, and the question about one."""

    name: str
    about: str
    draw: Callable[[random.Random], AnyScene]
    ask: Callable[[random.Random, AnyScene, Language], str | None]
    """None where the scene allows no such question."""


def shapes(rng: random.Random, size: tuple[int, int], radii: tuple[float, float], count: int) -> Scene:
    """`count` different shapes, as far as there is room; radii in shares of the shorter side."""
    width, height = size
    placed: list[SceneObject] = []
    for colour, shape in rng.sample(KINDS, count):
        for _ in range(40):
            radius = max(3, round(rng.uniform(*radii) * min(size)))
            x, y = rng.randint(radius + 1, width - radius - 2), rng.randint(radius + 1, height - radius - 2)
            if all(max(abs(x - other.x), abs(y - other.y)) > radius + other.radius + 1 for other in placed):
                placed.append(SceneObject(colour, shape, x, y, radius))
                break
    background = (rng.randint(80, 205), rng.randint(80, 205), rng.randint(80, 205))
    return Scene(width, height, background, tuple(placed))


def _strip(rng: random.Random) -> Scene:
    return shapes(rng, (rng.randint(660, 780), rng.randint(220, 260)), (1 / 9, 1 / 5), rng.randint(3, 6))


def _small(rng: random.Random) -> Scene:
    return shapes(rng, (rng.randint(400, 800), rng.randint(400, 800)), (1 / 28, 1 / 16), rng.randint(3, 6))


def _crowd(rng: random.Random) -> Scene:
    return shapes(rng, (rng.randint(400, 800), rng.randint(400, 800)), (1 / 24, 1 / 9), rng.randint(8, 12))


def _plain(rng: random.Random) -> Scene:
    return shapes(rng, (rng.randint(300, 640), rng.randint(300, 640)), (1 / 14, 1 / 6), rng.randint(3, 6))


def _beside(rng: random.Random, scene: AnyScene, language: Language, *, along: bool) -> str | None:
    """Whether one thing is beside another: along the axis on which they are farther apart, or along the other one."""
    if len(scene.objects) < 2:
        return None
    a, b = rng.sample(scene.objects, 2)
    across = truth_of(scene, a, b) in ("left", "right")
    side = rng.choice([side for side in w.SIDES if (side in ("left", "right")) == (across == along)])
    words = {"a": named(a, language), "b": named(b, language), "side": w.side_name(side, language)}
    return phrase(rng, w.RELATION, language, **words)


def _along(rng: random.Random, scene: AnyScene, language: Language) -> str | None:
    return _beside(rng, scene, language, along=True)


def _off(rng: random.Random, scene: AnyScene, language: Language) -> str | None:
    return _beside(rng, scene, language, along=False)


def _nearer(rng: random.Random, scene: AnyScene, language: Language) -> str | None:
    asked = depth(rng, scene, language, (6, 6))
    return asked.question if asked.kind == "depth" and asked.found else None


def _hides(rng: random.Random, scene: AnyScene, language: Language) -> str | None:
    asked = hides(rng, scene, language, (6, 6))
    return asked.question if asked.kind == "hides" else None


def _solids(rng: random.Random) -> AnyScene:
    return compose_solids(rng, None, 3, 4)


FAMILIES = (
    Family("small", "shapes of 1/28 to 1/16 of the shorter side", _small, _along),
    Family("crowd", "eight to twelve shapes", _crowd, _along),
    Family("off the axis", "left or right of two things that are farther apart vertically, and the reverse", _plain, _off),
    Family("strip", "pictures three times as wide as high", _strip, _along),
    Family("nearer", "boxes in perspective: nearer or farther", _solids, _nearer),
    Family("hides", "boxes in perspective: what hides what", _solids, _hides),
)
