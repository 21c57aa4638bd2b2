"""Scenes in which things move: where each is at any time, how much of it shows, and the picture of that moment.

Things follow straight legs between whole moments of their own, and stand where two legs meet in one place. They enter and
leave over the picture's edge, cross each other, halt, and pass behind a cover that hides them altogether for a while. Two
families, both pure functions of a seed: flat shapes, which may overlap here (`scenes`), and solid boxes that slide over the
ground before a still camera, each at a distance of its own (`perspective`).
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw

from backend.synthetic import footprints
from backend.synthetic.perspective import CAMERA_HEIGHT, HALF_VIEW, Solid, SolidScene
from backend.synthetic.scenes import COLOURS, KINDS, SHAPES, Corners, Rgb, Scene, SceneObject, any_size

VISIBLE = 1 / 3
"""Share of a thing that must show for it to count as visible: less of it nobody can be asked to find."""

Key = tuple[float, float, float]
"""Seconds, and where a thing is then: x, y in pixels, or X, Z in metres on the ground."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A thing and its way. Before the first key and after the last one it stands still there."""

    id: str
    """Of its true track: `m1`, `m2`, … in the order of painting."""
    thing: SceneObject | Solid
    """Where it lies or stands before it is moved does not matter."""
    keys: tuple[Key, ...]

    def place(self, time: float) -> tuple[float, float]:
        """Where it is, in the units of its keys."""
        for (start, x, y), (end, to_x, to_y) in zip(self.keys, self.keys[1:], strict=False):
            if start <= time < end:
                share = (time - start) / (end - start)
                return x + share * (to_x - x), y + share * (to_y - y)
        key = self.keys[0] if time < self.keys[0][0] else self.keys[-1]
        return key[1:]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is true of one thing at one time."""

    id: str
    name: str
    chinese: str
    box: Corners
    """Around all of it, hidden parts included, cut at the picture's edge, in pixels; empty (x1 = x2 or y1 = y2) outside."""
    share: float
    """Of all of it, how much can be seen, 0…1: the rest is hidden, or outside."""

    @property
    def visible(self) -> bool:
        """Whether enough of it shows to be found."""
        return self.share >= VISIBLE


@dataclass(frozen=True, slots=True)
class Frame:
    """One moment: its picture, and everything that is true of it, visible or not, in the order of painting."""

    time: float
    """Seconds from the start."""
    picture: Image.Image
    truth: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class MovingScene:
    """A film to be: size in pixels, paint, what moves in it (later ones are painted over earlier ones), and its times."""

    width: int
    height: int
    background: Rgb
    movers: tuple[Mover, ...]
    duration: float
    """Seconds."""
    fps: float
    ground: Rgb | None = None
    """Of solid boxes, whose sky is `background`; None for flat shapes."""

    @property
    def times(self) -> tuple[float, ...]:
        """Of the frames, seconds: from 0, `fps` of them a second, the last one before `duration`."""
        return tuple(n / self.fps for n in range(max(1, math.ceil(self.duration * self.fps - 1e-9))))

    @property
    def frames(self) -> Iterator[Frame]:
        """Every frame, rendered as it is taken."""
        return (self.frame(time) for time in self.times)

    def frame(self, time: float) -> Frame:
        """The moment at any time, be it a frame's or not."""
        return Frame(time, self.scene(time).render(), self.truth(time))

    def scene(self, time: float) -> Scene | SolidScene:
        """What stands where, as a scene that does not move. Things outside the picture are in it as well."""
        if self.ground is None:
            return Scene(self.width, self.height, self.background, tuple(_moved(mover, time) for mover in self.movers))
        empty = SolidScene(self.width, self.height, self.background, self.ground, ())
        return replace(empty, objects=tuple(_slid(mover, time, empty) for mover in self.movers))

    def truth(self, time: float) -> tuple[Shown, ...]:
        """What is true of each thing then."""
        scene = self.scene(time)
        counts = _numbered(scene).histogram()
        things: tuple[SceneObject | Solid, ...] = scene.objects
        told = []
        for number, (mover, item) in enumerate(zip(self.movers, things, strict=True), 1):
            share = min(1.0, counts[number] / _painted(scene, item))
            told.append(Shown(mover.id, item.name, item.chinese, _within(item.box, self.width, self.height), share))
        return tuple(told)


