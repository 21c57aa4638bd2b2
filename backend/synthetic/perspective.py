"""Solid boxes on the ground, seen by a level pinhole camera, with the exact place of everything in metres.

Camera frame: X right, Y down, Z forward, metres; 60° across unless another camera is asked for, the principal point at the
centre, so that the horizon lies in the middle of the picture. The camera is 1.2 m above the ground, and every box stands on
it: the lower a box's bottom edge in the picture, the nearer the box. The 2D box of an object is the rectangle around the
projection of its eight corners, whether or not all of it can be seen; so its 3D box projects onto its 2D box exactly.

Family: 1–4 boxes of different colours, 0.3–1.9 m along each side, turned by any angle, nearer than 9.9 m; none is cut by the
picture's edge, and at least half of each can be seen. Places and sizes are whole centimetres, angles hundredths of π: an
answer with two decimals is exact. Pictures have a camera's aspects, 1:1, 4:3 and 16:9, lying or standing: what a model is
shown is stretched to whole cells, and with any aspect allowed no metre could be told from it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw

from backend.synthetic import footprints
from backend.synthetic.footprints import Point
from backend.synthetic.scenes import COLOURS, SOLID, Colour, Corners, Rgb, Shape

CAMERA_HEIGHT = 1.2
"""Metres above the ground."""
HALF_VIEW = math.tan(math.radians(30))
"""Half the picture's width at 1 m distance, in metres: of the family's camera."""
FARTHEST = 9.9
"""Metres; no corner lies beyond."""
ASPECTS = (1.0, 4 / 3, 16 / 9, 3 / 4, 9 / 16)
MOST_HIDDEN = 0.5
"""Share of an object that others may hide together."""
SMALLEST = 0.09
"""Sides of a 2D box, in shorter sides of the picture."""
APART = 0.08
"""Least gap between two footprints, metres."""


@dataclass(frozen=True, slots=True)
class Solid:
    """One box. `centre3d`: X, Y, Z of its middle; `size`: along its own X, Y, Z; metres in the camera frame. `yaw`: turn
    about Y (Ry) in units of π, −0.25 ≤ yaw < 0.25, which with the sizes exchanged is every box there is. `box`: around its
    projection, pixels."""

    colour: Colour
    centre3d: tuple[float, float, float]
    size: tuple[float, float, float]
    yaw: float
    box: Corners
    anchor: tuple[float, float]
    """Pixels: the middle of the 2D box, or of the part that shows where something hides that middle."""

    @property
    def shape(self) -> Shape:
        """A box."""
        return SOLID

    @property
    def name(self) -> str:
        """English name: colour and shape."""
        return f"{self.colour.name} {self.shape.name}"

    @property
    def chinese(self) -> str:
        """Chinese name: colour and shape."""
        return self.colour.chinese + self.shape.chinese

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the 2D box, in pixels."""
        x1, y1, x2, y2 = self.box
        return ((x1 + x2) / 2, (y1 + y2) / 2)

    @property
    def footprint(self) -> tuple[Point, ...]:
        """Corners on the ground as X, Z."""
        x, _, z = self.centre3d
        return footprints.rectangle((x, z), (self.size[0], self.size[2]), self.yaw * math.pi)

    @property
    def distance(self) -> float:
        """Z of the nearest ground contact, metres: what nearer and farther mean."""
        return min(z for _, z in self.footprint)


