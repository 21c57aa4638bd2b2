"""What moved, appeared, disappeared and came nearer between two pictures: told from boxes, with their error in mind.

Boxes are matched by name, and where a name occurs several times those first that are where the camera's motion would have
left them: what stayed must not be taken for what moved. Of a box that the picture's edge cuts only the edges count that are
the thing's own. A thing that is missing has disappeared only where the other picture shows its place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backend.language import _
from backend.sanitise import one_line
from backend.scene import Box
from backend.scene.changes import CameraMotion, Change, ChangeKind, MotionKind
from backend.spatial.camera_motion import Motion, Pair, Sight, camera_motion, name, shifts

CERTAIN = 4.0
"""Standard deviations of its error that a change must exceed; by chance 1 still thing in 3,000 seems moved (exp(−4² / 2))."""
LEAST_GROWTH = math.log(1.08)
"""Logarithm of the change of size below which nothing came nearer, however small the boxes' error."""
METRIC_ERROR = 0.15
"""Of a model's metres, as a share of the distance: the depth error that is published for these models (SPATIAL.md)."""
IN_VIEW = 0.5
"""Share of a box that must fall into a picture for that picture to show its place."""
COVERED = 0.6
"""Share of a place that another box covers from which it may be hidden there."""
SAME_PLACE = 0.6
"""IoU above which a thing with another name stands in a place."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two pictures held against each other."""

    changes: tuple[Change, ...]
    """In the order of the earlier picture's boxes, then what is new in the later one."""
    motion: CameraMotion


def compared(before: Sight, after: Sight, pictures: tuple[int, int] = (0, 1)) -> Comparison:
    """What changed from one picture to the other. `pictures`: which they are among those of a question."""
    motion = camera_motion(before, after)
    pairs = matched(before.boxes, after.boxes, motion)
    partner = {id(one): (one, other) for one, other in pairs}
    found = {id(other) for __, other in pairs}
    made: list[Change] = []
    for box in before.boxes:
        pair = partner.get(id(box))
        made += _of_pair(pair, motion, before, after, pictures) if pair else [_gone(box, motion, after, pictures)]
    made += [_new(box, motion, before, pictures) for box in after.boxes if id(box) not in found]
    return Comparison(tuple(made), _told(motion, pictures))


def matched(before: Sequence[Box], after: Sequence[Box], motion: Motion) -> list[Pair]:
    """Boxes of one name in pairs, no box twice: those first that overlap most where the camera's motion puts them, then the
    nearest."""
    offers = []
    for at, one in enumerate(before):
        moved = motion.of(one)
        for to, other in enumerate(after):
            if name(one) == name(other):
                offers.append((1 - moved.iou(other), math.dist(moved.centre, other.centre), at, to))
    pairs: dict[int, int] = {}
    for __, __, at, to in sorted(offers):
        if at not in pairs and to not in pairs.values():
            pairs[at] = to
    return [(before[at], after[to]) for at, to in sorted(pairs.items())]


def _of_pair(pair: Pair, motion: Motion, before: Sight, after: Sight, pictures: tuple[int, int]) -> list[Change]:
    """Of a thing that both pictures show: that it moved, that it came nearer or went farther, or neither."""
    one, other = pair
    went, sure = _displacement(pair, motion, before, after)
    growth, size_sure, size_note = _growth(pair, motion, before, after)
    scale = None if growth is None else math.exp(growth)
    kinds: list[tuple[ChangeKind, str]] = []
    if went is not None and sure is not None and sure > CERTAIN:
        kinds.append((ChangeKind.MOVED, _("it is {way} where it was ({sure:.1f} σ)").format(way=_way(went), sure=sure)))
    if growth is not None and size_sure is not None and abs(size_sure) > CERTAIN and abs(growth) > LEAST_GROWTH:
        kind = ChangeKind.NEARER if growth > 0 else ChangeKind.FARTHER
        metric, told = _by_metres(one, other, before, after)
        looks = _("it looks {exp:.2f} times as large ({size_sure:.1f} σ){told}").format(
            exp=math.exp(growth), size_sure=abs(size_sure), told=told
        )
        if metric * growth >= 0:
            kinds.append((kind, looks))
        else:
            size_note = _("{looks}, and the two disagree").format(looks=looks)
    if not kinds:
        moved = (
            _("what is seen of it does not tell whether it moved")
            if sure is None
            else _("it is within {sure:.1f} σ of where it was").format(sure=sure)
        )
        kinds.append((ChangeKind.UNCHANGED, f"{moved}{'; ' if size_note else ''}{size_note}"))
    aside = _(", the camera's motion taken off") if motion.kind is MotionKind.MOVED else ""
    return [
        Change(kind, one.label, *pictures, one.id, other.id, went, sure, scale, size_sure, f"{reason}{aside}")
        for kind, reason in kinds
    ]


