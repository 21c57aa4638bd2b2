"""What the camera did between two pictures, told from the boxes that both have: a scale and a shift, or nothing.

A consensus (Fischler and Bolles, RANSAC, 1981), without the chance in it, as there are few boxes: every two pairs of boxes of
one name propose a motion, and the one that explains most things wins. A camera that stood still needs no proof, any other does:
at least three things, most of those that are shared, and two more than stood still. Turning about the line of sight and
parallax are not modelled; pixels are not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from backend.scene import Box, Box3D
from backend.scene.changes import MotionKind

TOLERANCE = 4.0
"""Standard deviations of the error of an edge's difference, within which a thing is where a motion puts it."""
LEAST = 3
"""Things that must agree on a motion; two that moved alike are no camera."""
AHEAD = 2
"""How many more things a motion must explain than a camera that stood still."""
STEEPEST = 4.0
"""Largest scale, and the inverse of the smallest, that is believed."""
MOST_PAIRS = 60
"""Pairs of one name that may propose motions; those whose names are rarest first."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was found in one picture."""

    boxes: tuple[Box, ...]
    width: float
    """Of the upright original, pixels."""
    height: float
    sigma: float
    """Localisation error of an edge, pixels of the upright original."""
    solids: tuple[Box3D, ...] = ()

    def free(self, box: Box) -> tuple[bool, bool, bool, bool]:
        """Whether x1, y1, x2, y2 are edges of the thing, and not where the picture ends."""
        near = self.sigma
        return box.x1 > near, box.y1 > near, box.x2 < self.width - near, box.y2 < self.height - near


@dataclass(frozen=True, slots=True)
class Motion:
    """x′ = scale · x + shift: from pixels of the earlier picture to those of the later one."""

    kind: MotionKind
    scale: float
    shift: tuple[float, float]
    agreeing: int = 0
    shared: int = 0

    def of(self, box: Box) -> Box:
        """Where a box of the earlier picture would be in the later one if only the camera had moved."""
        x, y = self.shift
        s = self.scale
        corners = (s * box.x1 + x, s * box.y1 + y, s * box.x2 + x, s * box.y2 + y)
        return Box(*corners, box.label, box.picture, box.confidence, box.id)

    def back(self, box: Box) -> Box:
        """Where a box of the later picture would have been in the earlier one."""
        x, y = self.shift
        return Motion(self.kind, 1 / self.scale, (-x / self.scale, -y / self.scale)).of(box)

    def error(self, before: Sight, after: Sight) -> float:
        """Standard deviation of the difference of an edge in both pictures, pixels of the later one."""
        return float(((self.scale * before.sigma) ** 2 + after.sigma**2) ** 0.5)


Pair = tuple[Box, Box]
"""Boxes of one name, of the earlier and the later picture."""


def name(box: Box | Box3D) -> str:
    """What two boxes of one thing have in common."""
    return box.label.strip().casefold()


def camera_motion(before: Sight, after: Sight) -> Motion:
    """The motion that most of the shared things agree on; that of a still camera where none is proven."""
    pairs, shared = _candidates(before.boxes, after.boxes)
    still = _still(before, after)
    standing = _explained(still, pairs, before, after)
    best, agreeing = still, standing
    for one, other in combinations(pairs, 2):
        if one[0] is other[0] or one[1] is other[1]:
            continue
        proposed = _fitted((one, other), before, after)
        if proposed is None:
            continue
        explained = _explained(proposed, pairs, before, after)
        if len(explained) > len(agreeing):
            best, agreeing = proposed, explained
    if len(agreeing) >= max(LEAST, len(standing) + AHEAD) and 2 * len(agreeing) > shared:
        refined = _fitted(agreeing, before, after) or best
        return Motion(MotionKind.MOVED, refined.scale, refined.shift, len(agreeing), shared)
    kind = MotionKind.STILL if len(standing) >= 2 and 2 * len(standing) >= shared else MotionKind.UNKNOWN
    return Motion(kind, still.scale, still.shift, len(standing), shared)


def shifts(pair: Pair, motion: Motion, before: Sight, after: Sight) -> Iterator[tuple[int, float]]:
    """The axis (0: x, 1: y) and the shift of each edge that both pictures show, in pixels of the later one."""
    one, other = pair
    moved = motion.of(one)
    for at, (free, also, start, end) in enumerate(
        zip(before.free(one), after.free(other), moved.corners, other.corners, strict=True)
    ):
        if free and also:
            yield at % 2, end - start


def _still(before: Sight, after: Sight) -> Motion:
    """Centre on centre; pictures of different size are the same view, larger or smaller."""
    scale = max(after.width, after.height) / max(before.width, before.height)
    shift = ((after.width - scale * before.width) / 2, (after.height - scale * before.height) / 2)
    return Motion(MotionKind.STILL, scale, shift)


def _candidates(before: Iterable[Box], after: Iterable[Box]) -> tuple[list[Pair], int]:
    """Pairs of one name, the rarest names first, and how many things are in both pictures."""
    groups: defaultdict[str, tuple[list[Box], list[Box]]] = defaultdict(lambda: ([], []))
    for box in before:
        groups[name(box)][0].append(box)
    for box in after:
        groups[name(box)][1].append(box)
    shared = sum(min(len(one), len(other)) for one, other in groups.values())
    rarest = sorted(groups.values(), key=lambda group: len(group[0]) * len(group[1]))
    return [pair for one, other in rarest for pair in product(one, other)][:MOST_PAIRS], shared


def _explained(motion: Motion, pairs: Sequence[Pair], before: Sight, after: Sight) -> list[Pair]:
    """The pairs whose every edge is where the motion puts it, no box twice."""
    limit = TOLERANCE * motion.error(before, after)
    fitting: list[Pair] = []
    taken: set[int] = set()
    for pair in pairs:
        if id(pair[0]) in taken or id(pair[1]) in taken:
            continue
        off = [abs(shift) for _, shift in shifts(pair, motion, before, after)]
        if len(off) >= 2 and max(off) <= limit:
            fitting.append(pair)
            taken.update(map(id, pair))
    return fitting


def _fitted(pairs: Sequence[Pair], before: Sight, after: Sight) -> Motion | None:
    """Scale and shift by least squares over the edges that both pictures show; None where they do not tell, or absurdly."""
    edges: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for one, other in pairs:
        for at, (free, also) in enumerate(zip(before.free(one), after.free(other), strict=True)):
            if free and also:
                edges[at % 2].append((one.corners[at], other.corners[at]))
    if not all(edges):
        return None
    means = [tuple(sum(values) / len(values) for values in zip(*axis, strict=True)) for axis in edges]
    spread = sum((u - mean[0]) ** 2 for axis, mean in zip(edges, means, strict=True) for u, _ in axis)
    along = sum((u - mean[0]) * (v - mean[1]) for axis, mean in zip(edges, means, strict=True) for u, v in axis)
    scale = along / spread if spread > 0 else 0.0
    usual = max(after.width, after.height) / max(before.width, before.height)
    if not usual / STEEPEST <= scale <= usual * STEEPEST:
        return None
    return Motion(MotionKind.MOVED, scale, (means[0][1] - scale * means[0][0], means[1][1] - scale * means[1][0]))
