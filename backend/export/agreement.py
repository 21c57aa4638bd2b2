"""Two answers to one question, held against each other: their words, their findings, what geometry rules."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from backend.answer import Answer
from backend.published import as_answer
from backend.scene import Box, Box3D, Claim, Finding, Point
from backend.scene.phrasing import ruled, statement


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two answers agree."""

    prompt: bool
    """The model was given the same words, and pictures in the same sizes."""
    text: bool
    findings: bool
    """The same, to the last published digit."""
    iou: float | None
    """The least of those of rectangles with one label, each against its best; 0 where one has none; None without rectangles."""
    verdicts: bool

    @property
    def same(self) -> bool:
        """In everything that an answer says: the prompt may differ and the answer be the same."""
        return self.text and self.findings and self.verdicts

    def as_dict(self) -> dict[str, Any]:
        return {
            "same": self.same,
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
    found = all(old[key] == new[key] for key in ("boxes", "points", "boxes3d"))
    ruled = all(old[key] == new[key] for key in ("claims", "checks"))
    prompt = before.asked is not None and now.asked is not None and before.asked.messages == now.asked.messages
    said = (before.text, before.thinking) == (now.text, now.thinking)
    return Agreement(prompt, said, found, _least_iou(before.boxes, now.boxes), ruled)


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
