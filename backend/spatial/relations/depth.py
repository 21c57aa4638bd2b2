"""In front of, behind, nearest, farthest: two witnesses of distance, who have to agree.

One is where things stand: under a level camera, of two things on the same ground the one whose bottom edge is lower in the
picture is the nearer. The other are the model's own solid boxes, whose metres are an estimate. The first is wrong for a
lamp that hangs and the second by 15 % and more, so that one alone may confirm what the model says, but only both together
contradict it.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.language import _
from backend.scene import Box3D, Claim, Relation, Ruling
from backend.spatial.box3d import corners
from backend.spatial.relations.grounds import Grounds, Thing
from backend.spatial.relations.margins import Measured, beyond, undetermined
from backend.spatial.relations.wording import metres, named, px

NEEDED = 2.0
"""σ that a difference of distances must exceed: each of two edges has its error."""
METRIC_ERROR = 0.15
"""Of a model's metres, as a share of the distance: the depth error that is published for these models (SPATIAL.md)."""


@dataclass(frozen=True, slots=True)
class Order:
    """How much nearer the first of two things is, in σ; positive: nearer. None where a witness does not speak."""

    ground: float
    metric: float | None
    ruling: Ruling
    """Confirmed: the first is nearer."""
    reason: str

    @property
    def margin(self) -> float:
        """Of the witness that decides, or would."""
        if self.metric is not None and abs(self.ground) <= NEEDED < abs(self.metric):
            return self.metric
        return self.ground


def order(first: Thing, second: Thing, names: tuple[str, str], sigma: float) -> Order:
    """Which of two things is nearer to the camera, and what says so."""
    lower = first.box.y2 - second.box.y2
    ground = lower / sigma + 0.0
    one, two = names
    said = (
        _("{one} stands {apart} lower in the picture than {two}, which on level ground means nearer")
        if lower > 0
        else _("{one} stands {apart} higher in the picture than {two}, which on level ground means farther")
    )
    reason = said.format(one=one, apart=px(abs(lower)), two=two)
    if first.solid is None or second.solid is None:
        return Order(ground, None, beyond(ground, NEEDED), reason)
    a, b = near_face(first.solid), near_face(second.solid)
    metric = (b - a) / (METRIC_ERROR * max(abs(a + b) / 2, 0.01))
    reason += _("; the model puts their near faces at {a} and {b}").format(a=metres(a), b=metres(b))
    by_ground, by_metric = beyond(ground, NEEDED), beyond(metric, NEEDED)
    if Ruling.UNDETERMINED not in (by_ground, by_metric) and by_ground is not by_metric:
        return Order(ground, metric, Ruling.UNDETERMINED, _("{reason}: the two disagree").format(reason=reason))
    return Order(ground, metric, by_metric if by_ground is Ruling.UNDETERMINED else by_ground, reason)


def compared(claim: Claim, grounds: Grounds, sigma: float) -> Measured:
    """In front of, or behind, one other thing."""
    assert grounds.object is not None
    found = order(grounds.subject, grounds.object, (named(claim.subject), named(claim.object)), sigma)
    return _towards(found, 1 if claim.relation == Relation.IN_FRONT_OF else -1)


def extreme(claim: Claim, grounds: Grounds, sigma: float) -> Measured:
    """Nearer, or farther, than everything it is compared with: the least favourable comparison decides."""
    towards = 1 if claim.relation == Relation.NEAREST else -1
    subject = named(claim.subject)
    against = [
        _towards(order(grounds.subject, rival, (subject, named(rival.box.label or "another")), sigma), towards)
        for rival in grounds.rivals
    ]
    worst = min(against, key=lambda measured: (_RANK[measured.ruling], measured.margin or 0.0))
    compared_with = _("of {count} comparisons the least favourable: ").format(count=len(against)) if len(against) > 1 else ""
    return Measured(worst.margin, worst.ruling, f"{compared_with}{worst.reason}")


_RANK = {Ruling.CONTRADICTED: 0, Ruling.UNDETERMINED: 1, Ruling.CONFIRMED: 2}


def near_face(solid: Box3D) -> float:
    """Distance of the nearest corner along the camera's axis, metres as the model estimates them."""
    return min(z for __, __, z in corners(solid))


def _towards(found: Order, towards: int) -> Measured:
    """An order as a ruling on a claim that the first is nearer (1) or farther (−1)."""
    margin = towards * found.margin + 0.0
    if found.ruling is Ruling.UNDETERMINED:
        close = "" if "disagree" in found.reason else _(", less than {needed:g} σ decide").format(needed=NEEDED)
        return undetermined(found.reason + close, margin)
    supports = (found.ruling is Ruling.CONFIRMED) == (towards > 0)
    if supports:
        return Measured(margin, Ruling.CONFIRMED, found.reason)
    if found.metric is None or beyond(towards * found.metric, 0.0) is not Ruling.CONTRADICTED:
        return undetermined(
            _("{reason}: this speaks against it, but alone it does not contradict").format(reason=found.reason), margin
        )
    return Measured(margin, Ruling.CONTRADICTED, found.reason)
