"""The one way in: a claim and its grounds → a verdict.

A ruling is given only where the localisation error could not have turned it over; everything else is undetermined, and the
reason says which numbers leave it open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from backend.sanitise import one_line
from backend.scene import Claim, Relation, Verdict
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
        raise ValueError(f"σ must be positive, not {sigma}")
    rule = _RULES.get(Relation(claim.relation)) if claim.relation in tuple(Relation) else None
    if rule is None:
        return undetermined(f"no rule is known for “{one_line(claim.relation, 40)}”").verdict
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
    return replace(measured.verdict, reason=f"{measured.reason} (camera frame)")


def _missing(claim: Claim, grounds: Grounds) -> str:
    """What the relation needs and has not got; empty where nothing is missing."""
    if claim.relation in (Relation.NEAREST, Relation.FARTHEST):
        return "" if grounds.rivals else f"nothing was found that {named(claim.subject)} could be compared with"
    if grounds.object is None:
        return f"{named(claim.object)} was not found"
    if claim.relation == Relation.BETWEEN and grounds.other is None:
        return f"{named(claim.other)} was not found"
    return ""


def _apart(claim: Claim, grounds: Grounds) -> str:
    if grounds.object is None:
        return "the things are in different pictures: they cannot be compared"
    return (
        f"{named(claim.subject)} is in picture {grounds.subject.box.picture + 1}, {named(claim.object)} in "
        f"{grounds.object.box.picture + 1}: they cannot be compared"
    )


def _other_frame(claim: Claim, measured: Measured) -> str:
    """No box tells a heading; what the camera sees is said all the same."""
    whose = f"{named(claim.object)}'s own heading" if claim.frame == "object" else "the heading of whoever looks"
    return (
        f"the claim is made in the frame “{one_line(claim.frame, 40)}”, which needs {whose}, and boxes do not tell it; "
        f"in the camera frame {measured.reason}"
    )


def _own_sides(claim: Claim, grounds: Grounds) -> str:
    """Which side of the object it would be, whichever of its ends is the front; empty where no solid boxes tell."""
    object_ = grounds.object
    if claim.frame != "object" or object_ is None or object_.solid is None or grounds.subject.solid is None:
        return ""
    across = Viewer.inside(object_.solid, facing_away=True).sees(grounds.subject.solid.centre)[0]
    side, other = ("right", "left") if across > 0 else ("left", "right")
    return (
        f"; by the model's metres it is {metres(abs(across))} to its {side} if {named(claim.object)} faces away from the "
        f"camera, and to its {other} if it faces the camera"
    )
