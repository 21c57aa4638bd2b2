"""Is it plausible where solid boxes touch the ground?

What is on the ground stands on one plane. Which way is down the boxes say themselves, by the axis of theirs that is nearest
to the camera's Y, so that a camera that looks down on a desk needs no rule of its own. The ground is where more than half of
the boxes have their bottoms; a box is contradicted if it floats above that or is sunk into it. Of two boxes that disagree
nobody can say which is wrong, and one alone says nothing, unless its rectangle reaches below the level of the camera while
all of the box is above it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from backend.language import _
from backend.scene import Box, Box3D, Check, Ruling, Verdict
from backend.spatial.box3d import NEAR, corners, outline, rotation
from backend.spatial.camera import Camera, Vector

METRES, SHARE = 0.1, 0.05
"""How far a bottom may be from the ground: 10 cm, and 5 % of the distance, since metres are estimated worse far away."""
CONTRADICTED = 2.0
"""Times what is allowed."""
CARRIED = 0.3
"""Share of a footprint that must lie above another box for that one to carry it."""
_BELOW_SIGMAS = 3.0


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where one box ends below and above; heights along the common downward direction, metres below the camera."""

    solid: Box3D
    bottom: float
    top: float
    z: float
    """Distance of the bottom's middle."""
    around: tuple[float, float, float, float]
    """X and Z from and to."""
    points: tuple[Vector, ...]

    @property
    def allowed(self) -> float:
        return METRES + SHARE * max(self.z, 0.0)

    @property
    def behind(self) -> bool:
        return all(z < NEAR for __, __, z in self.points)


def check_ground(solids: Sequence[Box3D], rectangles: Mapping[str, Box], camera: Camera, sigma: float) -> list[Check]:
    """Rule on the solid boxes of one picture, in their order. `rectangles`: those that are known, by the solid box's id.

    A margin is what is left of the allowed height, in σ: pixels as they are seen at the box's distance. None where heights were
    not compared.
    """
    if not sigma > 0:
        raise ValueError(_("σ must be positive, not {sigma}").format(sigma=sigma))
    down = downward(solids)
    stands = [_stand(solid, down) for solid in solids]
    ground = _ground(stands)
    return [_checked(one, stands, ground, rectangles.get(one.solid.id), camera, sigma) for one in stands]


def downward(solids: Sequence[Box3D]) -> Vector:
    """The direction in which most of these boxes have their bottoms, a unit vector in the camera frame."""
    axes = [_own_down(solid) for solid in solids]
    if not axes:
        return 0.0, 1.0, 0.0
    x, y, z = (median(axis[n] for axis in axes) for n in range(3))
    length = math.hypot(x, y, z)
    return (x / length, y / length, z / length) if length > 0.1 else (0.0, 1.0, 0.0)


def _own_down(solid: Box3D) -> Vector:
    """The axis of a box that is nearest to the camera's Y."""
    rows = rotation(solid.pitch, solid.yaw, solid.roll)
    axis = max(range(3), key=lambda n: abs(rows[1][n]))
    sign = 1 if rows[1][axis] >= 0 else -1
    return sign * rows[0][axis], sign * rows[1][axis], sign * rows[2][axis]


def _stand(solid: Box3D, down: Vector) -> _Stand:
    points = corners(solid)
    by_height = sorted((sum(a * b for a, b in zip(point, down, strict=True)), point) for point in points)
    across, along = [x for x, __, __ in points], [z for __, __, z in points]
    return _Stand(
        solid,
        sum(height for height, __ in by_height[4:]) / 4,
        sum(height for height, __ in by_height[:4]) / 4,
        sum(point[2] for __, point in by_height[4:]) / 4,
        (min(across), min(along), max(across), max(along)),
        points,
    )


def _ground(stands: Sequence[_Stand]) -> tuple[float, tuple[_Stand, ...]] | None:
    """How far below the camera the ground is, and who stands on it; None where no majority agrees.

    Boxes that another one carries have no vote.
    """
    voters = [one for one in stands if not one.behind and _carrier(one, stands) is None]
    best: list[_Stand] = []
    for candidate in voters:
        agreeing = [one for one in voters if abs(one.bottom - candidate.bottom) <= max(one.allowed, candidate.allowed)]
        if len(agreeing) > len(best):
            best = agreeing
    if len(best) < 2 or 2 * len(best) <= len(voters):
        return None
    return median(one.bottom for one in best), tuple(best)


