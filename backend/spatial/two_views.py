"""How a camera moved between two pictures of one scene that stands still: turn, direction, and no length.

Two views fix the turn and the direction of the way, never its length (Longuet-Higgins 1981): a doll's house seen from a
hand's breadth looks like a house seen from a street's. So distances here are in lengths of that way, “up to scale”. The
essential matrix is found by RANSAC over five-point solutions (Nistér 2004; OpenCV) and refined on what agrees with it.

Where the pictures do not settle it, `enough` is False and `trouble` says why: too few marks in common; a camera that only
turned, in which case there is no way to tell a direction of; or marks that lie in one plane, which two different motions
explain (Hartley and Zisserman, Multiple View Geometry, 2nd ed., 11.9 and 13.3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from backend.extras import Extra
from backend.language import _
from backend.scene import Picture
from backend.scene.cameras import Matrix, Row
from backend.spatial.camera import Camera
from backend.spatial.features import Matches, matched
from backend.spatial.turning import turn_alone

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

TOLERANCE = 1.0
"""Pixels of a picture 1000 across, from the line on which a mark has to lie: within it a match agrees."""
FEWEST = 30
"""Matches that must agree; five would do for a solution, not for trusting one."""
LEAST_SHARE = 0.3
"""Of all matches, that must agree."""
STILL = 1.5
"""Times the tolerance: marks that a mere turn puts this near to where they are seen have no parallax."""
FLAT = 0.92
"""Of the marks that agree: as many as lie in one plane make the scene flat."""
_STEPS = 10


class Trouble(StrEnum):
    """Why two views do not tell how the camera moved."""

    FEW = "too few matches"
    DISAGREEMENT = "matches disagree"
    TURNED = "pure rotation"
    FLAT = "one plane"


@dataclass(frozen=True, slots=True)
class RelativePose:
    """x of the second camera's frame = `rotation` · x of the first's + length · `translation`, the length unknown."""

    rotation: Matrix
    """The identity where nothing is known of it; right also where the camera only turned."""
    translation: Row
    """Of length 1; (0, 0, 0) where there is no direction."""
    matches: int
    """Marks that look alike in both pictures."""
    inliers: int
    """Of them, that agree with this motion and lie in front of both cameras."""
    parallax: float
    """Median angle at which the agreeing marks see both cameras, degrees: the larger, the surer are distances."""
    trouble: Trouble | None = None
    reason: str = ""
    """A sentence on `trouble`."""
    points: tuple[SparsePoint, ...] = field(default=(), repr=False)
    """The agreeing marks in space; none where there is trouble."""

    @property
    def enough(self) -> bool:
        """Whether turn and direction can be relied on."""
        return self.trouble is None

    @property
    def ratio(self) -> float:
        """Share of the matches that agree, 0…1."""
        return self.inliers / self.matches if self.matches else 0.0

    @property
    def turn(self) -> float:
        """By how much the camera turned, degrees."""
        trace = sum(self.rotation[n][n] for n in range(3))
        return math.degrees(math.acos(max(-1.0, min(1.0, (trace - 1) / 2))))

    @property
    def way(self) -> Row:
        """Direction in which the camera went, in the first camera's frame: −Rᵀ · translation."""
        x, y, z = (-sum(self.rotation[k][n] * self.translation[k] for k in range(3)) for n in range(3))
        return x, y, z


@dataclass(frozen=True, slots=True)
class SparsePoint:
    """One mark: where the first picture shows it (pixels), and where it is (first camera's frame, lengths of the way)."""

    seen: tuple[float, float]
    place: Row


_NO_TURN: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
_NOWHERE: Row = (0.0, 0.0, 0.0)


def relative_pose(
    first: Picture, second: Picture, camera: Camera, other: Camera | None = None, *, extra: Extra = "depth"
) -> RelativePose:
    """How the camera moved from the first picture to the second. `other`: the second's camera, where it is another.

    Always an answer; `enough` says whether it is one to rely on. The same pictures always get the same answer. Raises
    MissingExtra.
    """
    return pose_of(matched(first, second, extra), camera, other or camera)