def _displacement(pair: Pair, motion: Motion, before: Sight, after: Sight) -> tuple[tuple[float, float] | None, float | None]:
    """How far it went, in pixels of the later picture, and in standard deviations.

    Along an axis the mean of both edges' shifts has half an edge's variance; where the picture cuts one, the other stands
    alone.
    """
    seen: tuple[list[float], list[float]] = ([], [])
    for axis, shift in shifts(pair, motion, before, after):
        seen[axis].append(shift)
    if not all(seen):
        return None, None
    means = [sum(axis) / len(axis) for axis in seen]
    variance = motion.error(before, after) ** 2 * (1 + 1 / max(1, motion.agreeing) * (motion.kind is MotionKind.MOVED))
    sure = math.sqrt(sum(mean**2 * len(axis) / variance for mean, axis in zip(means, seen, strict=True)))
    return (means[0], means[1]), sure


def _growth(pair: Pair, motion: Motion, before: Sight, after: Sight) -> tuple[float | None, float | None, str]:
    """The logarithm of how many times as large it looks, in standard deviations too; and why it says nothing, where that is so.

    Width and height each vote with the inverse of their variance; where they differ by more than their error allows, the thing
    has turned or is partly hidden, and its size says nothing of its distance.
    """
    one, other = motion.of(pair[0]), pair[1]
    whole = [a and b for a, b in zip(before.free(pair[0]), after.free(other), strict=True)]
    votes = []
    for first, second, was, now in ((0, 2, one.width, other.width), (1, 3, one.height, other.height)):
        if whole[first] and whole[second] and was > 0 and now > 0:
            noise = 2 * ((motion.scale * before.sigma / was) ** 2 + (after.sigma / now) ** 2)
            votes.append((math.log(now / was), noise))
    if not votes:
        return None, None, _("the picture's edge cuts it, so that its size does not tell")
    weight = sum(1 / noise for __, noise in votes)
    growth = sum(vote / noise for vote, noise in votes) / weight
    if len(votes) == 2 and abs(votes[0][0] - votes[1][0]) > CERTAIN * math.sqrt(votes[0][1] + votes[1][1]):
        return None, None, _("its outline changed its proportions, so that it has turned or is partly hidden")
    return growth, growth * math.sqrt(weight), ""


def _by_metres(one: Box, other: Box, before: Sight, after: Sight) -> tuple[int, str]:
    """Whether the model's own 3D boxes say nearer (1), farther (−1) or nothing (0), and their words."""
    was, now = _distance(one, before), _distance(other, after)
    if was is None or now is None:
        return 0, ""
    told = _("; the model's 3D boxes put it at {was:.1f} m and then {now:.1f} m (its estimate)").format(was=was, now=now)
    if abs(was - now) <= 2 * METRIC_ERROR * (was + now) / 2:
        return 0, told
    return (1 if now < was else -1), told


def _distance(box: Box, sight: Sight) -> float | None:
    """Metres from the camera as the model estimates them; None where no 3D box has that name, or several."""
    named = [solid for solid in sight.solids if name(solid) == name(box)]
    return math.hypot(*named[0].centre) if len(named) == 1 else None