def draw_moving(
    seed: int, size: tuple[int, int] | None = None, duration: float = 6.0, fps: float = 10.0, things: int | None = None
) -> MovingScene:
    """The flat film of this seed: `things` shapes (three to six when not given), no two alike, on `size` (width, height).

    The last one is a large still square; another one passes behind it. Of the others one enters, halts and leaves, and
    each of the rest crosses the picture, paces about in it, or stands.
    """
    rng = random.Random(seed)
    width, height = size or any_size(rng)
    count = rng.randint(3, 6) if things is None else max(3, things)
    shorter = min(width, height)
    colour = rng.choice(COLOURS)
    square = next(shape for shape in SHAPES if shape.name == "square")
    kinds = rng.sample([kind for kind in KINDS if kind != (colour, square)], count - 1)
    cover = SceneObject(colour, square, width // 2, height // 2, shorter // 5)
    at = round(rng.uniform(0.35, 0.65) * width), round(rng.uniform(0.35, 0.65) * height)
    ways = ["behind", "visit", *rng.choices(("cross", "pace", "stand"), (3, 3, 1), k=count - 3)]
    movers = []
    for number, ((paint, shape), way) in enumerate(zip(kinds, ways, strict=True), 1):
        radius = rng.randint(math.ceil(shorter / 12), max(math.ceil(shorter / 12), shorter // 7))
        stage = _Stage(rng, width, height, radius, duration, at)
        movers.append(Mover(f"m{number}", SceneObject(paint, shape, 0, 0, radius), getattr(stage, way)()))
    movers.append(Mover(f"m{count}", cover, ((0.0, float(at[0]), float(at[1])),)))
    background = (rng.randint(80, 205), rng.randint(80, 205), rng.randint(80, 205))
    return MovingScene(width, height, background, tuple(movers), duration, fps)


def draw_moving_solids(
    seed: int, size: tuple[int, int] = (640, 360), duration: float = 6.0, fps: float = 10.0, things: int | None = None
) -> MovingScene:
    """The film in perspective of this seed: `things` boxes (two to four when not given) that slide over the ground.

    Each keeps to a distance of its own, so that the farthest is painted first and nothing passes through anything.
    """
    rng = random.Random(seed)
    width, height = size
    count = rng.randint(2, 4) if things is None else min(max(1, things), 4)
    nearest = CAMERA_HEIGHT / HALF_VIEW * width / height
    lanes = sorted(rng.sample([nearest + 1.0 + 1.5 * n for n in range(4)], count), reverse=True)
    movers = []
    for number, (colour, z) in enumerate(zip(rng.sample(COLOURS, count), lanes, strict=True), 1):
        sx, sy, sz = (rng.randint(45, 95) / 100 for _ in range(3))
        half, out = HALF_VIEW * z, HALF_VIEW * (z + 0.7) + 0.7
        if rng.random() < 0.5:
            keys: tuple[Key, ...] = _through(rng, duration, ((-out, z), (out, z)))
        else:
            stops = [(rng.uniform(-0.8, 0.8) * half, z) for _ in range(2)]
            keys = _halting(rng, duration, (*stops, (rng.choice((-out, out)), z)))
        solid = Solid(colour, (0.0, CAMERA_HEIGHT - sy / 2, z), (sx, sy, sz), rng.randint(-25, 24) / 100, (0, 0, 0, 0), (0, 0))
        movers.append(Mover(f"m{number}", solid, keys))
    sky, ground = [(rng.randint(80, 205), rng.randint(80, 205), rng.randint(80, 205)) for _ in range(2)]
    return MovingScene(width, height, sky, tuple(movers), duration, fps, ground)


@dataclass(frozen=True, slots=True)
class _Stage:
    """Ways across a flat picture for a thing of that radius, in pixels and seconds."""

    rng: random.Random
    width: int
    height: int
    radius: int
    duration: float
    cover: tuple[int, int]

    def behind(self) -> tuple[Key, ...]:
        """Straight across, through the middle of the cover."""
        x, y = self.cover
        return _through(self.rng, self.duration, self._across(x, y))

    def cross(self) -> tuple[Key, ...]:
        """Straight across, anywhere."""
        return _through(self.rng, self.duration, self._across(*self._inside()))

    def visit(self) -> tuple[Key, ...]:
        """In over one edge, a halt, out over another one or the same."""
        x, y = self._inside()
        (start, _), (_, end) = self._across(x, y), self._across(x, y)
        early, late = self.rng.uniform(0, 0.1), self.rng.uniform(0.85, 0.95)
        arrives, departs = self.rng.uniform(0.3, 0.4), self.rng.uniform(0.55, 0.65)
        places = ((early, start), (arrives, (x, y)), (departs, (x, y)), (late, end))
        return tuple((share * self.duration, float(at[0]), float(at[1])) for share, at in places)

    def pace(self) -> tuple[Key, ...]:
        """Within the picture: there, a halt, and on."""
        return _halting(self.rng, self.duration, [self._inside() for _ in range(3)])

    def stand(self) -> tuple[Key, ...]:
        """Not at all."""
        return ((0.0, *self._inside()),)

    def _inside(self) -> tuple[int, int]:
        room = self.radius + 1
        return self.rng.randint(room, self.width - room - 1), self.rng.randint(room, self.height - room - 1)

    def _across(self, x: int, y: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """From outside to outside through a place, along one of the axes, in either direction."""
        out = self.radius + 2
        level = self.rng.random() < 0.5
        ends = ((-out, y), (self.width + out, y)) if level else ((x, -out), (x, self.height + out))
        return ends if self.rng.random() < 0.5 else (ends[1], ends[0])


def _through(rng: random.Random, duration: float, ends: Sequence[tuple[float, float]]) -> tuple[Key, ...]:
    """From one end to the other, in either direction, at one speed."""
    start, end = ends if rng.random() < 0.5 else (ends[1], ends[0])
    return (rng.uniform(0, 0.3) * duration, *start), (rng.uniform(0.65, 0.98) * duration, *end)


def _halting(rng: random.Random, duration: float, places: Sequence[tuple[float, float]]) -> tuple[Key, ...]:
    """From the first place to the second, a halt, and on to the third."""
    times = (rng.uniform(0, 0.15), rng.uniform(0.3, 0.4), rng.uniform(0.55, 0.65), rng.uniform(0.85, 1.0))
    first, second, third = places
    return tuple((share * duration, *at) for share, at in zip(times, (first, second, second, third), strict=True))


def _moved(mover: Mover, time: float) -> SceneObject:
    assert isinstance(mover.thing, SceneObject)
    x, y = mover.place(time)
    return replace(mover.thing, x=round(x), y=round(y))


def _slid(mover: Mover, time: float, scene: SolidScene) -> Solid:
    assert isinstance(mover.thing, Solid)
    x, z = mover.place(time)
    item = replace(mover.thing, centre3d=(x, mover.thing.centre3d[1], z))
    across, down = zip(*scene.outline(item), strict=True)
    box = (min(across), min(down), max(across), max(down))
    return replace(item, box=box, anchor=((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))


def _numbered(scene: Scene | SolidScene) -> Image.Image:
    """At every pixel the number (from 1) of the thing that is seen there, else 0."""
    if isinstance(scene, SolidScene):
        return scene.shown(scene.width, scene.height)
    numbers = Image.new("L", (scene.width, scene.height))
    brush = ImageDraw.Draw(numbers)
    for number, item in enumerate(scene.objects, 1):
        _paint(brush, item, number)
    return numbers


def _painted(scene: Scene | SolidScene, item: SceneObject | Solid) -> float:
    """Pixels of the whole thing, with nothing before it and no edge of the picture."""
    if isinstance(item, Solid):
        assert isinstance(scene, SolidScene)
        return max(1.0, footprints.area(scene.outline(item)))
    return _pixels(item.shape.name, item.radius)


@functools.lru_cache(maxsize=1024)
def _pixels(shape: str, radius: int) -> int:
    side = 2 * radius + 3
    alone = Image.new("L", (side, side))
    outline = next(known for known in SHAPES if known.name == shape)
    _paint(ImageDraw.Draw(alone), SceneObject(COLOURS[0], outline, radius + 1, radius + 1, radius), 1)
    return alone.histogram()[1]


def _paint(brush: ImageDraw.ImageDraw, item: SceneObject, fill: int) -> None:
    """As `Scene.render` paints it."""
    if item.shape.name == "circle":
        brush.ellipse((item.x - item.radius, item.y - item.radius, item.x + item.radius, item.y + item.radius), fill=fill)
    else:
        brush.polygon(item.outline, fill=fill)


def _within(box: Corners, width: int, height: int) -> Corners:
    x1, x2 = (min(max(x, 0.0), float(width)) for x in (box[0], box[2]))
    y1, y2 = (min(max(y, 0.0), float(height)) for y in (box[1], box[3]))
    return x1, y1, x2, y2
