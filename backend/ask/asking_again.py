"""Whether a model stands by what it says: its claims asked again on the mirrored picture, and the other way round.

A model that looks gives the same account of the scene each time. One that guesses, or that always says yes, does not; so
disagreement takes a verdict back to undetermined, whatever the boxes say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from backend.ask.claims import agreement, as_seen_mirrored, exchanged, question_about, stated
from backend.ask.wish import Outcome, Sought, Wish
from backend.sanitise import one_line, quoted
from backend.scene import AskedAgain, Claim, Ruling, Verdict, View

MOST = 4
"""Claims of one answer that are asked again, each in two ways."""
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
    how = "on the mirrored picture" if against.how == "mirrored" else "with the two exchanged"
    alone = "" if verdict.ruling is Ruling.UNDETERMINED else f"; the boxes alone: {verdict.ruling.value}"
    reason = f"asked again {how} the model answers {quoted(against.answer)}, which disagrees{alone}: {verdict.reason}"
    return replace(verdict, ruling=Ruling.UNDETERMINED, reason=reason, confidence=None)