def _gone(box: Box, motion: Motion, after: Sight, pictures: tuple[int, int]) -> Change:
    place = motion.of(box)
    if _share_in(place, after) < IN_VIEW:
        reason = _("its place lies outside picture {pictures}").format(pictures=pictures[1] + 1)
        kind = ChangeKind.LEFT_VIEW
    else:
        reason = _("picture {pictures} shows its place, and it was not found there{instead}").format(
            pictures=pictures[1] + 1, instead=_instead(place, after)
        )
        kind = ChangeKind.DISAPPEARED
    return Change(kind, box.label, *pictures, box.id, "", None, None, None, None, reason)


def _new(box: Box, motion: Motion, before: Sight, pictures: tuple[int, int]) -> Change:
    place = motion.back(box)
    if _share_in(place, before) < IN_VIEW:
        reason = _("its place lies outside picture {pictures}").format(pictures=pictures[0] + 1)
        kind = ChangeKind.ENTERED_VIEW
    else:
        reason = _("picture {pictures} shows its place, and it was not found there{instead}").format(
            pictures=pictures[0] + 1, instead=_instead(place, before)
        )
        kind = ChangeKind.APPEARED
    return Change(kind, box.label, *pictures, "", box.id, None, None, None, None, reason)


def _share_in(place: Box, sight: Sight) -> float:
    """How much of a place falls into the picture."""
    return place.clamped(sight.width, sight.height).area / place.area if place.area > 0 else 1.0


def _instead(place: Box, sight: Sight) -> str:
    """What else was found there, which may be the same thing under another name, or hide it."""
    for other in sight.boxes:
        called = f"“{one_line(other.label, 40)}” ({one_line(other.id, 12)})"
        if place.iou(other) > SAME_PLACE:
            return _("; {called} is in its place: another thing, or another name").format(called=called)
        across = min(place.x2, other.x2) - max(place.x1, other.x1)
        down = min(place.y2, other.y2) - max(place.y1, other.y1)
        if across > 0 and down > 0 and place.area > 0 and across * down / place.area > COVERED:
            return _("; {called} covers {area:.0%} of its place and may hide it").format(
                called=called, area=across * down / place.area
            )
    return ""


def _way(went: tuple[float, float]) -> str:
    """“120 px right of and 8 px below”."""
    right, down = went
    parts = []
    if abs(right) >= 0.5:
        parts.append((_("{pixels:.0f} px right of") if right > 0 else _("{pixels:.0f} px left of")).format(pixels=abs(right)))
    if abs(down) >= 0.5:
        parts.append((_("{pixels:.0f} px below") if down > 0 else _("{pixels:.0f} px above")).format(pixels=abs(down)))
    return _(" and ").join(parts) or _("less than a pixel from")


def _told(motion: Motion, pictures: tuple[int, int]) -> CameraMotion:
    count = _("{agreeing} of {shared} things that are in both pictures").format(agreeing=motion.agreeing, shared=motion.shared)
    match motion.kind:
        case MotionKind.STILL:
            reason = _("the camera stood still: {count} are where they were").format(count=count)
        case MotionKind.MOVED:
            x, y = motion.shift
            reason = _(
                "the camera moved, which explains {count}: a place (x, y) of picture {pictures} is at "
                "({scale:.3f} x {x:+.1f}, {scale:.3f} y {y:+.1f}) in picture {pictures_2}"
            ).format(count=count, pictures=pictures[0] + 1, scale=motion.scale, x=x, y=y, pictures_2=pictures[1] + 1)
        case MotionKind.UNKNOWN:
            reason = _(
                "what the camera did cannot be told from {shared} shared things; it is taken to have stood still"
            ).format(shared=motion.shared)
    return CameraMotion(motion.kind, *pictures, motion.scale, motion.shift, motion.agreeing, motion.shared, reason)
