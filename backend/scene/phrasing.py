"""Claims and checks in plain English: one phrase for each relation, the same in the app and on the command line.

The words are not sanitised: names in them come from the model.
"""

from __future__ import annotations

from backend.language import N_, _
from backend.scene.changes import ChangeKind
from backend.scene.claims import AskedAgain, Check, Claim, Relation, Ruling, Verdict, Witness
from backend.scene.findings import SecondLook

_WORDS: dict[str, str] = {
    Relation.LEFT_OF: N_("left of"),
    Relation.RIGHT_OF: N_("right of"),
    Relation.ABOVE: N_("above"),
    Relation.BELOW: N_("below"),
    Relation.IN_FRONT_OF: N_("in front of"),
    Relation.BEHIND: N_("behind"),
    Relation.OCCLUDES: N_("occludes"),
    Relation.INSIDE: N_("inside"),
    Relation.ON: N_("on"),
    Relation.NEAR: N_("near"),
    Relation.ALIGNED_WITH: N_("aligned with"),
    Relation.BETWEEN: N_("between"),
    Relation.NEAREST: N_("nearest"),
    Relation.FARTHEST: N_("farthest"),
}

_HOW = {"mirrored": N_("mirrored"), "exchanged": N_("exchanged"), "enlarged": N_("enlarged")}


def statement(claim: Claim) -> str:
    """What the claim says, "red cup not between plate and bowl", and whose left and right it means where not the camera's."""
    words = _(_WORDS.get(claim.relation, claim.relation.replace("_", " ")))
    if claim.negated:
        words = _("does not occlude") if claim.relation == Relation.OCCLUDES else _("not {relation}").format(relation=words)
    match claim.relation:
        case Relation.FARTHEST | Relation.NEAREST:
            template, target = _("{subject} {relation} of {object}"), claim.object or _("all that was found")
        case Relation.BETWEEN:
            target = _("{object} and {other}").format(object=claim.object, other=claim.other)
            template = _("{subject} {relation} {object}")
        case __:
            template, target = _("{subject} {relation} {object}"), claim.object
    frame = "" if claim.frame == "camera" else _(" ({frame} frame)").format(frame=claim.frame)
    return template.format(subject=claim.subject, relation=words, object=target) + frame


def checked(check: Check, named: str, against: str) -> str:
    """What a check is of; `named` and `against`: how the reader knows the two findings."""
    match check.kind:
        case "projection":
            return _("{named} projects onto {against}").format(named=named, against=against or _("its rectangle"))
        case "ground":
            return _("{named} stands on the ground").format(named=named)
        case "camera":
            if check.picture:
                return _("the camera of picture {picture} agrees with what was found").format(picture=check.picture + 1)
            return _("the camera agrees with what was found")
        case other:
            return f"{named}: {other}" + (f" against {against}" if against else "")


def side_word(side: str) -> str:
    """A side of a rectangle or of a thing: left, right, top or bottom."""
    return {"left": _("left"), "right": _("right"), "top": _("top"), "bottom": _("bottom")}[side]


def ruled(verdict: Verdict) -> str:
    """The ruling, and how sure it is where that is known."""
    sure = "" if verdict.confidence is None else _(" ({confidence:.0%} sure)").format(confidence=min(verdict.confidence, 0.99))
    return f"{ruling(verdict)}{sure}"


def ruling(verdict: Verdict) -> str:
    """The ruling in a word."""
    return {
        Ruling.CONFIRMED: _("confirmed"),
        Ruling.CONTRADICTED: _("contradicted"),
        Ruling.UNDETERMINED: _("undetermined"),
    }[verdict.ruling]


def again(asked: AskedAgain) -> str:
    """How the model answered when it was asked once more."""
    stance = {True: _("agrees"), False: _("disagrees"), None: _("does not tell")}[asked.agrees]
    return _("asked {how}: {stance}").format(how=_(_HOW.get(asked.how, asked.how)), stance=stance)


def witnessed(witness: Witness) -> str:
    """Who else looked, and what it makes of the claim."""
    if witness.kind == "words":
        return _("the text reader") if witness.agrees is None else _("the text reader speaks against it")
    who = {"depth": _("depth map")}.get(witness.kind, witness.kind)
    stance = {True: _("supports it"), False: _("speaks against it"), None: _("does not tell")}[witness.agrees]
    return f"{who} {stance}"


def looked_twice(look: SecondLook) -> str:
    """What an enlarged part of the picture made of a box."""
    if look.second is None:
        return _("looked at twice: not found again")
    return _("looked at twice: IoU {iou:.2f}").format(iou=look.iou)


def happened(kind: ChangeKind) -> str:
    """What became of a thing, in a word or two."""
    return {
        ChangeKind.MOVED: _("moved"),
        ChangeKind.NEARER: _("nearer"),
        ChangeKind.FARTHER: _("farther"),
        ChangeKind.APPEARED: _("appeared"),
        ChangeKind.DISAPPEARED: _("disappeared"),
        ChangeKind.ENTERED_VIEW: _("came into view"),
        ChangeKind.LEFT_VIEW: _("left the view"),
        ChangeKind.UNCHANGED: _("unchanged"),
    }[kind]
