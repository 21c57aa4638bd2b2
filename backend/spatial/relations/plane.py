"""Near, aligned, between: relations in the picture plane that need sizes, and no axis of their own.

They say nothing of distances in the room, and their reasons say so.
"""

from __future__ import annotations

import math

from backend.language import _
from backend.scene import Box, Claim
from backend.spatial.relations.grounds import Grounds
from backend.spatial.relations.margins import Measured, beyond
from backend.spatial.relations.wording import named, px

SAME_LEVEL = 0.15
"""Of the mean height: centres no further apart vertically are on one level (SPATIAL.md)."""
ALONG = (0.1, 0.9)
"""Of the way from one thing to the other: what lies between them projects into this part."""


def near(claim: Claim, grounds: Grounds, sigma: float) -> Measured:
    """Near: the gap between the rectangles is below their mean diagonal."""
    subject, object_ = _pair(grounds)
    reach = (math.hypot(subject.width, subject.height) + math.hypot(object_.width, object_.height)) / 2
    gap = distance(subject, object_)
    margin = (reach - gap) / sigma
    reason = _("{subject} and {object} are {gap} apart in the picture, and their mean diagonal is {reach}").format(
        subject=named(claim.subject), object=named(claim.object), gap=px(gap), reach=px(reach)
    )
    return Measured(margin, beyond(margin), reason)


def aligned(claim: Claim, grounds: Grounds, sigma: float) -> Measured:
    """On one level: the vertical centres lie within 15 % of the mean height."""
    subject, object_ = _pair(grounds)
    allowed = SAME_LEVEL * (subject.height + object_.height) / 2
    apart = abs(subject.centre[1] - object_.centre[1])
    margin = (allowed - apart) / sigma
    reason = _("the centres of {subject} and {object} are {apart} apart vertically, and {allowed} count as one level").format(
        subject=named(claim.subject), object=named(claim.object), apart=px(apart), allowed=px(allowed)
    )
    return Measured(margin, beyond(margin), reason)


def between(claim: Claim, grounds: Grounds, sigma: float) -> Measured:
    """Between: the centre projects well into the way from one to the other, and lies no further from it than they are large."""
    assert grounds.other is not None
    subject = grounds.subject.box
    one, two = _pair(grounds)[1], grounds.other.box
    way = two.centre[0] - one.centre[0], two.centre[1] - one.centre[1]
    length = math.hypot(*way)
    if length <= sigma:
        reason = _("{object} and {other} lie in the same place, so that nothing is between them").format(
            object=named(claim.object), other=named(claim.other)
        )
        return Measured(0.0, beyond(0.0), reason)
    step = subject.centre[0] - one.centre[0], subject.centre[1] - one.centre[1]
    along = (step[0] * way[0] + step[1] * way[1]) / length
    aside = abs(step[0] * way[1] - step[1] * way[0]) / length
    allowed = sum(math.hypot(box.width, box.height) for box in (one, two)) / 4
    inside = min(along - ALONG[0] * length, ALONG[1] * length - along)
    margin = min(inside, allowed - aside) / sigma
    reason = _(
        "{subject} lies {along:.0%} of the way from {object} to {other} and {aside} beside it, where {allowed} are allowed"
    ).format(
        subject=named(claim.subject),
        along=along / length,
        object=named(claim.object),
        other=named(claim.other),
        aside=px(aside),
        allowed=px(allowed),
    )
    return Measured(margin, beyond(margin), reason)


def distance(a: Box, b: Box) -> float:
    """Between the nearest points of two rectangles, pixels; 0 where they meet."""
    across = max(0.0, a.x1 - b.x2, b.x1 - a.x2)
    down = max(0.0, a.y1 - b.y2, b.y1 - a.y2)
    return math.hypot(across, down)


def _pair(grounds: Grounds) -> tuple[Box, Box]:
    assert grounds.object is not None
    return grounds.subject.box, grounds.object.box
