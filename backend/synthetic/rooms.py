"""Rooms that are visited twice: boxes on the ground, seen by level cameras from two places, some of them moved meanwhile.

World frame: that of the first camera, X right, Y down, Z forward, metres, the ground 1.2 m below. A room is a pure function
of its seed. In each of its four pictures every box is wholly in view, and at least half of it shows: the family that the demo
model knows (`perspective`).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.synthetic import footprints
from backend.synthetic.perspective import APART, CAMERA_HEIGHT, FARTHEST, MOST_HIDDEN, SMALLEST, Solid, SolidScene
from backend.synthetic.scenes import COLOURS, Colour, Rgb

VIEWS = ("door", "window")
LEAST_WAY = 1.0
"""Metres that a box which was moved went at least."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A camera in the room: where it stands, and how far it is turned to the right."""

    x: float
    z: float
    heading: float
    """Radians about Y, positive to the right (from Z towards X)."""

    def sees(self, item: Solid) -> Solid:
        """A box of the world in this camera's frame; its 2D box is left empty."""
        dx, dz = item.centre3d[0] - self.x, item.centre3d[2] - self.z
        cos, sin = math.cos(self.heading), math.sin(self.heading)
        yaw = item.yaw - self.heading / math.pi
        width, height, depth = item.size
        while not -0.25 <= yaw < 0.25:  # a quarter turn with the sides exchanged is the same box
            yaw += 0.5 if yaw < -0.25 else -0.5
            width, depth = depth, width
        return replace(
            item,
            centre3d=(cos * dx - sin * dz, item.centre3d[1], sin * dx + cos * dz),
            size=(width, height, depth),
            yaw=yaw,
            box=(0, 0, 0, 0),
            anchor=(0, 0),
        )


@dataclass(frozen=True, slots=True)
class Room:
    """One room at two times."""

    size: tuple[int, int]
    """Of its pictures, pixels."""
    sky: Rgb
    ground: Rgb
    standpoints: tuple[Standpoint, ...]
    """Of VIEWS, the same at both visits."""
    visits: tuple[tuple[Solid, ...], tuple[Solid, ...]]
    """What stands in it, in the world frame."""

    def scene(self, visit: int, view: int) -> SolidScene:
        """What one camera sees at one visit."""
        return _scene(self, self.visits[visit], self.standpoints[view])

    @property
    def became(self) -> dict[str, str]:
        """What became of each box from the first visit to the second: kept, moved, gone or new, by name."""
        before, after = ({item.name: item for item in visit} for visit in self.visits)
        return {
            name: "new" if name not in before else "gone" if name not in after else _way(before[name], after[name])
            for name in sorted({*before, *after})
        }


def draw_room(seed: int, size: tuple[int, int] = (640, 480)) -> Room:
    """The room of this seed: four boxes at each visit, of which one is moved, one is taken away and one is brought."""
    rng = random.Random(seed)
    while True:
        sky, ground = [(rng.randint(80, 205), rng.randint(80, 205), rng.randint(80, 205)) for _ in range(2)]
        standpoints = (Standpoint(0, 0, 0), Standpoint(rng.uniform(1.2, 2.2), rng.uniform(0.2, 1.0), -rng.uniform(0.2, 0.4)))
        empty = Room(size, sky, ground, standpoints, ((), ()))
        colours = rng.sample(COLOURS, 5)
        first = _stood(rng, empty, [], colours[:4])
        if first is None:
            continue
        second = _stood(rng, empty, list(first[:2]), [colours[2], colours[4]])
        if second is None or math.dist(first[2].centre3d, second[2].centre3d) < LEAST_WAY:
            continue
        moved = replace(first[2], centre3d=(second[2].centre3d[0], first[2].centre3d[1], second[2].centre3d[2]))
        room = replace(empty, visits=(tuple(first), (*first[:2], moved, second[3])))
        if all(_is_clear(room.scene(visit, view)) for visit in range(2) for view in range(2)):
            return room


def _stood(rng: random.Random, room: Room, there: list[Solid], colours: Sequence[Colour]) -> list[Solid] | None:
    """Boxes of these colours put beside those that are there, each in view of every camera; None where one finds no room."""
    placed = list(there)
    for colour in colours:
        for _ in range(200):
            width, depth, height = rng.randint(40, 110) / 100, rng.randint(40, 110) / 100, 2 * rng.randint(20, 60) / 100
            x, z = round(rng.uniform(-2.6, 2.6), 2), round(rng.uniform(3.2, 8.5), 2)
            middle = (x, round(CAMERA_HEIGHT - height / 2, 2), z)
            item = Solid(colour, middle, (width, height, depth), rng.randint(-25, 24) / 100, (0, 0, 0, 0), (0, 0))
            if any(footprints.wall(item.footprint, other.footprint)[0] < 4 * APART for other in placed):
                continue
            if all(_in_view(room, standpoint.sees(item)) for standpoint in room.standpoints):
                placed.append(item)
                break
        else:
            return None
    return placed


def _in_view(room: Room, item: Solid) -> bool:
    """Whether a box of a camera's frame is wholly in its picture, neither too far nor too small."""
    if min(z for _, z in item.footprint) < 1 or max(z for _, z in item.footprint) >= FARTHEST:
        return False
    box = _outlined(_empty(room), item).box
    width, height = room.size
    if box[0] < 1 or box[1] < 1 or box[2] > width - 1 or box[3] > height - 1:
        return False
    return min(box[2] - box[0], box[3] - box[1]) >= SMALLEST * min(room.size)


def _scene(room: Room, things: Sequence[Solid], standpoint: Standpoint) -> SolidScene:
    empty = _empty(room)
    seen = sorted((_outlined(empty, standpoint.sees(item)) for item in things), key=lambda item: -item.distance)
    return replace(empty, objects=tuple(seen))


def _empty(room: Room) -> SolidScene:
    return SolidScene(*room.size, room.sky, room.ground, ())


def _outlined(scene: SolidScene, item: Solid) -> Solid:
    across, down = zip(*scene.outline(item), strict=True)
    box = (min(across), min(down), max(across), max(down))
    return replace(item, box=box, anchor=((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))


def _is_clear(scene: SolidScene) -> bool:
    """Whether at least half of each box shows, and the farthest-first order of painting is right."""
    for at, item in enumerate(scene.objects):
        if sum(scene.hidden(item, by=other) for other in scene.objects) > MOST_HIDDEN:
            return False
        for other in scene.objects[at + 1 :]:
            if scene.hidden(item, by=other) > 0 and footprints.wall(item.footprint, other.footprint)[1] > 0:
                return False
    return True


def _way(before: Solid, after: Solid) -> str:
    return "moved" if before.centre3d != after.centre3d else "kept"
