"""Several views of one place on one plan: where each camera stood, told from the things that two views share.

The cameras are taken to be level. Each view's 3D boxes are metres of its own camera; a turn and a shift on the ground bring
them onto those that are placed already (least squares over shared things, Umeyama 1991 with the scale held at 1). Every two
shared things propose a turn and a shift, and the one that explains most wins, so that a thing which moved between two pictures
decides nothing. A view that shares fewer than two things cannot be placed, and is said to be left out.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from backend.language import _
from backend.scene import Box3D, Intrinsics
from backend.spatial.box3d import corners
from backend.spatial.topdown import Spot, hull

TOLERANCE = 0.2
"""Share of its distance by which the model's estimate of a thing's place may be off for it to count as agreeing."""
LEAST = 0.3
"""Metres that are always allowed."""
HALF_VIEW = math.tan(math.radians(30))
"""X at Z = 1 of the edge of the field of view, where no camera is known."""

View = tuple[str, Sequence[Box3D], Intrinsics | None, tuple[int, int]]
"""What a view is called, its 3D boxes, its camera, and its size in pixels."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A camera on the plan: x, z in metres of the first camera's frame, and its turn to the right, radians."""

    name: str
    x: float
    z: float
    heading: float
    sides: Spot
    """X at Z = 1 of the left and right edge of what it sees, in its own frame."""
    agreeing: int
    """Things by which it was placed; 0 of the first, which the plan is drawn around."""
    residual: float
    """Root mean square of the distances at which those are from each other, metres."""

    def placed(self, spot: Spot) -> Spot:
        """From its own frame to the plan's."""
        cos, sin = math.cos(self.heading), math.sin(self.heading)
        return cos * spot[0] + sin * spot[1] + self.x, -sin * spot[0] + cos * spot[1] + self.z


@dataclass(frozen=True, slots=True)
class PlacedThing:
    """One thing on the plan, as the nearest camera that saw it estimates it."""

    label: str
    hull: tuple[Spot, ...]
    centre: Spot
    views: tuple[str, ...]
    spread: float
    """Metres between the farthest two estimates of its place; 0 of a single one."""


@dataclass(frozen=True, slots=True)
class PlacePlan:
    """A place from above."""

    cameras: tuple[Standing, ...]
    things: tuple[PlacedThing, ...]
    notes: tuple[str, ...]
    """What could not be placed, and why."""


def merged(views: Sequence[View]) -> PlacePlan:
    """One plan of all views that can be placed, around the one that shares most things with the others."""
    waiting = [view for view in views if view[1]]
    notes = [_("{name} has no 3D boxes, and is not on the map").format(name=name) for name, solids, *__ in views if not solids]
    if not waiting:
        return PlacePlan((), (), tuple(notes))
    waiting.sort(key=lambda view: -sum(len(_shared(_spots(view[1]), _spots(other[1]))) for other in waiting))
    first = waiting.pop(0)
    placed = [(first, Standing(first[0], 0.0, 0.0, 0.0, _sides(first), 0, 0.0))]
    while waiting:
        offers = [(offer, view) for view in waiting if (offer := _stand(view, _known(placed))) is not None]
        if not offers:
            break
        best, view = max(offers, key=lambda offer: (offer[0].agreeing, -offer[0].residual))
        placed.append((view, best))
        waiting.remove(view)
    notes += [
        _("{name} shares fewer than two things with the rest, and is not on the map").format(name=name) for name, *__ in waiting
    ]
    return PlacePlan(tuple(standing for __, standing in placed), tuple(_things(placed)), tuple(notes))


def _spots(solids: Sequence[Box3D]) -> dict[str, Spot]:
    """Where each thing is whose name no other one of the view has."""
    counts = Counter(_name(solid) for solid in solids)
    return {_name(solid): (solid.centre[0], solid.centre[2]) for solid in solids if counts[_name(solid)] == 1}


