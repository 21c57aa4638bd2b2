"""The way of a camera through a film, up to one scale: the motions between key frames, one after the other.

Two views tell a turn and a direction, and no length (`two_views`). The lengths of two steps in a row can be compared where
both see the same marks: what is n lengths of the one away is m of the other. Where too few marks are shared the next step is
drawn as long as the one before, and the path says so. Errors add up, and nothing here closes a loop.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from backend.language import _
from backend.scene import Picture
from backend.scene.cameras import Matrix, Row
from backend.spatial.camera import Camera
from backend.spatial.topdown import Spot
from backend.spatial.two_views import RelativePose, relative_pose

SHARED = 12
"""Marks that two steps must share for their lengths to be compared."""
NEAR = 1.5
"""Pixels of a picture 1000 across within which two marks are taken for one."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """From one key frame to the next."""

    length: float
    """In lengths of the first step; 0 where the camera did not move, or nothing tells."""
    compared: bool
    """Whether that length follows from marks that the step before saw as well."""
    turned: float
    """Degrees."""
    pose: RelativePose


@dataclass(frozen=True, slots=True)
class CameraPath:
    """Where the camera was at each key frame: the first at the origin, looking along Z; in lengths of its first step."""

    places: tuple[Row, ...]
    steps: tuple[PathStep, ...]

    @property
    def from_above(self) -> tuple[Spot, ...]:
        """X and Z."""
        return tuple((x, z) for x, __, z in self.places)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the path does not know."""
        said = [_("the path's scale is unknown: lengths are in those of its first step")]
        if guessed := sum(step.length > 0 and not step.compared for step in self.steps[1:]):
            said.append(
                _("{guessed} of {count} steps share too few marks with the one before, and are drawn as long as it").format(
                    guessed=guessed, count=len(self.steps)
                )
            )
        for number, step in enumerate(self.steps, 1):
            if not step.pose.enough:
                said.append(
                    _("step {number} stands still on the path: {reason}").format(number=number, reason=step.pose.reason)
                )
        return tuple(said)


def camera_path(frames: Iterable[Picture], camera: Camera) -> CameraPath:
    """The path over these key frames of one film, all taken with `camera` (pixels of the upright originals).

    Raises MissingExtra without OpenCV. Steps whose pose cannot be relied on do not move the path, though they may turn it.
    """
    taken = iter(frames)
    before = next(taken, None)
    turned: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    places: list[Row] = [(0.0, 0.0, 0.0)] if before is not None else []
    steps: list[PathStep] = []
    last: tuple[RelativePose, float] | None = None
    for picture in taken:
        assert before is not None
        pose = relative_pose(before, picture, camera, extra="video")
        length, compared = _length(last, pose, camera)
        way = _times(_transposed(turned), pose.way)
        x, y, z = places[-1]
        places.append((x + length * way[0], y + length * way[1], z + length * way[2]))
        turned = _product(pose.rotation, turned)
        steps.append(PathStep(length, compared, pose.turn, pose))
        if pose.enough:
            last = pose, length
        before = picture
    return CameraPath(tuple(places), tuple(steps))


def _length(last: tuple[RelativePose, float] | None, pose: RelativePose, camera: Camera) -> tuple[float, bool]:
    """How long a step is, and whether marks tell it: the median ratio of the distances that both steps give the same marks."""
    if not pose.enough:
        return 0.0, False
    if last is None:
        return 1.0, False
    earlier, length = last
    grid: dict[tuple[int, int], tuple[float, float, float]] = {}
    limit = NEAR / 1000 * camera.width
    for point in pose.points:
        grid[round(point.seen[0] / limit), round(point.seen[1] / limit)] = (*point.seen, point.place[2])
    ratios = []
    for point in earlier.points:
        x, y, z = (a + b for a, b in zip(_times(earlier.rotation, point.place), earlier.translation, strict=True))
        seen = camera.project((x, y, z)) if z > 0 else None
        if seen is None:
            continue
        column, row = round(seen[0] / limit), round(seen[1] / limit)
        near = [found for u in (-1, 0, 1) for v in (-1, 0, 1) if (found := grid.get((column + u, row + v))) is not None]
        best = min(near, key=lambda found: math.dist(found[:2], seen), default=None)
        if best is not None and math.dist(best[:2], seen) <= limit and best[2] > 0:
            ratios.append(z / best[2])
    if len(ratios) < SHARED:
        return length, False
    return length * median(ratios), True


def _times(matrix: Matrix, row: Row) -> Row:
    x, y, z = (sum(a * b for a, b in zip(line, row, strict=True)) for line in matrix)
    return x, y, z


def _transposed(matrix: Matrix) -> Matrix:
    a, b, c = zip(*matrix, strict=True)
    return a, b, c


def _product(a: Matrix, b: Matrix) -> Matrix:
    columns = _transposed(b)
    one, two, three = (_times(columns, row) for row in a)
    return one, two, three