def _checked(
    one: _Stand,
    stands: Sequence[_Stand],
    ground: tuple[float, tuple[_Stand, ...]] | None,
    box: Box | None,
    camera: Camera,
    sigma: float,
) -> Check:
    def rule(ruling: Ruling, reason: str, against: str = "", margin: float | None = None) -> Check:
        return Check(
            "ground",
            one.solid.id,
            against,
            Verdict(ruling, margin, _("{reason} (camera frame, the model's metres)").format(reason=reason)),
        )

    if one.behind:
        return rule(Ruling.CONTRADICTED, _("it lies behind the camera"))
    if box is not None and (why := _seen_lower(one, box, camera, sigma)):
        return rule(Ruling.CONTRADICTED, why, box.id)
    if (carrier := _carrier(one, stands)) is not None:
        return rule(Ruling.CONFIRMED, _("it stands on {id}").format(id=carrier.solid.id), carrier.solid.id)
    others = [other for other in stands if other is not one and not other.behind and _carrier(other, stands) is None]
    if not others:
        return rule(
            Ruling.UNDETERMINED,
            _("there is nothing to compare its bottom with, which is {level}").format(level=_level(one.bottom)),
        )
    if ground is None:
        rest = ", ".join(f"{other.solid.id} {_level(other.bottom)}" for other in others[:3])
        return rule(
            Ruling.UNDETERMINED,
            _("no ground is common to most boxes: its bottom is {level}, that of {rest}").format(
                level=_level(one.bottom), rest=rest
            ),
        )
    height, standing = ground
    return rule(*_compared(one, height, standing, camera, sigma))


def _compared(
    one: _Stand, height: float, standing: tuple[_Stand, ...], camera: Camera, sigma: float
) -> tuple[Ruling, str, str, float]:
    """A box against the ground that others stand on: ruling, reason, one of those others, margin."""
    witnesses = [other for other in standing if other is not one]
    against = witnesses[0].solid.id if witnesses else ""
    gap = abs(one.bottom - height)
    margin = (one.allowed - gap) * camera.focal / (max(one.z, NEAR) * sigma)
    names = ", ".join(other.solid.id for other in witnesses[:3]) + (", …" if len(witnesses) > 3 else "")
    if height <= 0:
        reason = _("its bottom is {level} and that of {names} as well: no ground for a level camera").format(
            level=_level(one.bottom), names=names
        )
        return Ruling.UNDETERMINED, reason, against, margin
    said = (
        _("its bottom is {gap:.2f} m above the ground of {names} ({level}), {allowed:.2f} m are allowed")
        if one.bottom < height
        else _("its bottom is {gap:.2f} m below the ground of {names} ({level}), {allowed:.2f} m are allowed")
    )
    where = said.format(gap=gap, names=names, level=_level(height), allowed=one.allowed)
    if gap <= one.allowed:
        return Ruling.CONFIRMED, where, against, margin
    if gap <= CONTRADICTED * one.allowed:
        return Ruling.UNDETERMINED, where, against, margin
    nothing = _(", and nothing that was found carries it") if one.bottom < height else ""
    return Ruling.CONTRADICTED, f"{where}{nothing}", against, margin


def _seen_lower(one: _Stand, box: Box, camera: Camera, sigma: float) -> str:
    """Why a box cannot be where it is said to be: all of it is above the camera, and its rectangle reaches well below the
    level of the camera. True of any camera, level or not: what has Y < 0 is seen above the principal point."""
    seen = outline(one.solid, camera)
    lowest = max(y for __, y, __ in one.points)
    below = box.y2 - camera.cy
    if lowest >= 0 or seen is None or below <= _BELOW_SIGMAS * sigma + 0.15 * box.height:
        return ""
    return _(
        "its bottom is {value:.2f} m above the camera's axis (y {cy:.0f} px), but {id} reaches {below:.0f} px below that"
    ).format(value=-lowest, cy=camera.cy, id=box.id, below=below)


def _carrier(one: _Stand, stands: Sequence[_Stand]) -> _Stand | None:
    """The box that this one stands on: its top is at this one's bottom, and its footprint below a good part of this one's."""
    x1, z1, x2, z2 = one.around
    area = (x2 - x1) * (z2 - z1)
    for other in stands:
        if other is one or other.behind or abs(other.top - one.bottom) > one.allowed or other.bottom <= one.bottom:
            continue
        across = min(x2, other.around[2]) - max(x1, other.around[0])
        along = min(z2, other.around[3]) - max(z1, other.around[1])
        if across > 0 and along > 0 and across * along >= CARRIED * area:
            return other
    return None


def _level(height: float) -> str:
    """A height below the camera in words."""
    return (
        _("{height:.2f} m below the camera").format(height=height)
        if height >= 0
        else _("{value:.2f} m above the camera").format(value=-height)
    )