def _known(placed: Sequence[tuple[View, Standing]]) -> dict[str, Spot]:
    """Where things are on the plan, of several estimates the mean."""
    spots: defaultdict[str, list[Spot]] = defaultdict(list)
    for view, standing in placed:
        for name, spot in _spots(view[1]).items():
            spots[name].append(standing.placed(spot))
    return {name: (_mean(x for x, __ in found), _mean(z for __, z in found)) for name, found in spots.items()}


def _stand(view: View, known: Mapping[str, Spot]) -> Standing | None:
    """Where the camera of a view stood; None where too little tells."""
    own = _spots(view[1])
    names = _shared(own, known)
    best: tuple[list[str], float] | None = None
    for pair in combinations(names, 2):
        proposed = _fitted(pair, own, known, view)
        agreeing = [
            name
            for name in names
            if math.dist(proposed.placed(own[name]), known[name]) <= max(LEAST, TOLERANCE * math.hypot(*own[name]))
        ]
        if len(agreeing) >= 2 and set(pair) <= set(agreeing):
            off = _fitted(agreeing, own, known, view).residual
            if best is None or (len(agreeing), -off) > (len(best[0]), -best[1]):
                best = agreeing, off
    return None if best is None else _fitted(best[0], own, known, view)


def _fitted(names: Sequence[str], own: Mapping[str, Spot], known: Mapping[str, Spot], view: View) -> Standing:
    """The turn and the shift that bring a view's things nearest to where they are known to be."""
    mine, plan = [own[name] for name in names], [known[name] for name in names]
    mx, mz = _mean(x for x, __ in mine), _mean(z for __, z in mine)
    px, pz = _mean(x for x, __ in plan), _mean(z for __, z in plan)
    along = across = 0.0
    for (x, z), (u, w) in zip(mine, plan, strict=True):
        along += (x - mx) * (u - px) + (z - mz) * (w - pz)
        across += (z - mz) * (u - px) - (x - mx) * (w - pz)
    heading = math.atan2(across, along)
    turned = Standing(view[0], 0.0, 0.0, heading, _sides(view), len(names), 0.0)
    tx, tz = turned.placed((mx, mz))
    standing = Standing(view[0], px - tx, pz - tz, heading, turned.sides, len(names), 0.0)
    off = math.sqrt(_mean(math.dist(standing.placed(spot), at) ** 2 for spot, at in zip(mine, plan, strict=True)))
    return Standing(view[0], standing.x, standing.z, heading, turned.sides, len(names), off)


def _things(placed: Sequence[tuple[View, Standing]]) -> list[PlacedThing]:
    """Each thing once: those of one name in several views are one where no view has two of them."""
    found: defaultdict[str, list[tuple[Box3D, Standing]]] = defaultdict(list)
    for (__, solids, *_rest), standing in placed:
        counts = Counter(map(_name, solids))
        for number, solid in enumerate(solids):
            own = "" if counts[_name(solid)] == 1 else f"\0{standing.name}\0{number}"
            found[_name(solid) + own].append((solid, standing))
    made = []
    for group in found.values():
        solid, nearest = min(group, key=lambda one: one[0].centre[2])
        spots = [standing.placed((one.centre[0], one.centre[2])) for one, standing in group]
        spread = max((math.dist(a, b) for a, b in combinations(spots, 2)), default=0.0)
        outline = hull([nearest.placed((x, z)) for x, __, z in corners(solid)])
        centre = nearest.placed((solid.centre[0], solid.centre[2]))
        made.append(PlacedThing(solid.label, outline, centre, tuple(standing.name for __, standing in group), spread))
    return made


def _shared(one: Mapping[str, Spot], other: Mapping[str, Spot]) -> list[str]:
    return [name for name in one if name in other]


def _sides(view: View) -> Spot:
    camera, (width, _height) = view[2:]
    return (-HALF_VIEW, HALF_VIEW) if camera is None else (-camera.cx / camera.focal, (width - camera.cx) / camera.focal)


def _name(solid: Box3D) -> str:
    return solid.label.strip().casefold()


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers)
