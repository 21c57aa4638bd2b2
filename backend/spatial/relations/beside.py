"""Left of, right of, above, below: where two rectangles lie to each other along one axis of the picture.

A relation holds where the facing edges are apart by more than σ, and is contradicted where they are so the other way
round. Boxes that overlap along the axis decide nothing: their centres may speak for the claim, and the reason then says
“probably”, but a ruling is only given where a localisation error could not have turned it over.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.language import _
from backend.scene import Box, Claim, Relation, Ruling
from backend.scene.phrasing import side_word
from backend.spatial.relations.grounds import Grounds
from backend.spatial.relations.margins import Measured, beyond
from backend.spatial.relations.wording import named, px

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


def measure(claim: Claim, grounds: Grounds, sigma: float) -> Measured:
    """The margin is the gap between the facing edges: beyond one σ it decides, and it is 0 while the boxes overlap."""
    assert grounds.object is not None
    relation = Relation(claim.relation)
    axis = _axis(relation, grounds.subject.box, grounds.object.box)
    towards = 1 if relation in (Relation.LEFT_OF, Relation.ABOVE) else -1
    margin = towards * axis.gap / sigma + 0.0  # turns −0 into 0
    ruling = beyond(margin)
    reason = _apart(claim, axis) if axis.gap else _overlapping(claim, axis)
    if axis.gap and ruling is Ruling.UNDETERMINED:
        reason += _(", no more than the localisation error of {sigma}").format(sigma=px(sigma))
    return Measured(margin, ruling, reason)


def _axis(relation: Relation, subject: Box, object_: Box) -> _Axis:
    if relation in (Relation.LEFT_OF, Relation.RIGHT_OF):
        return _Axis(
            side_word("left"),
            side_word("right"),
            _("left of"),
            _("right of"),
            _("width"),
            (subject.x1, subject.x2),
            (object_.x1, object_.x2),
        )
    return _Axis(
        side_word("top"),
        side_word("bottom"),
        _("above"),
        _("below"),
        _("height"),
        (subject.y1, subject.y2),
        (object_.y1, object_.y2),
    )


def _apart(claim: Claim, axis: _Axis) -> str:
    """The sentence for boxes that do not overlap along the axis."""
    first = axis.gap > 0
    near, far = (axis.far_edge, axis.near_edge) if first else (axis.near_edge, axis.far_edge)
    edge, other = (axis.subject[1], axis.object[0]) if first else (axis.subject[0], axis.object[1])
    return _("{subject}'s {near} edge ({edge}) is {gap} {value} {object}'s {far} edge ({other})").format(
        subject=named(claim.subject),
        near=near,
        edge=px(edge),
        gap=px(abs(axis.gap)),
        value=axis.before if first else axis.after,
        object=named(claim.object),
        far=far,
        other=px(other),
    )


def _overlapping(claim: Claim, axis: _Axis) -> str:
    """The sentence for boxes that overlap or touch along the axis."""
    share = abs(axis.lead)
    side = axis.before if axis.lead > 0 else axis.after
    where = (
        _("probably {side} it, its centre by {share:.0%} of their mean {extent}").format(
            side=side, share=share, extent=axis.extent
        )
        if share > CENTRE_GAP
        else _("and their centres are only {share:.0%} of their mean {extent} apart").format(share=share, extent=axis.extent)
    )
    return _(
        "{subject} ({subject_2} to {subject_3}) overlaps {object} ({object_2} to {object_3}) along this axis: {where}"
    ).format(
        subject=named(claim.subject),
        subject_2=px(axis.subject[0]),
        subject_3=px(axis.subject[1]),
        object=named(claim.object),
        object_2=px(axis.object[0]),
        object_3=px(axis.object[1]),
        where=where,
    )
