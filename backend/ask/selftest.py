"""The self-test: drawn scenes whose truth is known, asked about through the program's own pipeline.

Everything between a picture file and a box in pixels takes part (resizing, the projector, llama.cpp, parsing, conversion),
so whatever of it is off shows up as an error in pixels. Things are asked for one by one, "Locate the red circle": how a
model chooses to name what it was not asked for would otherwise decide which error is measured.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.ask import measured
from backend.ask.measured import Setting
from backend.ask.pipeline import Asker
from backend.ask.task import Kind, Question
from backend.catalog.card import InstalledModel, TokenBudget
from backend.engine.api import Engine
from backend.errors import EmptyAnswer, EngineFailure
from backend.events import Done, Failed
from backend.language import _
from backend.scene import Box, Picture
from backend.spatial.localisation import Sighting, sigma_px, sigma_share, within_px
from backend.synthetic import EVALUATION_SEEDS
from backend.synthetic.scenes import Scene, SceneObject, draw_scene

SIZES = ((160, 96), (240, 320), (480, 480), (640, 360), (720, 1280), (1920, 1080))
"""Width and height in pixels: thumbnails to full HD, lying, standing and square."""
LARGE = 1280
"""Longer side in pixels from which on a picture has more detail than the usual budget of image tokens shows."""
WIDER = 1.5
"""A budget must be so many times the usual one for a comparison to tell anything."""
ENOUGH = 20
"""Things that must have been found for σ to be worth keeping."""
_FEWEST, _MOST = 4, 5
_SEEDS = EVALUATION_SEEDS + 500_000
"""Kept clear of the scenes that the demo model's published accuracy was measured on."""


@dataclass(frozen=True, slots=True)
class Look:
    """One scene, and what of it was found within one budget of image tokens."""

    sightings: tuple[Sighting, ...]
    budget: int
    wider: bool
    """Whether the scene was shown once more, with more image tokens than usual, for comparison."""

    @property
    def size(self) -> tuple[int, int]:
        return self.sightings[0].width, self.sightings[0].height


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that the self-test saw of one model on one runtime."""

    looks: tuple[Look, ...]
    setting: Setting

    @property
    def sightings(self) -> list[Sighting]:
        """Within the usual budget: what σ is taken from."""
        return [sighting for look in self.looks if not look.wider for sighting in look.sightings]

    @property
    def missed(self) -> int:
        return sum(sighting.said is None for sighting in self.sightings)

    @property
    def sigma(self) -> float | None:
        """As a share of the longer side, over all sizes; None where nothing was found."""
        return sigma_share(self.sightings)

    def of_size(self, size: tuple[int, int]) -> list[Sighting]:
        return [sighting for look in self.looks if look.size == size and not look.wider for sighting in look.sightings]

    def keep(self) -> Path | None:
        """Write σ down for verification to use; None where too little was found. OSError where it cannot be written."""
        found = len(self.sightings) - self.missed
        if self.sigma is None or found < ENOUGH:
            return None
        details = {"asked": len(self.sightings), "missed": self.missed, "sizes": [self._row(size) for size in SIZES]}
        share = min(max(self.sigma, 1e-4), 0.99)
        return measured.keep(self.setting, share, datetime.now(UTC).strftime("%Y-%m-%d"), details)

    def _row(self, size: tuple[int, int]) -> dict[str, Any]:
        return row(size, self.of_size(size))


def row(size: tuple[int, int], seen: list[Sighting]) -> dict[str, Any]:
    """One line of the table, as data: pixels of the upright original, shares of the longer side."""
    pixels, most, share = sigma_px(seen), within_px(seen, 0.9), sigma_share(seen)
    return {
        "width": size[0],
        "height": size[1],
        "asked": len(seen),
        "missed": sum(sighting.said is None for sighting in seen),
        "nine_in_ten_px": None if most is None else round(most, 2),
        "sigma_px": None if pixels is None else round(pixels, 2),
        "sigma": None if share is None else round(share, 5),
    }


class SelfTest:
    """The scenes for one model. Drain `run`, then read `outcome`; whoever made the engine closes it."""

    def __init__(self, model: InstalledModel, engine: Engine, scenes: int = 2) -> None:
        """`scenes`: how many of each size."""
        self._model, self._engine = model, engine
        self._looks: list[Look] = []
        drawn = [
            draw_scene(_SEEDS + number * len(SIZES) + index, size, _FEWEST, _MOST)
            for number in range(scenes)
            for index, size in enumerate(SIZES)
        ]
        tokens = model.card.image_tokens
        large = [scene for scene in drawn if max(scene.width, scene.height) >= LARGE]
        again = large if tokens.max >= WIDER * tokens.default else []
        self.plan: tuple[tuple[Scene, bool], ...] = (*((scene, False) for scene in drawn), *((scene, True) for scene in again))
        """What is shown, in this order, and whether with more image tokens than usual."""

    def run(self) -> Iterator[Look]:
        """Show one scene after the other. Raises what an answer failed with."""
        tokens = self._model.card.image_tokens
        wide = replace(self._model.card, image_tokens=TokenBudget(tokens.max, tokens.max, tokens.max))
        askers = Asker(self._model, self._engine), Asker(replace(self._model, card=wide), self._engine)
        for scene, wider in self.plan:
            asker = askers[wider]
            picture = _picture(scene)
            sightings = tuple(_sighting(asker, scene, picture, item) for item in scene.objects)
            self._looks.append(Look(sightings, asker.model.card.image_tokens.default, wider))
            yield self._looks[-1]

    def outcome(self) -> Outcome:
        """What was seen so far; the engine has told by now on what it runs."""
        return Outcome(tuple(self._looks), measured.setting(self._model, self._engine.describe()))


def _picture(scene: Scene) -> Picture:
    pixels = scene.render().tobytes()
    return Picture("a drawn scene", scene.width, scene.height, pixels, hashlib.sha256(pixels).hexdigest())


def _sighting(asker: Asker, scene: Scene, picture: Picture, item: SceneObject) -> Sighting:
    question = Question(f"Locate the {item.name}", (picture,), Kind.BOXES)
    last = None
    for event in asker.ask(question):
        last = event
    if isinstance(last, Failed) and isinstance(last.error, EmptyAnswer):  # then it did not find it
        return Sighting(scene.width, scene.height, Box(*item.box), None)
    if isinstance(last, Failed):
        raise last.error
    if not isinstance(last, Done):
        raise EngineFailure(_("the self-test's question was not answered"), cure=_("run sightline doctor --selftest again"))
    said = last.answer.boxes[0] if last.answer.boxes else None  # the first: the one that verification would take
    if said is not None and _nearest(said, scene) is not item:
        said = None
    return Sighting(scene.width, scene.height, Box(*item.box), said)


def _nearest(box: Box, scene: Scene) -> SceneObject:
    """Which of the scene's things that box is around, or nearest to: a box around another one was misnamed, not misplaced."""
    x, y = box.centre

    def distance(item: SceneObject) -> tuple[float, float]:
        return -box.iou(Box(*item.box)), (item.centre[0] - x) ** 2 + (item.centre[1] - y) ** 2

    return min(scene.objects, key=distance)
