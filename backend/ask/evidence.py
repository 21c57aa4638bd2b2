"""What backs a claim: boxes for its names, and geometry's ruling on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from backend.ask.claims import EVERYTHING
from backend.ask.claims.names import is_pronoun, key
from backend.ask.measured import ASSUMED, Localisation
from backend.language import _
from backend.scene import Box, Box3D, Claim, Picture, Relation, Ruling, Verdict
from backend.spatial.relations import Grounds, Thing, judge

_SAME, _SHARED = 0.7, 0.3
"""IoU above which two boxes are around one thing, whatever they are called and with one name."""
_EXTREMES = (Relation.NEAREST, Relation.FARTHEST)


def boxes_for(name: str, boxes: Iterable[Box]) -> list[Box]:
    """The boxes whose label is that name."""
    return [box for box in boxes if key(box.label) == key(name)]


def one_thing(one: Box, other: Box) -> bool:
    """Whether two boxes are around the same thing: they nearly coincide, or share a name and much of their place."""
    return one.iou(other) > (_SHARED if key(one.label) == key(other.label) else _SAME)


def placed(claim: Claim, boxes: Sequence[Box]) -> Claim:
    """The claim with the boxes that ground its names."""
    ids = [next((box.id for box in boxes_for(name, boxes)), "") if name else "" for name in _names(claim)]
    return replace(claim, subject_id=ids[0], object_id=ids[1], other_id=ids[2])


def _names(claim: Claim) -> tuple[str, str, str]:
    """Of the things that one box each grounds."""
    return (claim.subject, "" if claim.relation in _EXTREMES else claim.object, claim.other)


def ruled(
    claim: Claim,
    boxes: Iterable[Box],
    picture: Picture,
    known_error: Localisation = ASSUMED,
    solids: Mapping[str, Box3D] | None = None,
) -> Claim:
    """The claim with its grounds and geometry's verdict; without a verdict where a name has no box.

    `solids`: the model's solid boxes by the key of their names.
    """
    unnamed = next((name for name in claim.names if is_pronoun(name)), None)
    if unnamed is not None:
        reason = _("the text does not say what “{unnamed}” is").format(unnamed=unnamed)
        return replace(claim, verdict=Verdict(Ruling.UNDETERMINED, None, reason))
    known, solid = list(boxes), solids or {}
    extreme = claim.relation in _EXTREMES
    named = (claim.subject,) if extreme else claim.names
    found = [boxes_for(name, known) for name in named]
    if not all(found):
        return claim
    things = [Thing(candidates[0], solid.get(key(name))) for name, candidates in zip(named, found, strict=True)]
    rivals = tuple(Thing(box, solid.get(key(box.label))) for box in (rivals_of(claim, things[0].box, known) if extreme else ()))
    object_, other = (*things[1:], None, None)[:2]
    grounds = Grounds(things[0], object_, other, rivals)
    verdict = judge(claim, grounds, known_error.sigma(picture))
    if any(len(candidates) > 1 for candidates in found):
        verdict = replace(
            verdict, reason=_("{reason}; the first of several boxes with that name was taken").format(reason=verdict.reason)
        )
    ids = [thing.box.id for thing in things] + ["", ""]
    return replace(claim, subject_id=ids[0], object_id=ids[1], other_id=ids[2], verdict=verdict)


def rivals_of(claim: Claim, subject: Box, boxes: Iterable[Box]) -> list[Box]:
    """Everything of the named kind that the subject is compared with; of any kind where none is named."""
    kind = key(claim.object)
    others = (box for box in boxes if box.id != subject.id and box.picture == subject.picture and not one_thing(box, subject))
    return [box for box in others if kind in EVERYTHING or kind.rstrip("s") in key(box.label)]
