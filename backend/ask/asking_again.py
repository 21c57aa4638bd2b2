"""Whether a model stands by what it says: its claims asked again on the mirrored picture, the other way round, and closer.

A model that looks gives the same account of the scene each time. One that guesses, or that always says yes, does not; so
disagreement takes a verdict back to undetermined, whatever the boxes say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from backend.ask import zoom
from backend.ask.claims import agreement, as_seen_mirrored, exchanged, question_about, stated
from backend.ask.wish import Outcome, Sought, Wish
from backend.catalog.card import ModelCard
from backend.language import N_, _
from backend.sanitise import one_line, quoted
from backend.scene import AskedAgain, Box, Claim, Relation, Ruling, Verdict, View
from backend.scene.phrasing import ruling

_HOW = {
    "mirrored": N_("on the mirrored picture"),
    "exchanged": N_("with the two exchanged"),
    "enlarged": N_("on the enlarged part of the picture"),
}
_DEEP = (Relation.IN_FRONT_OF, Relation.BEHIND, Relation.OCCLUDES)
"""Depth is read off the whole scene: of a part of it models say more wrong things than it brings to light."""
MOST = 4
"""Claims of one answer that are asked again, each in up to three ways."""
_LONGEST = 300
"""Characters of an answer that are kept."""


def asked_again(claims: Iterable[Claim], view: View) -> dict[Wish, tuple[int, str]]:
    """The wishes, each with the claim it is about (by its place) and how it is asked; all claims are about `view`."""
    mirror = replace(view, mirrored=True)
    wishes: dict[Wish, tuple[int, str]] = {}
    for index, claim in list(enumerate(claims))[:MOST]:
        question = question_about(claim)
        if question is None:
            continue
        wishes[Wish(Sought.ANSWER, question, mirror)] = index, "mirrored"
        turned = exchanged(claim)
        if turned is not None and (other := question_about(turned)) is not None:
            wishes[Wish(Sought.ANSWER, other)] = index, "exchanged"
    return wishes


def asked_closer(claims: Sequence[Claim], boxes: Sequence[Box], view: View, card: ModelCard) -> dict[Wish, tuple[int, str]]:
    """The wishes to ask the claims again on the part of the picture that shows both their things, where that enlarges them."""
    by_id = {box.id: box for box in boxes}
    wishes: dict[Wish, tuple[int, str]] = {}
    for index, claim in list(enumerate(claims))[:MOST]:
        question, one, other = question_about(claim), by_id.get(claim.subject_id), by_id.get(claim.object_id)
        if question is None or one is None or other is None or claim.relation in _DEEP:
            continue
        if (enlarged := zoom.around_both(one, other, view, card)) is not None:
            wishes[Wish(Sought.ANSWER, question, enlarged)] = index, "enlarged"
    return wishes


def compared(claim: Claim, how: str, question: str, outcome: Outcome) -> AskedAgain:
    """What the model says when it is asked again, held against what it said."""
    expected = as_seen_mirrored(claim) if how == "mirrored" else claim
    said = [agreement(expected, answered) for answered in stated(outcome.text, question) if answered.text_span is not None]
    agrees = False if False in said else True if True in said else None
    return AskedAgain(how, question, one_line(outcome.text, _LONGEST), agrees)


def after(verdict: Verdict, asked: Iterable[AskedAgain]) -> Verdict:
    """The verdict, taken back where the model does not stand by its answer."""
    against = next((again for again in asked if again.agrees is False), None)
    if against is None:
        return verdict
    how = _(_HOW[against.how])
    alone = "" if verdict.ruling is Ruling.UNDETERMINED else _("; the boxes alone: {ruling}").format(ruling=ruling(verdict))
    reason = _("asked again {how} the model answers {answer}, which disagrees{alone}: {reason}").format(
        how=how, answer=quoted(against.answer), alone=alone, reason=verdict.reason
    )
    return replace(verdict, ruling=Ruling.UNDETERMINED, reason=reason, confidence=None)
