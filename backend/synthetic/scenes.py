"""Flat scenes of coloured shapes on a plain background, with the exact box of everything in them.

Polygons are drawn from vertices rounded to whole pixels. A rasteriser fills such a polygon up to and including its
vertices, so the tight box follows from the vertices alone and never has to be measured on the picture (the tests measure it
all the same).

Family: background channels 80…205; no two objects alike; radius between 1/14 and 1/5 of the shorter side; the bounding
squares do not touch; any aspect from 1:2 to 2:1.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Protocol

from PIL import Image, ImageDraw

Rgb = tuple[int, int, int]
Corners = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Colour:
    """A paint and its names."""

    name: str
    chinese: str
    rgb: Rgb


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline and its names; `plural` is English."""

    name: str
    plural: str
    chinese: str


COLOURS = (
    Colour("red", "红色", (220, 40, 40)),
    Colour("green", "绿色", (40, 170, 60)),
    Colour("blue", "蓝色", (40, 80, 220)),
    Colour("yellow", "黄色", (235, 215, 50)),
    Colour("purple", "紫色", (140, 60, 180)),
    Colour("orange", "橙色", (240, 140, 30)),
    Colour("black", "黑色", (20, 20, 20)),
    Colour("white", "白色", (250, 250, 250)),
)
SHAPES = (
    Shape("circle", "circles", "圆形"),
    Shape("square", "squares", "正方形"),
    Shape("triangle", "triangles", "三角形"),
    Shape("star", "stars", "五角星"),
    Shape("diamond", "diamonds", "菱形"),
)
KINDS = tuple((colour, shape) for colour in COLOURS for shape in SHAPES)
SOLID = Shape("box", "boxes", "箱子")
"""The shape of everything in the other family of scenes (see `perspective`)."""
ALL_SHAPES = (*SHAPES, SOLID)


class Thing(Protocol):
    """What both families draw: something with a colour and a shape, in a tight box (pixels of the scene)."""

    @property
    def colour(self) -> Colour: ...
    @property
    def shape(self) -> Shape: ...
    @property
    def name(self) -> str: ...
    @property
    def chinese(self) -> str: ...
    @property
    def box(self) -> Corners: ...
    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box."""
        ...

    @property
    def anchor(self) -> tuple[float, float]:
        """Where it is looked for: its centre, or where it shows if something hides that."""
        ...


class AnyScene(Protocol):
    """A scene of either family."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def objects(self) -> tuple[Thing, ...]: ...
    def render(self) -> Image.Image:
        """The picture."""
        ...


STAR_INNER = 0.45
"""Inner radius of the star, in outer radii."""


@dataclass(frozen=True, slots=True)
class SceneObject:
    """One shape. `x`, `y`, `radius`: whole pixels of the scene; the shape lies within the square of that radius around the
    centre."""

    colour: Colour
    shape: Shape
    x: int
    y: int
    radius: int

    @property
    def name(self) -> str:
        """English name: colour and shape."""
        return f"{self.colour.name} {self.shape.name}"

    @property
    def chinese(self) -> str:
        """Chinese name: colour and shape."""
        return self.colour.chinese + self.shape.chinese

    @property
    def outline(self) -> tuple[tuple[int, int], ...]:
        """Vertices in pixels; of a circle, the extreme points."""
        x, y, r = self.x, self.y, self.radius
        if self.shape.name == "square":
            return ((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r))
        if self.shape.name == "triangle":
            return ((x, y - r), (x - r, y + r), (x + r, y + r))
        if self.shape.name == "star":
            return tuple(
                (round(x + length * math.sin(i * math.pi / 5)), round(y - length * math.cos(i * math.pi / 5)))
                for i, length in enumerate((r, r * STAR_INNER) * 5)
            )
        return ((x, y - r), (x - r, y), (x, y + r), (x + r, y))

    @property
    def box(self) -> Corners:
        """Tight box x1, y1, x2, y2 in pixels: pixel i covers [i, i + 1), so the far edges are one past the last pixel
        painted."""
        across, down = zip(*self.outline, strict=True)
        return (min(across), min(down), max(across) + 1, max(down) + 1)

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the tight box, in pixels."""
        x1, y1, x2, y2 = self.box
        return ((x1 + x2) / 2, (y1 + y2) / 2)

    @property
    def anchor(self) -> tuple[float, float]:
        """Nothing hides anything here: the centre."""
        return self.centre


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture to be: its size in pixels, its background and what lies on it."""

    width: int
    height: int
    background: Rgb
    objects: tuple[SceneObject, ...]

    def render(self) -> Image.Image:
        """Paint it, without anti-aliasing, as an RGB picture."""
        picture = Image.new("RGB", (self.width, self.height), self.background)
        brush = ImageDraw.Draw(picture)
        for item in self.objects:
            if item.shape.name == "circle":
                x, y, r = item.x, item.y, item.radius
                brush.ellipse((x - r, y - r, x + r, y + r), fill=item.colour.rgb)
            else:
                brush.polygon(item.outline, fill=item.colour.rgb)
        return picture


def draw_scene(seed: int, size: tuple[int, int] | None = None, fewest: int = 2, most: int = 5) -> Scene:
    """The scene of this seed: `fewest` to `most` objects on `size` (width, height), or on a size drawn from the family."""
    return compose(random.Random(seed), size, fewest, most)


def compose(rng: random.Random, size: tuple[int, int] | None = None, fewest: int = 1, most: int = 6) -> Scene:
    """A scene from a running generator. An object that finds no room in 40 throws is left out, the first always fits."""
    width, height = size if size is not None else any_size(rng)
    shorter = min(width, height)
    placed: list[SceneObject] = []
    for colour, shape in rng.sample(KINDS, rng.randint(fewest, most)):
        for _ in range(40):
            radius = rng.randint(max(3, math.ceil(shorter / 14)), shorter // 5)
            x, y = rng.randint(radius + 1, width - radius - 2), rng.randint(radius + 1, height - radius - 2)
            if all(max(abs(x - other.x), abs(y - other.y)) > radius + other.radius + 1 for other in placed):
                placed.append(SceneObject(colour, shape, x, y, radius))
                break
    background = (rng.randint(80, 205), rng.randint(80, 205), rng.randint(80, 205))
    return Scene(width, height, background, tuple(placed))


def any_size(rng: random.Random) -> tuple[int, int]:
    """A size of the family: shorter side 96…360, longer side up to twice that and at most 640 pixels, lying or standing."""
    shorter = rng.randint(96, 360)
    longer = rng.randint(shorter, min(2 * shorter, 640))
    return (longer, shorter) if rng.random() < 0.5 else (shorter, longer)
