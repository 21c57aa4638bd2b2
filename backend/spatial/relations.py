"""Geometry's ruling on a claim such as “the cup is left of the plate”, from the two boxes alone.

A relation holds where the facing edges are apart by more than σ, and is contradicted where they are so the other way
round. Boxes that overlap along the axis decide nothing: their centres may speak for the claim, and the reason then says
“probably”, but a ruling is only given where a localisation error could not have turned it over.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.sanitise import one_line
from backend.scene import Box, Claim, Relation, Ruling, Verdict

_JUDGED = (Relation.LEFT_OF, Relation.RIGHT_OF, Relation.ABOVE, Relation.BELOW)

CENTRE_GAP = 0.25
"""Centres further apart than this share of the mean extent make a relation between overlapping boxes probable."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """One direction of the picture plane, in words and as intervals of pixels."""

    near_edge: str
    far_edge: str
    before: str
    after: str
    extent: str
    subject: tuple[float, float]
    object: tuple[float, float]

    @property
    def gap(self) -> float:
        """Distance between the facing edges: positive with the subject first, negative with it last, 0 on overlap."""
        return max(0.0, self.object[0] - self.subject[1]) - max(0.0, self.subject[0] - self.object[1])

    @property
    def lead(self) -> float:
        """How far the subject's centre comes before the object's, in shares of their mean extent."""
        (start, end), (other_start, other_end) = self.subject, self.object
        mean_extent = (end - start + other_end - other_start) / 2
        lead = (other_start + other_end - start - end) / 2
        return lead / mean_extent if mean_extent > 0 else 0.0


def judge(claim: Claim, subject: Box, object_: Box, sigma: float) -> Verdict:
    """Rule on `claim`, whose two names are grounded by `subject` and `object_`.

    `sigma`: localisation error of the model, pixels of the original. The verdict's margin is the gap between the facing
    edges in σ, positive if it speaks for the claim: above 1 confirmed, below −1 contradicted, 0 while the boxes overlap.
    """
    if not sigma > 0:
        raise ValueError(f"σ must be positive, not {sigma}")
    if claim.relation not in _JUDGED:
        return Verdict(Ruling.UNDETERMINED, None, f"no rule is known for “{one_line(claim.relation, 40)}”")
    if claim.frame != "camera":
        return Verdict(
            Ruling.UNDETERMINED,
            None,
            f"the claim is made in the frame “{one_line(claim.frame, 40)}”, and boxes are known in the camera frame only",
        )
    if subject.picture != object_.picture:
        apart = f"{_named(claim.subject)} is in picture {subject.picture + 1}, {_named(claim.object)} in {object_.picture + 1}"
        return Verdict(Ruling.UNDETERMINED, None, f"{apart}: they cannot be compared")
    relation = Relation(claim.relation)
    axis = _axis(relation, subject, object_)
    towards = 1 if relation in (Relation.LEFT_OF, Relation.ABOVE) else -1
    margin = towards * axis.gap / sigma + 0.0  # turns −0 into 0
    ruling = Ruling.CONFIRMED if margin > 1 else Ruling.CONTRADICTED if margin < -1 else Ruling.UNDETERMINED
    reason = _apart(claim, axis) if axis.gap else _overlapping(claim, axis)
    if axis.gap and ruling is Ruling.UNDETERMINED:
        reason += f", no more than the localisation error of {_px(sigma)}"
    return Verdict(ruling, margin, f"{reason} (camera frame)")


def _axis(relation: Relation, subject: Box, object_: Box) -> _Axis:
    if relation in (Relation.LEFT_OF, Relation.RIGHT_OF):
        return _Axis("left", "right", "left of", "right of", "width", (subject.x1, subject.x2), (object_.x1, object_.x2))
    return _Axis("top", "bottom", "above", "below", "height", (subject.y1, subject.y2), (object_.y1, object_.y2))


def _apart(claim: Claim, axis: _Axis) -> str:
    """The sentence for boxes that do not overlap along the axis."""
    first = axis.gap > 0
    near, far = (axis.far_edge, axis.near_edge) if first else (axis.near_edge, axis.far_edge)
    edge, other = (axis.subject[1], axis.object[0]) if first else (axis.subject[0], axis.object[1])
    return (
        f"{_named(claim.subject)}'s {near} edge ({_px(edge)}) is {_px(abs(axis.gap))} "
        f"{axis.before if first else axis.after} {_named(claim.object)}'s {far} edge ({_px(other)})"
    )


def _overlapping(claim: Claim, axis: _Axis) -> str:
    """The sentence for boxes that overlap or touch along the axis."""
    share = abs(axis.lead)
    side = axis.before if axis.lead > 0 else axis.after
    where = (
        f"probably {side} it, its centre by {share:.0%} of their mean {axis.extent}"
        if share > CENTRE_GAP
        else f"and their centres are only {share:.0%} of their mean {axis.extent} apart"
    )
    return (
        f"{_named(claim.subject)} ({_px(axis.subject[0])} to {_px(axis.subject[1])}) overlaps "
        f"{_named(claim.object)} ({_px(axis.object[0])} to {_px(axis.object[1])}) along this axis: {where}"
    )


def _named(label: str) -> str:
    """A thing's name for the middle of an English sentence; names in other scripts take quotes instead of an article."""
    name = one_line(label.strip(), 60).removeprefix("the ").removeprefix("The ")
    return f"the {name}" if name.isascii() and name else f"“{name}”"


def _px(value: float) -> str:
    return f"{round(value, 1):g} px"
