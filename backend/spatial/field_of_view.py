"""The focal length at which solid boxes project onto the rectangles of the same things, and how well it is determined.

One number is fitted to all pairs of a picture at once: the logarithm of the focal length, by iteratively reweighted least
squares. What is compared are edges. A rectangle's are off by σ; a solid box's by what its metres are: it stands nearer
or farther than it should, which moves all four edges together, its place is off sideways and its sizes are off, which
move opposite edges together or apart. Those three make the covariance by which a pair's edges are weighed, so that four
edges of one bad box do not count as four witnesses. A pair that fits nothing the others say loses nearly all weight
(Cauchy's loss, tuned as Holland and Welsch 1977 do), and the search starts from the best of a row of focal lengths, because
such a loss can have several hollows.

The interval is Student's, from a scale that the residuals and a prior of `PRIOR` pairs make together: with two or three pairs
their own scatter says little. It says which focal length *the findings* want. Whether that is the camera's depends on the
metres, and a model that was taught one camera sees them through that one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from backend.language import _
from backend.scene import Box, Box3D
from backend.spatial.box3d import NEAR, corners, outline
from backend.spatial.camera import Camera

FEWEST = 2
"""Pairs without which nothing is fitted: one wrong box would be the whole answer."""
RANGE = (10.0, 150.0)
"""Degrees across in which a field of view is looked for."""
SURE = 0.95
"""Of the interval."""
DEPTH, PLACE, SIZE = 0.15, 0.30, 0.30
"""Standard errors of a solid box: of its distance, of its place across (in its own sides), of its sizes. Chosen on what the
demo model says of 120 scenes that are in no table, of which 94 % of the intervals then held the camera."""
PRIOR = 4.0
"""Pairs' worth of belief in these errors, beside what the residuals say."""
CAUCHY = 2.385
"""Standard deviations at which a pair has half its weight: 95 % efficient where nothing is wrong."""
LEAST_WEIGHT = 0.5
"""A pair below it is told as one that the others speak against."""
WIDEST_FACTOR = 1.6
"""Between the interval's ends and its middle: beyond it nothing is said, as 60° might be 40° as well as 85°."""


class NotDetermined(ValueError):
    """These findings do not tell a focal length; says why."""


@dataclass(frozen=True, slots=True)
class FieldFit:
    """What the findings of one picture want: focal lengths across, pixels of the upright original."""

    camera: Camera
    """At the best of them."""
    shortest: float
    longest: float
    """The 95 % interval's ends."""
    error: float
    """Standard error of the focal length's logarithm."""
    pairs: int
    against: tuple[str, ...]
    """Ids of solid boxes that fit the others badly, and hardly count."""

    @property
    def hfov(self) -> float:
        """Degrees across."""
        return self.camera.hfov

    @property
    def interval(self) -> tuple[float, float]:
        """Degrees across, narrowest and widest."""
        return self.camera.refocused(self.longest).hfov, self.camera.refocused(self.shortest).hfov

    def off(self, camera: Camera) -> float:
        """How far a camera is from what is wanted, in half intervals: more than 1 is outside."""
        return abs(math.log(camera.focal / self.camera.focal)) / self.half

    @property
    def half(self) -> float:
        """Half the interval, of the focal length's logarithm."""
        return math.log(self.longest / self.shortest) / 2


@dataclass(frozen=True, slots=True)
class _Pair:
    """One solid box and the edges of its rectangle that tell something, in standard deviations that are independent of each
    other."""

    id: str
    seen: tuple[float, ...]
    """Where the rectangle has them, from the principal point."""
    shown: tuple[float, ...]
    """Where the solid box has them at a focal length of one pixel; whatever the lens, they move outwards with it."""

    def residuals(self, focal: float) -> list[float]:
        return [seen - focal * shown for seen, shown in zip(self.seen, self.shown, strict=True)]


def fit_field(pairs: Sequence[tuple[Box3D, Box]], camera: Camera, sigma: float, others: Sequence[Box] = ()) -> FieldFit:
    """Fit the focal length. Raises NotDetermined where these pairs do not tell one.

    `camera`: size, principal point and lens; its focal length does not matter. `sigma`: localisation error of rectangles,
    pixels. `others`: rectangles without a solid box, which may hide something.
    """
    if not sigma > 0:
        raise ValueError(_("σ must be positive, not {sigma}").format(sigma=sigma))
    usable = [made for solid, box in pairs if (made := _pair(solid, box, pairs, others, camera, sigma)) is not None]
    if len(usable) < FEWEST:
        held = {0: _("no solid box has"), 1: _("only one solid box has")}[len(usable)]
        raise NotDetermined(
            _("{held} a rectangle that shows its edges, and {fewest} are needed").format(held=held, fewest=FEWEST)
        )
    at = _started(usable, camera)
    for _round in range(50):
        step = _step(usable, math.exp(at))[0]
        at += max(-0.3, min(0.3, step))
        if abs(step) < 1e-7:
            break
    best = camera.refocused(math.exp(at))
    __, information, weights, scale = _step(usable, best.focal)
    freedom = PRIOR + len(usable) - 1
    error = scale / math.sqrt(information)
    half = _student(freedom) * error
    if half > math.log(WIDEST_FACTOR):
        raise NotDetermined(_("the findings allow nearly any field of view"))
    if not RANGE[0] <= best.hfov <= RANGE[1]:
        raise NotDetermined(
            _("no field of view from {range:.0f}° to {range_2:.0f}° brings solid boxes and rectangles together").format(
                range=RANGE[0], range_2=RANGE[1]
            )
        )
    against = tuple(pair.id for pair, weight in zip(usable, weights, strict=True) if weight < LEAST_WEIGHT)
    return FieldFit(best, math.exp(at - half), math.exp(at + half), error, len(usable), against)


