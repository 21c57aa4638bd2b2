"""Two answers to one question, held against each other: their words, their findings, what geometry rules.

The last digits are no difference. What a model computes depends a little on what is computed in the same call: matrices of
another shape are added up in another order. An answer whose own questions (is it there, where, how far) went side by side may
therefore have a confidence of 0.603 instead of 0.604 the next time, or a coordinate on the next thousandth of the side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from math import isclose
from typing import Any

from backend.answer import Answer
from backend.published import as_answer
from backend.scene import Box, Box3D, Check, Claim, Finding, Point
from backend.scene.phrasing import ruled, statement

_STEPS = 2.0
"""Thousandths of a picture's side by which a coordinate may lie apart: the model answers in thousandths, and of two that it
finds all but equally likely either may come."""
_METRIC = 0.05
"""Metres, or a share of them, by which a number of a 3D box may: the model writes them with two digits behind the point."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two answers agree."""

    prompt: bool
    """The model was given the same words, and pictures in the same sizes."""
    text: bool
    findings: bool
    """The same things in the same places."""
    iou: float | None
    """The least of those of rectangles with one label, each against its best; 0 where one has none; None without rectangles."""
    verdicts: bool
    """The same rulings on the same claims, and the same said by the others who were asked."""
    identical: bool
    """All of them to the last published digit."""

    @property
    def same(self) -> bool:
        """In everything that an answer says: the prompt may differ and the answer be the same."""
        return self.text and self.findings and self.verdicts

    def as_dict(self) -> dict[str, Any]:
        return {
            "same": self.same,
            "identical": self.identical,
            "prompt": self.prompt,
            "text": self.text,
            "findings": self.findings,
            "least_iou": None if self.iou is None else round(self.iou, 4),
            "verdicts": self.verdicts,
        }


def compared(before: Answer, now: Answer) -> Agreement:
    """`now` as it was just given, `before` as it was published."""
    old, new = before.as_dict(), now.as_dict()
    now = as_answer(new)  # as rounded as what was published
    prompt = before.asked is not None and now.asked is not None and before.asked.messages == now.asked.messages
    said = (before.text, before.thinking) == (now.text, now.thinking)
    found = list(map(_known, before.findings)) == list(map(_known, now.findings)) and all(
        _is_near(before, one, other) for one, other in zip(before.findings, now.findings, strict=False)
    )
    ruled = list(map(_ruled, before.claims)) == list(map(_ruled, now.claims))
    checked = list(map(_checked, before.checks)) == list(map(_checked, now.checks))
    identical = said and all(old[key] == new[key] for key in ("boxes", "points", "boxes3d", "claims", "checks"))
    return Agreement(prompt, said, found, _least_iou(before.boxes, now.boxes), ruled and checked, identical)


def _known(finding: Finding) -> tuple[object, ...]:
    """What a finding is but for its place."""
    looked = (finding.found_by, finding.second_look is None) if isinstance(finding, Box) else ()
    return type(finding), finding.id, finding.label, finding.picture, finding.attributes, *looked


def _is_near(answer: Answer, one: Finding, other: Finding) -> bool:
    """Whether two findings of one kind are in the same place."""
    if isinstance(one, Box3D) and isinstance(other, Box3D):
        pairs = zip((*one.centre, *one.size), (*other.centre, *other.size), strict=True)
        return all(isclose(first, second, rel_tol=_METRIC, abs_tol=_METRIC) for first, second in pairs)
    picture = answer.pictures[one.picture]
    sides = picture.width, picture.height
    apart = [abs(first - second) for first, second in zip(_corners(one), _corners(other), strict=True)]
    return all(length <= _STEPS * sides[at % 2] / 1000 for at, length in enumerate(apart))


def _corners(finding: Finding) -> tuple[float, ...]:
    match finding:
        case Box():
            return finding.corners
        case Point():
            return finding.x, finding.y
        case Box3D():
            raise AssertionError("it is in the camera's frame")


def _ruled(claim: Claim) -> tuple[object, ...]:
    """A claim, what geometry rules, and what all others say of it, without their numbers."""
    asked = [(one.how, one.question, one.agrees) for one in claim.asked_again]
    witnesses = [(one.kind, one.agrees) for one in claim.witnesses]
    ruling = None if claim.verdict is None else claim.verdict.ruling
    return replace(claim, verdict=None, asked_again=(), witnesses=()), ruling, asked, witnesses


def _checked(check: Check) -> tuple[object, ...]:
    return check.kind, check.finding_id, check.against_id, check.picture, check.verdict.ruling


def differing(before: Answer, now: Answer, agreement: Agreement) -> list[tuple[str, str]]:
    """What is not the same, then and now, in words: what the model said, findings by their places, claims by their rulings."""
    pairs = [] if agreement.text else [(before.text, now.text)]
    if not agreement.findings:
        pairs += zip_longest(map(_placed, before.findings), map(_placed, as_answer(now.as_dict()).findings), fillvalue="–")
    if not agreement.verdicts:
        pairs += zip_longest(map(_judged, before.claims), map(_judged, now.claims), fillvalue="–")
    return [(then, since) for then, since in pairs if then != since]


def _placed(finding: Finding) -> str:
    match finding:
        case Box():
            place = f"x {finding.x1:.1f}–{finding.x2:.1f}, y {finding.y1:.1f}–{finding.y2:.1f} px"
        case Point():
            place = f"x {finding.x:.1f}, y {finding.y:.1f} px"
        case Box3D():
            place = f"({', '.join(f'{value:.2f}' for value in finding.centre)}) m"
    return f"{finding.id} {finding.label}: {place}"


def _judged(claim: Claim) -> str:
    return f"{statement(claim)}: {ruled(claim.verdict) if claim.verdict is not None else '–'}"


def _least_iou(before: tuple[Box, ...], now: tuple[Box, ...]) -> float | None:
    pairs = [(one, now) for one in before] + [(one, before) for one in now]
    best = [
        max((one.iou(other) for other in others if (other.label, other.picture) == (one.label, one.picture)), default=0.0)
        for one, others in pairs
    ]
    return min(best) if best else None
