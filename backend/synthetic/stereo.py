"""Textured rooms for cameras that stand anywhere in them: every pixel is a ray, and so has an exact depth.

The boxes are those of the perspective family, in a room of which every wall, the floor and the ceiling are textured. Matching
needs texture everywhere; it is noise on the surfaces themselves, so that two views show the same marks, and it fades where its
grains would be smaller than a pixel, as what a lens shows does. What one camera cannot see another hides for
the same reason as in the world: rays end at the first surface.

World frame: that of the camera in the perspective family (X right, Y down, Z forward, metres, the floor at Y = 1.2).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from backend.scene import Calibration, Distortion, LensModel
from backend.synthetic.perspective import CAMERA_HEIGHT, Solid, SolidScene, draw_solids
from backend.synthetic.scenes import Rgb

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

WALL, SIDE, CEILING = 10.5, 7.0, 2.4
"""Metres from the world's origin to the far wall, to the side walls (and the one behind), and up to the ceiling."""
GRAINS = (0.011, 0.023, 0.047, 0.095, 0.19, 0.41, 0.83)
"""Metres between the marks of the texture, finest first: no multiples of each other, or it would repeat itself."""
CONTRAST = 0.75
"""Of the texture, in shares of the surface's colour."""
_REPEATS = 128
"""Grains after which the texture begins again."""
_LIGHT = (0.8, 1.0, 0.9)
"""Of a box's faces across its own X, Y and Z."""
_CLOSEST = 1e-9
"""In depths of 1 m: a ray does not end where it begins."""
_WALLS, _FIRST = 6, 2
"""Surfaces that are walls, and the quadruple of numbers that is the first box's."""
_TURNS = 20
"""Fixed-point steps that undo a lens's distortion; far more than the mild lenses here need."""


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Where a camera stands and looks, in the world's frame."""

    position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Metres."""
    angles: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Degrees: pitch about X, yaw about Y, roll about Z, applied in the order roll, pitch, yaw to the camera."""

    @property
    def rotation(self) -> Array:
        """Shape (3, 3): from the world's directions to the camera's."""
        import numpy as np

        pitch, yaw, roll = (math.radians(angle) for angle in self.angles)
        about_x = np.array([[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]])
        about_y = np.array([[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]])
        about_z = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
        turned: Array = (about_y @ about_x @ about_z).T
        return turned


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """What a camera sees, and how far everything is."""

    picture: Image.Image
    depth: npt.NDArray[np.float32]
    """Z of the camera's frame at the middle of every pixel, metres, shape (rows, columns)."""
    calibration: Calibration
    viewpoint: Viewpoint