def _pair(
    solid: Box3D, box: Box, pairs: Sequence[tuple[Box3D, Box]], others: Sequence[Box], camera: Camera, sigma: float
) -> _Pair | None:
    """None where the box reaches behind the camera, or too few of the rectangle's edges are its own."""
    if min(z for __, __, z in corners(solid)) < NEAR:
        return None
    before = [*others, *(other for one, other in pairs if other is not box and one.centre[2] < solid.centre[2])]
    ends = (0.0, 0.0, camera.width, camera.height)
    edges = tuple(
        edge
        for edge, at in enumerate(box.corners)
        if abs(at - ends[edge]) > sigma and not any(_hides(one, box, edge, sigma) for one in before)
    )
    if len(edges) < 2:
        return None
    root = _root([[_covariance(a, b, box, sigma) for b in edges] for a in edges])
    unit = outline(solid, camera.refocused(1.0))
    assert unit is not None, "it is in front of the camera"
    middle = (camera.cx, camera.cy) * 2
    return _Pair(
        solid.id,
        tuple(_solved(root, [box.corners[edge] - middle[edge] for edge in edges])),
        tuple(_solved(root, [unit.corners[edge] - middle[edge] for edge in edges])),
    )


def _hides(one: Box, box: Box, edge: int, sigma: float) -> bool:
    """Whether most of an edge lies within another rectangle: it may be where that begins, and not the thing's own end."""
    at, along = box.corners[edge], edge % 2
    low, high = one.corners[along], one.corners[along + 2]
    start, end = (box.y1, box.y2) if along == 0 else (box.x1, box.x2)
    other_start, other_end = (one.y1, one.y2) if along == 0 else (one.x1, one.x2)
    if not low - sigma <= at <= high + sigma:
        return False
    return min(end, other_end) - max(start, other_start) >= (end - start) / 2


def _covariance(a: int, b: int, box: Box, sigma: float) -> float:
    """Of two edges' errors, pixels²."""
    sides = (box.width, box.height)
    outwards = {0: -0.5, 1: -0.5, 2: 0.5, 3: 0.5}
    ours, theirs = outwards[a] * sides[a % 2], outwards[b] * sides[b % 2]
    shared = DEPTH**2 * ours * theirs
    if a % 2 == b % 2:
        shared += (PLACE * sides[a % 2]) ** 2 + SIZE**2 * ours * theirs
    return shared + (sigma**2 if a == b else 0.0)


def _started(pairs: Sequence[_Pair], camera: Camera) -> float:
    """The best of a row of focal lengths, by a loss that one wrong pair cannot rule."""
    narrow, wide = (camera.width / (2 * math.tan(math.radians(degrees) / 2)) for degrees in RANGE)
    tried = [math.log(wide) + (math.log(narrow) - math.log(wide)) * share / 40 for share in range(41)]
    return min(tried, key=lambda at: sum(_loss(pair.residuals(math.exp(at))) for pair in pairs))


def _loss(residuals: Sequence[float]) -> float:
    return math.log1p(_mean_square(residuals) / CAUCHY**2)


def _step(pairs: Sequence[_Pair], focal: float) -> tuple[float, float, list[float], float]:
    """The next step of ln f, the information about it, each pair's weight, and the scale of the errors."""
    slope_sum, information, square_sum, weights = 0.0, 0.0, 0.0, []
    for pair in pairs:
        residuals, slopes = pair.residuals(focal), [focal * shown for shown in pair.shown]
        square = _mean_square(residuals)
        weight = 1 / (1 + square / CAUCHY**2)
        weights.append(weight)
        slope_sum += weight * sum(r * s for r, s in zip(residuals, slopes, strict=True))
        information += weight * sum(s * s for s in slopes)
        square_sum += weight * square
    scale = math.sqrt((PRIOR + square_sum) / (PRIOR + len(pairs) - 1))
    if information <= 0:
        raise NotDetermined(_("the solid boxes lie where every field of view shows them alike"))
    return slope_sum / information, information, weights, scale


def _mean_square(residuals: Sequence[float]) -> float:
    return sum(r * r for r in residuals) / len(residuals)


def _student(freedom: float) -> float:
    """The quantile of Student's t that `SURE` of it lies within (Cornish and Fisher's expansion: Abramowitz and Stegun
    26.7.5), to three digits from five degrees of freedom on."""
    z = NormalDist().inv_cdf((1 + SURE) / 2)
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )


def _root(matrix: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    """Cholesky's lower triangle of a positive definite matrix."""
    rows: list[list[float]] = []
    for i, row in enumerate(matrix):
        made = [0.0] * len(row)
        for j in range(i + 1):
            rest = row[j] - sum(made[k] * (rows[j][k] if j < i else made[k]) for k in range(j))
            made[j] = math.sqrt(rest) if i == j else rest / rows[j][j]
        rows.append(made)
    return tuple(map(tuple, rows))


def _solved(root: Sequence[Sequence[float]], values: Sequence[float]) -> list[float]:
    """The vector whose product with the triangle is `values`."""
    made: list[float] = []
    for row, value in zip(root, values, strict=True):
        made.append((value - sum(a * b for a, b in zip(row, made, strict=False))) / row[len(made)])
    return made
