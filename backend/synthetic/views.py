"""Pairs of drawn pictures of one place, with what is true of everything between them.

Flat shapes on a plain ground (`scenes`), seen before and after something happened: things move, come nearer or go farther (look
larger or smaller), appear and disappear, and the camera may pan or zoom meanwhile, so that other things enter or leave the view
without having done anything. A pure function of a seed. What a picture shows of a thing it shows whole.

In perspective (`boxes_before_and_after`) one pair, by hand: a box slides towards the camera, one is taken away.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.synthetic.perspective import CAMERA_HEIGHT, Solid, SolidScene
from backend.synthetic.scenes import COLOURS, KINDS, AnyScene, Colour, Corners, Scene, SceneObject, Shape

LEAST_WAY = 0.12
"""Of the longer side, how far a thing that moves goes at least."""
GROWTH = (1.35, 1.8)
"""How many times as large a thing looks that came nearer."""
MOST = 6
"""Things in one picture at most: what the demo model was taught."""
_SMALLEST, _LARGEST = 1 / 14, 1 / 5
"""Radii, of the shorter side."""
_FATES = ("moves", "nearer", "farther", "appears", "disappears", "stays")
_CAMERAS = ("still", "still", "pan", "zoom")
_STAY = 3
"""Things at least that both pictures show and that do nothing, and the most of all that both show: else nobody could tell what
the camera did."""
_THROWS = 250


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one thing. Boxes are pixels of the picture they are in; None where it is not in it."""

    name: str
    chinese: str
    kinds: tuple[str, ...]
    """Of `backend.scene.ChangeKind`."""
    before: Corners | None
    after: Corners | None


@dataclass(frozen=True, slots=True)
class ViewPair:
    """Two pictures of one place."""

    before: AnyScene
    after: AnyScene
    camera: tuple[float, float, float]
    """Scale and shift (right, down) in pixels: where a place of the first picture is in the second one."""
    fates: tuple[Fate, ...]

    @property
    def camera_moved(self) -> bool:
        return self.camera != (1.0, 0.0, 0.0)


def draw_pair(seed: int, camera: str | None = None) -> ViewPair:
    """The pair of this seed. `camera`: still, pan or zoom; drawn as well where None."""
    rng = random.Random(seed)
    wanted = camera or rng.choice(_CAMERAS)
    while True:
        place = _Place(rng, wanted)
        fates = ["stays"] * _STAY + [rng.choice(_FATES) for _ in range(rng.randint(1, 3))]
        if wanted != "still":
            fates += ["passes"] * rng.randint(0, 2)
        for kind, fate in zip(rng.sample(KINDS, len(fates)), fates, strict=True):
            place.put(kind, fate)
        if place.tells:
            return place.pair()