@dataclass(frozen=True, slots=True)
class TexturedRoom:
    """A scene of the perspective family with walls round it."""

    scene: SolidScene
    seed: int

    def seen(self, viewpoint: Viewpoint, calibration: Calibration) -> Shot:
        """Render it through a calibrated camera."""
        import numpy as np

        width, height = calibration.width, calibration.height
        colours, depth = self._cast(viewpoint, _directions(calibration), 1 / calibration.fx)
        pixels = np.rint(np.clip(colours, 0, 255)).astype(np.uint8).reshape(height, width, 3)
        picture = Image.fromarray(pixels)
        return Shot(picture, depth.reshape(height, width).astype(np.float32), calibration, viewpoint)

    def _cast(self, viewpoint: Viewpoint, rays: Array, pixel: float) -> tuple[Array, Array]:
        """Colours (N, 3) and depths (N) of rays (N, 3) whose Z in the camera's frame is 1; `pixel`: the distance of two pixels
        at 1 m."""
        import numpy as np

        origin, rays = np.array(viewpoint.position), rays @ viewpoint.rotation
        depth = np.full(len(rays), np.inf)
        colours = np.zeros((len(rays), 3))
        what = np.zeros(len(rays), dtype=int)  # surfaces: the walls, then four numbers for each box, of which three are used
        for number, (axis, at, _) in enumerate(self._walls()):
            with np.errstate(divide="ignore"):
                reached = (at - origin[axis]) / rays[:, axis]
            hit = (reached > _CLOSEST) & (reached < depth)
            depth[hit], what[hit] = reached[hit], number
        boxes = [self._into(item, origin, rays) for item in self.scene.objects]
        for number, (item, (start, along)) in enumerate(zip(self.scene.objects, boxes, strict=True), _FIRST):
            half = np.array(item.size) / 2
            with np.errstate(divide="ignore", invalid="ignore"):
                ends = np.stack([(-half - start) / along, (half - start) / along])
            entries, leaves = ends.min(axis=0), ends.max(axis=0)
            near = entries.max(axis=1)
            hit = (near > _CLOSEST) & (near < leaves.min(axis=1)) & (near < depth)
            depth[hit], what[hit] = near[hit], 4 * number + entries.argmax(axis=1)[hit]
        for surface in np.unique(what):
            part = what == surface
            box, face = divmod(int(surface), 4)
            if surface < _WALLS:
                axis, _, paint = self._walls()[surface]
                start, along = origin, rays
            else:
                axis, (start, along) = face, boxes[box - _FIRST]
                paint = self.scene.objects[box - _FIRST].colour.rgb
            places = start + along[part] * depth[part, None]
            across, down = (places[:, other] for other in range(3) if other != axis)
            light = 1.0 if surface < _WALLS else _LIGHT[face]
            colours[part] = light * _painted(paint, across, down, depth[part] * pixel, self.seed * 64 + int(surface))
        return colours, depth

    def _into(self, item: Solid, origin: Array, rays: Array) -> tuple[Array, Array]:
        """The rays in the frame of a box, its middle at 0 and its sides along the axes."""
        import numpy as np

        turned = _about_y(-item.yaw * math.pi)
        return turned @ (origin - np.array(item.centre3d)), rays @ turned.T

    def _walls(self) -> tuple[tuple[int, float, Rgb], ...]:
        """The planes of the room: axis, where on it, and paint."""
        sky, ground = self.scene.sky, self.scene.ground
        return (
            (1, CAMERA_HEIGHT, ground),
            (2, WALL, sky),
            (0, -SIDE, sky),
            (0, SIDE, sky),
            (1, -CEILING, sky),
            (2, -SIDE, sky),
        )


def draw_room(seed: int, aspect: float = 4 / 3) -> TexturedRoom:
    """The room of this seed, with 2 to 4 boxes in view of a camera at the world's origin, 60° across."""
    return TexturedRoom(draw_solids(seed, (round(240 * aspect), 240), 2, 4), seed)


def pinhole(width: int, height: int, hfov: float = 60.0, distortion: Distortion | None = None) -> Calibration:
    """A camera of that field of view (degrees across, of the undistorted picture) with its principal point in the middle."""
    focal = width / (2 * math.tan(math.radians(hfov) / 2))
    middle = (width - 1) / 2, (height - 1) / 2
    return Calibration(width, height, focal, focal, *middle, distortion or Distortion())


def side_by_side(room: TexturedRoom, baseline: float, camera: Calibration) -> tuple[Shot, Shot]:
    """A rectified pair: the same camera, level, at the world's origin and `baseline` metres to the right of it."""
    return room.seen(Viewpoint(), camera), room.seen(Viewpoint((baseline, 0.0, 0.0)), camera)


def _directions(camera: Calibration) -> Array:
    """Rays of the middles of all pixels, row by row; shape (N, 3), Z = 1."""
    import numpy as np

    x, y = np.meshgrid(
        (np.arange(camera.width) - camera.cx) / camera.fx,
        (np.arange(camera.height) - camera.cy) / camera.fy,
    )
    if camera.distortion.model is LensModel.FISHEYE:
        x, y = _unfolded(x, y, camera.distortion.coefficients)
        return np.stack([x.ravel(), y.ravel(), np.ones(x.size)], axis=1)
    coefficients = (*camera.distortion.coefficients, *(0.0,) * 5)[:5]
    if any(coefficients):
        x, y = _undistorted(x, y, coefficients)
    return np.stack([x.ravel(), y.ravel(), np.ones(x.size)], axis=1)


