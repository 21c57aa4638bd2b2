"""A depth network as a witness of what an answer says about near and far.

It says which of two things is nearer where their depths are apart by more than their spreads, else nothing. What it cannot
see it does not say: that something hides another needs more than being nearer, so the map has to see the nearer one within
the other's rectangle as well; where it sees nothing of it there, and where it is farther, that speaks against it.
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.language import _
from backend.sanitise import one_line
from backend.scene import Box, Claim, DepthMap, Relation, Witness
from backend.spatial.depth.ordering import NEEDED, order
from backend.spatial.depth.sampling import FindingDepth, covered, measured, shows_depth

SPOKEN_OF = (Relation.IN_FRONT_OF, Relation.BEHIND, Relation.OCCLUDES, Relation.NEAREST, Relation.FARTHEST)
HIDES, CLEAR_OF = 0.05, 0.01
"""Of the farther thing's rectangle, where the nearer one is seen: from the first on it hides some of it, below the second
none."""
_NEARER = (Relation.IN_FRONT_OF, Relation.OCCLUDES, Relation.NEAREST)


def witness_of(claim: Claim, boxes: Sequence[Box], depth: DepthMap, rivals: Sequence[Box] = ()) -> Witness | None:
    """What the map says of a claim whose things have boxes (`subject_id`, `object_id`), all in the map's picture.

    `rivals`: what a nearest or farthest thing is compared with. None where the claim is not about depth or a box is missing.
    """
    by_id = {box.id: box for box in boxes}
    subject = by_id.get(claim.subject_id)
    others = list(rivals) if claim.relation in (Relation.NEAREST, Relation.FARTHEST) else [by_id.get(claim.object_id)]
    if claim.relation not in SPOKEN_OF or claim.frame != "camera" or subject is None or not others or None in others:
        return None
    if not shows_depth(depth):
        return _said(depth, None, _("it sees no depth in this picture"))
    found = measured(depth, boxes)
    compared = [_compared(claim, subject, other, found, depth) for other in others if other is not None]
    ranks = {False: 0, None: 1, True: 2}
    agrees, reason = min(compared, key=lambda pair: ranks[pair[0]])
    if claim.negated and agrees is not None:
        agrees = not agrees
    return _said(depth, agrees, reason)


def _compared(
    claim: Claim, subject: Box, other: Box, found: dict[str, FindingDepth], depth: DepthMap
) -> tuple[bool | None, str]:
    """Whether the map supports the relation between two things, and its numbers."""
    one, two = found.get(subject.id), found.get(other.id)
    names = one_line(subject.label, 60) or subject.id, one_line(other.label, 60) or other.id
    if one is None or two is None:
        return None, _("it knows no depth of {value}").format(value=names[0] if one is None else names[1])
    if one.shared or two.shared:
        return None, _("{value} lies under other boxes, so that its depth cannot be told").format(
            value=names[0] if one.shared else names[1]
        )
    seen = order(depth, one, two)
    if seen.nearer is None:
        return None, _("{names} and {names_2} are equally far within {needed:g} spreads ({numbers})").format(
            names=names[0], names_2=names[1], needed=NEEDED, numbers=seen.numbers
        )
    said = (
        _("it puts {one} nearer than {other} ({numbers})")
        if seen.nearer
        else _("it puts {one} farther than {other} ({numbers})")
    )
    reason = said.format(one=names[0], other=names[1], numbers=seen.numbers)
    if claim.relation == Relation.OCCLUDES and seen.nearer:
        share = before(depth, (subject, one), (other, two))
        reason += _(", and as near in {share:.0%} of its rectangle").format(share=share)
        return (True if share >= HIDES else False if share < CLEAR_OF else None), reason
    return seen.nearer == (claim.relation in _NEARER), reason


def _said(depth: DepthMap, agrees: bool | None, reason: str) -> Witness:
    return Witness("depth", agrees, f"{one_line(depth.source, 100)}: {reason}")


def before(depth: DepthMap, front: tuple[Box, FindingDepth], back: tuple[Box, FindingDepth]) -> float:
    """Share of the farther thing's rectangle where the map sees the nearer one: within both rectangles, and nearer than midway
    between their depths. Rectangles that only meet at corners, where neither thing is, share nothing by that."""
    import numpy as np

    (box, one), (other, two) = front, back
    whole = covered(depth, other.corners)
    apart = box.x1 >= other.x2 or other.x1 >= box.x2 or box.y1 >= other.y2 or other.y1 >= box.y2
    if apart or not whole.any():
        return 0.0
    midway = (one.value + two.value) / 2
    near = depth.values > midway if one.value > two.value else depth.values < midway
    return float(np.sum(whole & covered(depth, box.corners) & near) / np.sum(whole))