def pose_of(matches: Matches, camera: Camera, other: Camera) -> RelativePose:
    """The same from matches that were found already (pixels of the upright originals). Needs OpenCV."""
    import cv2
    import numpy as np

    count = len(matches)
    if count < FEWEST:
        reason = _(
            "only {count} marks look alike in both pictures, and {fewest} are wanted: they show too little in common"
        ).format(count=count, fewest=FEWEST)
        return RelativePose(_NO_TURN, _NOWHERE, count, 0, 0.0, Trouble.FEW, reason)
    a, b = _straight(matches.first, camera), _straight(matches.second, other)
    limit = TOLERANCE / 1000 * (camera.width / camera.focal + other.width / other.focal) / 2
    cv2.setRNGSeed(0)
    essential, agree = cv2.findEssentialMat(a, b, np.eye(3), method=cv2.RANSAC, prob=0.9999, threshold=limit, maxIters=2000)
    if np.shape(essential) < (3, 3):  # None, where there is none; several below each other, where five points have several
        reason = _("no motion of a camera explains the marks that look alike in both pictures")
        return RelativePose(_NO_TURN, _NOWHERE, count, 0, 0.0, Trouble.DISAGREEMENT, reason)
    chosen = agree.ravel() > 0
    turned, still = turn_alone(a, b, STILL * limit)
    if still.sum() >= FLAT * max(chosen.sum(), FEWEST):
        reason = _(
            "the camera only turned ({sum} of {count} marks are where a turn alone puts them): without "
            "a step to the side nothing tells distances"
        ).format(sum=still.sum(), count=count)
        return RelativePose(_matrix(turned), _NOWHERE, count, int(still.sum()), 0.0, Trouble.TURNED, reason)
    _inliers, rotation, shift, _mask = cv2.recoverPose(essential[:3], a[chosen], b[chosen], np.eye(3))[:4]
    rotation, shift = _refined(np.asarray(rotation, dtype=float), np.asarray(shift, dtype=float).ravel(), a, b, chosen, limit)
    places, in_front = _triangulated(rotation, shift, a, b)
    fitting = in_front & (_sampson(rotation, shift, a, b) < limit)
    angles = _angles(places[fitting], rotation, shift)
    parallax = float(np.median(angles)) if len(angles) else 0.0
    known = int(fitting.sum())
    trouble, reason = _trouble(a, b, fitting, limit, count)
    points: tuple[SparsePoint, ...] = ()
    if trouble is None:
        points = tuple(
            SparsePoint((float(x), float(y)), (float(p), float(q), float(r)))
            for (x, y), (p, q, r) in zip(matches.first[fitting], places[fitting], strict=True)
        )
    x, y, z = (float(value) for value in shift)
    return RelativePose(_matrix(rotation), (x, y, z), count, known, parallax, trouble, reason, points)


def _trouble(a: Array, b: Array, fitting: Mask, limit: float, count: int) -> tuple[Trouble | None, str]:
    """What keeps the motion from being believed."""
    import cv2
    import numpy as np

    known = int(fitting.sum())
    if known < FEWEST or known < LEAST_SHARE * count:
        return Trouble.DISAGREEMENT, (
            _(
                "only {known} of {count} marks agree on one motion of the camera: the scene moved, or the "
                "pictures show different ones"
            ).format(known=known, count=count)
        )
    cv2.setRNGSeed(0)
    plane, flat = cv2.findHomography(a[fitting], b[fitting], cv2.RANSAC, 2 * limit)
    if np.shape(plane) == (3, 3) and flat.sum() >= FLAT * known:
        return Trouble.FLAT, (
            _("{sum} of {known} marks lie in one plane, which two different motions of the camera explain equally well").format(
                sum=int(flat.sum()), known=known
            )
        )
    return None, ""