@dataclass(frozen=True, slots=True)
class SolidScene:
    """A picture to be: its size in pixels, sky and ground, and the boxes in the order in which they are painted: none is
    hidden by an earlier one."""

    width: int
    height: int
    sky: Rgb
    ground: Rgb
    objects: tuple[Solid, ...]
    half_view: float = HALF_VIEW
    """Half the picture's width at 1 m distance, in metres."""

    def project(self, x: float, y: float, z: float) -> Point:
        """Where a point of the camera frame (metres, Z > 0) is seen, in pixels."""
        focal = self.width / (2 * self.half_view)
        return self.width / 2 + focal * x / z, self.height / 2 + focal * y / z

    def outline(self, item: Solid) -> tuple[Point, ...]:
        """The hull of the projected corners, in pixels."""
        levels = (CAMERA_HEIGHT, CAMERA_HEIGHT - item.size[1])
        return footprints.hull([self.project(x, y, z) for x, z in item.footprint for y in levels])

    def hidden(self, item: Solid, by: Solid) -> float:
        """Share of an object's outline that another one covers, 0…1."""
        if not _meet(item.box, by.box) or self.objects.index(by) <= self.objects.index(item):
            return 0.0
        outline = self.outline(item)
        return footprints.shared(outline, self.outline(by)) / footprints.area(outline)

    def shown(self, width: int, height: int) -> Image.Image:
        """A map of that size: at every place the number (from 1) of the object that is seen there, else 0."""
        numbers = Image.new("L", (width, height))
        brush = ImageDraw.Draw(numbers)
        for n, item in enumerate(self.objects, 1):
            brush.polygon(_whole([(x * width / self.width, y * height / self.height) for x, y in self.outline(item)]), fill=n)
        return numbers

    def render(self) -> Image.Image:
        """Paint it, without anti-aliasing, as an RGB picture."""
        picture = Image.new("RGB", (self.width, self.height), self.sky)
        brush = ImageDraw.Draw(picture)
        brush.rectangle((0, self.height // 2, self.width, self.height), fill=self.ground)
        for item in self.objects:
            for face, light in self._faces(item):
                brush.polygon(_whole(face), fill=shaded(item.colour.rgb, light))
        return picture

    def _faces(self, item: Solid) -> list[tuple[list[Point], float]]:
        """Outline and light of every face that the camera sees."""
        corners, top = item.footprint, CAMERA_HEIGHT - item.size[1]
        faces = []
        for (x1, z1), (x2, z2) in zip(corners, (*corners[1:], corners[0]), strict=True):
            nx, nz = z2 - z1, x1 - x2
            if nx * x1 + nz * z1 < 0:
                upright = ((x1, CAMERA_HEIGHT, z1), (x2, CAMERA_HEIGHT, z2), (x2, top, z2), (x1, top, z1))
                faces.append(([self.project(*corner) for corner in upright], -0.35 - 0.65 * nx / math.hypot(nx, nz)))
        if top > 0:
            faces.append(([self.project(x, top, z) for x, z in corners], 1.0))
        return faces


def shaded(colour: Rgb, light: float) -> Rgb:
    """A face under `light` from −1 (turned away, to the right) over 0 to 1 (the top). Light faces are mixed with white and not
    only dark ones with black, or a black box would show no edges."""
    aim, share = (255, 0.2 * light) if light > 0 else (0, -0.4 * light)
    red, green, blue = (round(channel + share * (aim - channel)) for channel in colour)
    return red, green, blue


def _meet(a: Corners, b: Corners) -> bool:
    """Whether two rectangles share any place."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _whole(points: Sequence[Point]) -> list[tuple[int, int]]:
    """To the pixels they lie in; a rasteriser paints up to and including these."""
    return [(round(x - 0.5), round(y - 0.5)) for x, y in points]


def draw_solids(
    seed: int, size: tuple[int, int] | None = None, fewest: int = 2, most: int = 4, half_view: float = HALF_VIEW
) -> SolidScene:
    """The scene of this seed: `fewest` to `most` boxes on `size` (width, height), or on a size drawn from the family."""
    return compose_solids(random.Random(seed), size, fewest, most, half_view)


def compose_solids(
    rng: random.Random,
    size: tuple[int, int] | None = None,
    fewest: int = 1,
    most: int = 4,
    half_view: float = HALF_VIEW,
) -> SolidScene:
    """A scene from a running generator. A box that finds no room in 40 throws is left out, all but the first."""
    width, height = size if size is not None else camera_size(rng)
    paint = [(rng.randint(80, 205), rng.randint(80, 205), rng.randint(80, 205)) for _ in range(2)]
    scene = SolidScene(width, height, paint[0], paint[1], (), half_view)
    for colour in rng.sample(COLOURS, rng.randint(fewest, most)):
        throws = 0
        while throws < 40 or not scene.objects:
            throws += 1
            item = _thrown(rng, scene, colour)
            grown = None if item is None else _with(scene, item)
            if grown is not None:
                scene = grown
                break
    return replace(scene, objects=tuple(_anchored(scene)))


def camera_size(rng: random.Random) -> tuple[int, int]:
    """A size of the family: shorter side 96…360 pixels."""
    shorter, aspect = rng.randint(96, 360), rng.choice(ASPECTS)
    return (round(shorter * aspect), shorter) if aspect >= 1 else (shorter, round(shorter / aspect))


def _thrown(rng: random.Random, scene: SolidScene, colour: Colour) -> Solid | None:
    """A box somewhere in view, None where it is not wholly in the picture, too small or too far. Every other one is thrown
    in line with one that is there, or hardly anything would hide anything."""
    sx, sz, sy = rng.randint(30, 180) / 100, rng.randint(30, 180) / 100, 2 * rng.randint(15, 95) / 100
    nearest = CAMERA_HEIGHT / scene.half_view * scene.width / scene.height
    z = math.exp(rng.uniform(math.log(nearest), math.log(FARTHEST)))
    bearing = rng.uniform(-scene.half_view, scene.half_view)
    if scene.objects and rng.random() < 0.5:
        before = rng.choice(scene.objects)
        bearing = before.centre3d[0] / before.centre3d[2] + rng.gauss(0, 0.2 * scene.half_view)
    middle = (round(bearing * z, 2), round(CAMERA_HEIGHT - sy / 2, 2), round(z, 2))
    item = Solid(colour, middle, (sx, sy, sz), rng.randint(-25, 24) / 100, (0, 0, 0, 0), (0, 0))
    depths = [z for _, z in item.footprint]
    if min(depths) < 0.5 or max(depths) >= FARTHEST:
        return None
    across, down = zip(*scene.outline(item), strict=True)
    box = (min(across), min(down), max(across), max(down))
    least = SMALLEST * min(scene.width, scene.height)
    if box[0] < 1 or box[1] < 1 or box[2] > scene.width - 1 or box[3] > scene.height - 1:
        return None
    if min(box[2] - box[0], box[3] - box[1]) < least:
        return None
    return Solid(colour, item.centre3d, item.size, item.yaw, box, (0, 0))


def _with(scene: SolidScene, item: Solid) -> SolidScene | None:
    """The scene with one more box, painted in its turn; None where footprints meet, too much would be hidden, or no order
    of painting is right."""
    outline, first, last = scene.outline(item), 0, len(scene.objects)
    for n, other in enumerate(scene.objects):
        gap, nearer = footprints.wall(item.footprint, other.footprint)
        if gap < APART:
            return None
        if _meet(item.box, other.box) and footprints.shared(outline, scene.outline(other)) > 0:
            first, last = (n + 1, last) if nearer < 0 and n + 1 > first else (first, min(last, n) if nearer > 0 else last)
    if first > last:
        return None
    grown = replace(scene, objects=(*scene.objects[:first], item, *scene.objects[first:]))
    shares = [sum(grown.hidden(a, by=b) for b in grown.objects) for a in grown.objects]
    return grown if max(shares) <= MOST_HIDDEN else None


def _anchored(scene: SolidScene) -> list[Solid]:
    """The boxes with their anchors, found on a small map of what shows."""
    scale = 96 / max(scene.width, scene.height)
    size = round(scene.width * scale), round(scene.height * scale)
    seen = scene.shown(*size)
    numbers, made = seen.tobytes(), []
    for n, item in enumerate(scene.objects, 1):
        x, y = item.centre
        at = min(int(x * scale), size[0] - 1), min(int(y * scale), size[1] - 1)
        if numbers[at[1] * size[0] + at[0]] != n:
            places = [k for k, number in enumerate(numbers) if number == n]
            x = (sum(k % size[0] for k in places) / len(places) + 0.5) / size[0] * scene.width
            y = (sum(k // size[0] for k in places) / len(places) + 0.5) / size[1] * scene.height
        made.append(Solid(item.colour, item.centre3d, item.size, item.yaw, item.box, (x, y)))
    return made