def _undistorted(x: Array, y: Array, coefficients: tuple[float, ...]) -> tuple[Array, Array]:
    """Brown's model (k1, k2, p1, p2, k3) undone by fixed-point iteration, independent of what the program itself does."""
    k1, k2, p1, p2, k3 = coefficients
    u, v = x, y
    for _ in range(_TURNS):
        square = u * u + v * v
        radial = 1 + square * (k1 + square * (k2 + square * k3))
        u, v = (
            (x - 2 * p1 * u * v - p2 * (square + 2 * u * u)) / radial,
            (y - p1 * (square + 2 * v * v) - 2 * p2 * u * v) / radial,
        )
    return u, v


def _unfolded(x: Array, y: Array, coefficients: tuple[float, ...]) -> tuple[Array, Array]:
    """The fisheye's angle from its polynomial, by fixed-point iteration, and its tangent."""
    import numpy as np

    shown = np.maximum(np.hypot(x, y), 1e-12)
    angle = shown
    for _ in range(_TURNS):
        square = angle * angle
        angle = shown / sum((k * square**n for n, k in enumerate(coefficients, 1)), np.ones_like(square))
    scale = np.tan(angle) / shown
    return x * scale, y * scale


def _about_y(angle: float) -> Array:
    """Rotation about Y, shape (3, 3)."""
    import numpy as np

    return np.array([[math.cos(angle), 0, math.sin(angle)], [0, 1, 0], [-math.sin(angle), 0, math.cos(angle)]])


def _painted(paint: Rgb, across: Array, down: Array, pixel: Array, seed: int) -> Array:
    """Colours (N, 3) of places on a surface, in metres along it; `pixel`: metres that a pixel covers there."""
    import numpy as np

    light = np.zeros(len(across))
    for number, grain in enumerate(GRAINS):
        # A grain of two pixels is the finest that pixels can show (Nyquist); it fades in up to four.
        shown = np.clip(grain / (2 * pixel) - 1, 0, 1)
        if shown.any():
            light += shown * _noise(across / grain, down / grain, seed * 16 + number)
    return np.array(paint, dtype=float) * (1 + CONTRAST * np.tanh(light)[:, None])


def _noise(u: Array, v: Array, seed: int) -> Array:
    """Value noise in −0.5…0.5: random numbers on whole coordinates, smooth between them."""
    import numpy as np

    table = _table(seed)
    i, j = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    s, t = u - i, v - j
    s, t = s * s * (3 - 2 * s), t * t * (3 - 2 * t)
    i, j = i % _REPEATS, j % _REPEATS
    at, below = i * (_REPEATS + 1) + j, (i + 1) * (_REPEATS + 1) + j
    made: Array = (1 - s) * ((1 - t) * table[at] + t * table[at + 1]) + s * ((1 - t) * table[below] + t * table[below + 1])
    return made - 0.5


@functools.lru_cache(maxsize=256)
def _table(seed: int) -> Array:
    """Random numbers in 0…1, the same on every machine: splitmix64's mixing (Steele, Lea and Flood, Fast splittable
    pseudorandom number generators, 2014). Flat, in rows that end with the first number again, as do the columns."""
    import numpy as np

    with np.errstate(over="ignore"):
        mixed = np.arange(_REPEATS * _REPEATS, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed += np.uint64(seed * 0xD1B54A32D192ED03 % 2**64)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    values = (mixed >> np.uint64(11)).astype(np.float64).reshape(_REPEATS, _REPEATS) / 2**53
    made: Array = np.pad(values, (0, 1), mode="wrap").ravel()
    return made