def _straight(points: Array, camera: Camera) -> Array:
    """X and Y at Z = 1, shape (N, 2)."""
    import numpy as np

    if not camera.distortion:
        return (points - (camera.cx, camera.cy)) / (camera.focal, camera.focal * camera.aspect)
    return np.array([camera.direction(x, y) for x, y in points.tolist()], dtype=float).reshape(-1, 2)


def _crossed(shift: Array) -> Array:
    """The matrix of the cross product with `shift`."""
    import numpy as np

    x, y, z = shift
    return np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])


def _sampson(rotation: Array, shift: Array, a: Array, b: Array, *, signed: bool = False) -> Array:
    """Sampson's distance of each match from the motion, at a focal length of 1 (Hartley and Zisserman, 11.9)."""
    import numpy as np

    essential = _crossed(shift) @ rotation
    p, q = (np.column_stack([points, np.ones(len(points))]) for points in (a, b))
    lines, back = p @ essential.T, q @ essential
    off = (q * lines).sum(axis=1)
    made: Array = off / np.sqrt((lines[:, :2] ** 2).sum(axis=1) + (back[:, :2] ** 2).sum(axis=1) + 1e-30)
    return made if signed else np.abs(made)


def _refined(rotation: Array, shift: Array, a: Array, b: Array, chosen: Mask, limit: float) -> tuple[Array, Array]:
    """Gauss-Newton on Sampson's distance of what agrees, weighted down smoothly towards the limit (Huber)."""
    import cv2
    import numpy as np

    def moved(rotation: Array, shift: Array, step: Array) -> tuple[Array, Array]:
        across = np.linalg.svd(shift[None, :])[2][1:]
        turned = cv2.Rodrigues(step[:3])[0] @ rotation
        aimed = shift + step[3:] @ across
        return np.asarray(turned, dtype=float), aimed / np.linalg.norm(aimed)

    for __ in range(_STEPS):
        off = _sampson(rotation, shift, a[chosen], b[chosen], signed=True)
        weight: Array = np.minimum(1.0, limit / 2 / np.maximum(np.abs(off), 1e-12))
        slopes: Array = np.empty((len(off), 5))
        for n in range(5):
            step: Array = np.zeros(5)
            step[n] = 1e-6
            slopes[:, n] = (_sampson(*moved(rotation, shift, step), a[chosen], b[chosen], signed=True) - off) / 1e-6
        normal = slopes.T @ (slopes * weight[:, None]) + 1e-12 * np.eye(5)
        change = np.asarray(np.linalg.solve(normal, -(slopes.T @ (weight * off))), dtype=float)
        rotation, shift = moved(rotation, shift, change)
        if np.abs(change).max() < 1e-8:
            break
    return rotation, shift


def _triangulated(rotation: Array, shift: Array, a: Array, b: Array) -> tuple[Array, Mask]:
    """Places (N, 3) in the first camera's frame, and which lie in front of both cameras."""
    import cv2
    import numpy as np

    here = np.eye(3, 4)
    there = np.column_stack([rotation, shift])
    found = cv2.triangulatePoints(here, there, a.T.copy(), b.T.copy())
    with np.errstate(divide="ignore", invalid="ignore"):
        places = (found[:3] / found[3]).T.astype(float)
    before = (places[:, 2] > 0) & ((places @ rotation.T + shift)[:, 2] > 0) & np.isfinite(places).all(axis=1)
    return places, before


def _angles(places: Array, rotation: Array, shift: Array) -> Array:
    """Degrees between the lines from each place to both cameras."""
    import numpy as np

    other = places + shift @ rotation  # minus the second camera's place, which is −Rᵀ · t
    lengths = np.linalg.norm(places, axis=1) * np.linalg.norm(other, axis=1)
    made: Array = np.degrees(np.arccos(np.clip((places * other).sum(axis=1) / np.maximum(lengths, 1e-30), -1, 1)))
    return made


def _matrix(rows: Array) -> Matrix:
    r, s, t = ((float(x), float(y), float(z)) for x, y, z in rows)
    return r, s, t
