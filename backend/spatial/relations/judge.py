"""The one way in: a claim and its grounds → a verdict.

A ruling is given only where the localisation error could not have turned it over; everything else is undetermined, and the
reason says which numbers leave it open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from backend.language import _
from backend.sanitise import one_line
from backend.scene import Claim, Relation, Verdict
from backend.scene.phrasing import side_word
from backend.spatial.frames import Viewer
from backend.spatial.relations import beside, contact, depth, plane
from backend.spatial.relations.grounds import Grounds
from backend.spatial.relations.margins import Measured, undetermined
from backend.spatial.relations.wording import metres, named

Rule = Callable[[Claim, Grounds, float], Measured]

_RULES: dict[Relation, Rule] = {
    Relation.LEFT_OF: beside.measure,
    Relation.RIGHT_OF: beside.measure,
    Relation.ABOVE: beside.measure,
    Relation.BELOW: beside.measure,
    Relation.ALIGNED_WITH: plane.aligned,
    Relation.BETWEEN: plane.between,
    Relation.NEAR: plane.near,
    Relation.IN_FRONT_OF: depth.compared,
    Relation.BEHIND: depth.compared,
    Relation.NEAREST: depth.extreme,
    Relation.FARTHEST: depth.extreme,
    Relation.OCCLUDES: contact.occludes,
    Relation.INSIDE: contact.inside,
    Relation.ON: contact.on,
}


def judge(claim: Claim, grounds: Grounds, sigma: float) -> Verdict:
    """Rule on `claim`, whose names are grounded by `grounds`.

    `sigma`: localisation error of the model, pixels of the upright original. The verdict's margin is the distance to the
    decision in σ, positive where it speaks for what the answer says (for a denied relation, against the relation).
    """
    if not sigma > 0:
        raise ValueError(_("σ must be positive, not {sigma}").format(sigma=sigma))
    rule = _RULES.get(Relation(claim.relation)) if claim.relation in tuple(Relation) else None
    if rule is None:
        return undetermined(_("no rule is known for “{relation}”").format(relation=one_line(claim.relation, 40))).verdict
    missing = _missing(claim, grounds)
    if missing:
        return undetermined(missing).verdict
    if len(grounds.pictures) > 1:
        return undetermined(_apart(claim, grounds)).verdict
    measured = rule(replace(claim, negated=False), grounds, sigma)
    if claim.frame != "camera":
        return undetermined(_other_frame(claim, measured) + _own_sides(claim, grounds)).verdict
    if claim.negated:
        measured = measured.denied
    return replace(measured.verdict, reason=_("{reason} (camera frame)").format(reason=measured.reason))


def _missing(claim: Claim, grounds: Grounds) -> str:
    """What the relation needs and has not got; empty where nothing is missing."""
    if claim.relation in (Relation.NEAREST, Relation.FARTHEST):
        return (
            ""
            if grounds.rivals
            else _("nothing was found that {subject} could be compared with").format(subject=named(claim.subject))
        )
    if grounds.object is None:
        return _("{object} was not found").format(object=named(claim.object))
    if claim.relation == Relation.BETWEEN and grounds.other is None:
        return _("{other} was not found").format(other=named(claim.other))
    return ""


def _apart(claim: Claim, grounds: Grounds) -> str:
    if grounds.object is None:
        return _("the things are in different pictures: they cannot be compared")
    return _("{subject} is in picture {picture}, {object} in {picture_2}: they cannot be compared").format(
        subject=named(claim.subject),
        picture=grounds.subject.box.picture + 1,
        object=named(claim.object),
        picture_2=grounds.object.box.picture + 1,
    )


def _other_frame(claim: Claim, measured: Measured) -> str:
    """No box tells a heading; what the camera sees is said all the same."""
    whose = (
        _("{object}'s own heading").format(object=named(claim.object))
        if claim.frame == "object"
        else _("the heading of whoever looks")
    )
    return _(
        "the claim is made in the frame “{frame}”, which needs {whose}, and boxes do not tell it; in the camera frame {reason}"
    ).format(frame=one_line(claim.frame, 40), whose=whose, reason=measured.reason)


def _own_sides(claim: Claim, grounds: Grounds) -> str:
    """Which side of the object it would be, whichever of its ends is the front; empty where no solid boxes tell."""
    object_ = grounds.object
    if claim.frame != "object" or object_ is None or object_.solid is None or grounds.subject.solid is None:
        return ""
    across = Viewer.inside(object_.solid, facing_away=True).sees(grounds.subject.solid.centre)[0]
    side, other = ("right", "left") if across > 0 else ("left", "right")
    return _(
        "; by the model's metres it is {across} to its {side} if {object} faces away from the "
        "camera, and to its {other} if it faces the camera"
    ).format(across=metres(abs(across)), side=side_word(side), object=named(claim.object), other=side_word(other))
