"""Claims and checks in plain English: one phrase for each relation, the same in the app and on the command line.

The words are not sanitised: names in them come from the model.
"""

from __future__ import annotations

from backend.scene.claims import AskedAgain, Check, Claim, Relation, Verdict, Witness
from backend.scene.findings import SecondLook

_DENIED: dict[str, str] = {Relation.OCCLUDES: "does not occlude"}
_ALL = "all that was found"


def statement(claim: Claim) -> str:
    """What the claim says, "red cup not between plate and bowl", and whose left and right it means where not the camera's."""
    words = claim.relation.replace("_", " ")
    if claim.negated:
        words = _DENIED.get(claim.relation, f"not {words}")
    match claim.relation:
        case Relation.FARTHEST | Relation.NEAREST:
            target = f"of {claim.object or _ALL}"
        case Relation.BETWEEN:
            target = f"{claim.object} and {claim.other}"
        case _:
            target = claim.object
    frame = "" if claim.frame == "camera" else f" ({claim.frame} frame)"
    return f"{claim.subject} {words} {target}{frame}"


def checked(check: Check, named: str, against: str) -> str:
    """What a check is of; `named` and `against`: how the reader knows the two findings."""
    match check.kind:
        case "projection":
            return f"{named} projects onto {against or 'its rectangle'}"
        case "ground":
            return f"{named} stands on the ground"
        case "camera":
            return f"the camera{f' of picture {check.picture + 1}' if check.picture else ''} agrees with what was found"
        case other:
            return f"{named}: {other}" + (f" against {against}" if against else "")


def ruled(verdict: Verdict) -> str:
    """The ruling, and how sure it is where that is known."""
    sure = "" if verdict.confidence is None else f" ({min(verdict.confidence, 0.99):.0%} sure)"
    return f"{verdict.ruling.value}{sure}"


def again(asked: AskedAgain) -> str:
    """How the model answered when it was asked once more."""
    stance = {True: "agrees", False: "disagrees", None: "does not tell"}[asked.agrees]
    return f"asked {asked.how}: {stance}"


def witnessed(witness: Witness) -> str:
    """Who else looked, and what it makes of the claim."""
    if witness.kind == "words":
        return "the text reader" if witness.agrees is None else "the text reader speaks against it"
    who = {"depth": "depth network"}.get(witness.kind, witness.kind)
    stance = {True: "supports it", False: "speaks against it", None: "does not tell"}[witness.agrees]
    return f"{who} {stance}"


def looked_twice(look: SecondLook) -> str:
    """What an enlarged part of the picture made of a box."""
    return f"looked at twice: {'not found again' if look.second is None else f'IoU {look.iou:.2f}'}"
