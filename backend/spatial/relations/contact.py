"""Occludes, inside, on: two things whose rectangles meet, and what that can mean.

Rectangles that are apart contradict all three. Where they meet the picture alone does not tell before from behind, so that
what is left is settled by distance, or not at all.
"""

from __future__ import annotations

from dataclasses import replace

from backend.language import _
from backend.scene import Box, Box3D, Claim, Ruling
from backend.spatial.box3d import corners
from backend.spatial.relations import depth
from backend.spatial.relations.grounds import Grounds
from backend.spatial.relations.margins import Measured, undetermined
from backend.spatial.relations.plane import distance
from backend.spatial.relations.wording import named, px

HIDDEN_SHARE = 0.1
"""Of the object's rectangle that must be covered: rectangles overlap at corners where the things do not."""
INSIDE_SHARE = 0.9
"""Of the subject's area that must lie within the object."""
FOOT = 0.1
"""Of the object's height, by which what stands on it may miss its top."""
SUPPORT = 0.3
"""Of the subject's width that must be over the object."""


def occludes(claim: Claim, grounds: Grounds, sigma: float) -> Measured:
    """The rectangles overlap, and the subject is the nearer; the amount is the covered share of the object."""
    assert grounds.object is not None
    subject, object_ = grounds.subject.box, grounds.object.box
    names = named(claim.subject), named(claim.object)
    if (apart := _apart(subject, object_, names, sigma)) is not None:
        return apart
    share = _shared(subject, object_) / object_.area if object_.area else 0.0
    found = depth.order(grounds.subject, grounds.object, names, sigma)
    reason = _("{names} covers {share:.0%} of {names_2}'s rectangle, and {reason}").format(
        names=names[0], share=share, names_2=names[1], reason=found.reason
    )
    if found.ruling is Ruling.CONTRADICTED and found.metric is not None and found.metric < 0:
        return Measured(found.margin, Ruling.CONTRADICTED, reason)
    if found.ruling is Ruling.CONFIRMED and share >= HIDDEN_SHARE:
        return Measured(found.margin, Ruling.CONFIRMED, reason)
    if found.ruling is Ruling.CONFIRMED:
        return undetermined(_("{reason}: so little may be the rectangles' corners alone").format(reason=reason), found.margin)
    return undetermined(_("{reason}: that does not settle it").format(reason=reason), found.margin)


def inside(claim: Claim, grounds: Grounds, sigma: float) -> Measured:
    """The subject lies within the object in the picture, and in depth where that is known."""
    assert grounds.object is not None
    subject, object_ = grounds.subject.box, grounds.object.box
    names = named(claim.subject), named(claim.object)
    if (apart := _apart(subject, object_, names, sigma)) is not None:
        return apart
    out = max(object_.x1 - subject.x1, subject.x2 - object_.x2, object_.y1 - subject.y1, subject.y2 - object_.y2)
    margin = -out / sigma
    share = _share_within(subject, object_)
    reason = _("{share:.0%} of {names}'s rectangle lie within {names_2}'s").format(
        share=share, names=names[0], names_2=names[1]
    )
    if _share_within(_shrunk(subject, sigma), object_) < INSIDE_SHARE and out > sigma:
        return Measured(margin, Ruling.CONTRADICTED, _("{reason}; it sticks out by {out}").format(reason=reason, out=px(out)))
    if share < INSIDE_SHARE:
        return undetermined(
            _("{reason}, which the localisation error of {sigma} may account for").format(reason=reason, sigma=px(sigma)),
            margin,
        )
    solid, around = grounds.subject.solid, grounds.object.solid
    if solid is None or around is None:
        return undetermined(_("{reason}: inside it or before it, rectangles do not tell").format(reason=reason), margin)
    near, far = _interval(solid)
    start, end = _interval(around)
    slack = depth.METRIC_ERROR * (start + end) / 2
    reason += _(
        ", and by the model's metres it reaches from {near:.2f} to {far:.2f} m, the other from {start:.2f} to {end:.2f} m"
    ).format(near=near, far=far, start=start, end=end)
    if start - slack <= near and far <= end + slack:
        return Measured(margin, Ruling.CONFIRMED, reason)
    if far < start - slack or near > end + slack:
        return Measured(margin, Ruling.CONTRADICTED, reason)
    return undetermined(reason, margin)


def on(claim: Claim, grounds: Grounds, sigma: float) -> Measured:
    """The subject's bottom meets the object's top, and enough of it is over the object."""
    assert grounds.object is not None
    subject, object_ = grounds.subject.box, grounds.object.box
    names = named(claim.subject), named(claim.object)
    if (apart := _apart(subject, object_, names, sigma)) is not None:
        return replace(apart, reason=_("{reason}, so that neither bears the other").format(reason=apart.reason))
    over = max(0.0, min(subject.x2, object_.x2) - max(subject.x1, object_.x1))
    share = over / subject.width if subject.width else 0.0
    miss = subject.y2 - object_.y1
    allowed = FOOT * object_.height
    said = (
        _("{one}'s bottom edge ({bottom}) is {apart} below {other}'s top edge ({top}), {share:.0%} of its width over it")
        if miss > 0
        else _("{one}'s bottom edge ({bottom}) is {apart} above {other}'s top edge ({top}), {share:.0%} of its width over it")
    )
    reason = said.format(
        one=names[0], bottom=px(subject.y2), apart=px(abs(miss)), other=names[1], top=px(object_.y1), share=share
    )
    margin = (allowed - abs(miss)) / sigma
    if abs(miss) <= allowed + sigma and share >= SUPPORT:
        return Measured(
            max(margin, 0.0), Ruling.CONFIRMED, _("{reason}, as far as the picture plane shows").format(reason=reason)
        )
    if subject.y1 > object_.y2 - sigma or subject.y2 > object_.y2 + 2 * sigma:
        return Measured(
            -(subject.y2 - object_.y2) / sigma,
            Ruling.CONTRADICTED,
            _("{reason}: it reaches below the other").format(reason=reason),
        )
    if miss > 0:
        return undetermined(_("{reason}: on it, seen from above, or before it").format(reason=reason), margin)
    return undetermined(reason, margin)


def _apart(subject: Box, object_: Box, names: tuple[str, str], sigma: float) -> Measured | None:
    """A contradiction where the rectangles do not even touch."""
    gap = distance(subject, object_)
    if gap <= sigma:
        return None
    return Measured(
        -gap / sigma,
        Ruling.CONTRADICTED,
        _("{names} and {names_2} are {gap} apart in the picture").format(names=names[0], names_2=names[1], gap=px(gap)),
    )


def _shared(a: Box, b: Box) -> float:
    across = min(a.x2, b.x2) - max(a.x1, b.x1)
    down = min(a.y2, b.y2) - max(a.y1, b.y1)
    return max(across, 0.0) * max(down, 0.0)


def _share_within(subject: Box, object_: Box) -> float:
    return _shared(subject, object_) / subject.area if subject.area else 1.0


def _shrunk(box: Box, by: float) -> Box:
    """The rectangle with every edge moved inwards, as far as there is room."""
    x, y = min(by, box.width / 2), min(by, box.height / 2)
    return replace(box, x1=box.x1 + x, y1=box.y1 + y, x2=box.x2 - x, y2=box.y2 - y)


def _interval(solid: Box3D) -> tuple[float, float]:
    depths = [z for __, __, z in corners(solid)]
    return min(depths), max(depths)