class _Place:
    """What is put before the camera, thing by thing, so that both pictures show each of them whole or not at all."""

    def __init__(self, rng: random.Random, camera: str) -> None:
        self._rng = rng
        self._width, self._height = rng.randint(300, 480), rng.randint(300, 480)
        self._background = (rng.randint(80, 205), rng.randint(80, 205), rng.randint(80, 205))
        self._camera = self._drawn_camera(camera)
        self._before: list[SceneObject] = []
        self._after: list[SceneObject] = []
        self._fates: list[Fate] = []

    @property
    def tells(self) -> bool:
        """Whether most of what both pictures show did nothing."""
        both = [fate for fate in self._fates if fate.before is not None and fate.after is not None]
        stayed = sum(fate.kinds == ("unchanged",) for fate in both)
        return stayed >= _STAY and 2 * stayed > len(both)

    def pair(self) -> ViewPair:
        size = (self._width, self._height, self._background)
        return ViewPair(Scene(*size, tuple(self._before)), Scene(*size, tuple(self._after)), self._camera, tuple(self._fates))

    def put(self, kind: tuple[Colour, Shape], fate: str) -> None:
        """One more thing of that fate, or none where there is no room for it."""
        for _ in range(_THROWS):
            before, after = self._thrown(kind, fate)
            if self._fits(before, self._before) and self._fits(after, self._after) and (before or after):
                self._before += [before] if before else []
                self._after += [after] if after else []
                boxes = [None if thing is None else thing.box for thing in (before, after)]
                thing = before or after
                assert thing is not None
                self._fates.append(Fate(thing.name, thing.chinese, (self._kind(fate, thing, after),), boxes[0], boxes[1]))
                return

    def _thrown(self, kind: tuple[Colour, Shape], fate: str) -> tuple[SceneObject | None, SceneObject | None]:
        """The thing as both pictures would show it; None where it is not there, or wholly outside."""
        rng, shorter = self._rng, min(self._width, self._height)
        radius = rng.randint(math.ceil(shorter * _SMALLEST), int(shorter * _LARGEST))
        beyond = self._width // 2 if fate == "passes" else 0
        x, y = rng.randint(-beyond, self._width + beyond), rng.randint(0, self._height)
        first = SceneObject(*kind, x, y, radius)
        growth = 1.0
        if fate == "moves":
            turn, far = rng.uniform(0, math.tau), rng.uniform(LEAST_WAY, 0.5) * max(self._width, self._height)
            x, y = round(x + far * math.cos(turn)), round(y + far * math.sin(turn))
        elif fate in ("nearer", "farther"):
            times = rng.uniform(*GROWTH)
            growth = times if fate == "nearer" else 1 / times
        scale, right, down = self._camera
        second = replace(first, x=round(scale * x + right), y=round(scale * y + down), radius=round(scale * growth * radius))
        before = None if fate == "appears" or self._outside(first) else first
        after = None if fate == "disappears" or self._outside(second) else second
        passes = (before is None) != (after is None)
        if passes != (fate in ("appears", "disappears", "passes")):
            return None, None
        if fate in ("appears", "disappears") and self._outside(first if fate == "appears" else second):
            return None, None  # the other picture has to show its place
        return before, after

    def _outside(self, thing: SceneObject) -> bool:
        r = thing.radius
        return thing.x + r < 0 or thing.y + r < 0 or thing.x - r > self._width or thing.y - r > self._height

    def _fits(self, thing: SceneObject | None, others: Sequence[SceneObject]) -> bool:
        """Whether a picture shows it whole, of the family's size, touching nothing, and as one of at most six."""
        if thing is None:
            return True
        r, shorter = thing.radius, min(self._width, self._height)
        return (
            len(others) < MOST
            and thing.x - r >= 1
            and thing.y - r >= 1
            and thing.x + r < self._width - 1
            and thing.y + r < self._height - 1
            and shorter * _SMALLEST <= r <= shorter * _LARGEST
            and all(max(abs(thing.x - other.x), abs(thing.y - other.y)) > r + other.radius + 1 for other in others)
        )

    def _drawn_camera(self, camera: str) -> tuple[float, float, float]:
        rng, width, height = self._rng, self._width, self._height
        if camera == "still":
            return 1.0, 0.0, 0.0
        right, down = rng.choice((-1, 1)) * rng.uniform(0.15, 0.35) * width, rng.uniform(-0.15, 0.15) * height
        if camera == "pan":
            return 1.0, float(round(right)), float(round(down))
        scale = rng.choice((1.2, 1.3, 1 / 1.2, 1 / 1.3))
        return scale, (1 - scale) * width / 2 + right / 4, (1 - scale) * height / 2 + down / 2

    def _kind(self, fate: str, thing: SceneObject, after: SceneObject | None) -> str:
        """As `ChangeKind` calls it. What has a place that the other picture hardly shows nobody can call gone."""
        scale, right, down = self._camera
        x, y = thing.x, thing.y
        place = (scale * x + right, scale * y + down) if after is None else ((x - right) / scale, (y - down) / scale)
        shown = 0 <= place[0] <= self._width and 0 <= place[1] <= self._height
        if fate in ("appears", "disappears", "passes"):
            told = ("disappeared", "left_view") if after is None else ("appeared", "entered_view")
            return told[0 if shown else 1]
        return {"moves": "moved", "stays": "unchanged"}.get(fate, fate)


def boxes_before_and_after() -> ViewPair:
    """Three boxes in perspective before a still camera; the red one slides to the right and nearer, the blue one is gone."""
    paints = {colour.name: colour for colour in COLOURS}
    frame = SolidScene(480, 360, (150, 165, 190), (140, 135, 120), ())

    def box(colour: str, at: tuple[float, float], size: tuple[float, float, float], yaw: float) -> Solid:
        middle = (at[0], round(CAMERA_HEIGHT - size[1] / 2, 2), at[1])
        item = Solid(paints[colour], middle, size, yaw, (0, 0, 0, 0), (0, 0))
        across, down = zip(*frame.outline(item), strict=True)
        corners = (min(across), min(down), max(across), max(down))
        return replace(item, box=corners, anchor=((corners[0] + corners[2]) / 2, (corners[1] + corners[3]) / 2))

    green = box("green", (1.2, 5.3), (0.9, 1.1, 0.6), -0.19)
    blue = box("blue", (0.3, 7.5), (0.9, 1.2, 0.9), -0.16)
    red, slid = (box("red", place, (0.9, 0.7, 1.1), -0.15) for place in ((-2.1, 6.1), (-0.8, 4.2)))
    fates = (
        Fate(red.name, red.chinese, ("moved", "nearer"), red.box, slid.box),
        Fate(green.name, green.chinese, ("unchanged",), green.box, green.box),
        Fate(blue.name, blue.chinese, ("disappeared",), blue.box, None),
    )
    before, after = replace(frame, objects=(blue, red, green)), replace(frame, objects=(green, slid))
    return ViewPair(before, after, (1.0, 0.0, 0.0), fates)
