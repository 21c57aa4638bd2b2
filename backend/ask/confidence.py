"""How often a ruling with such evidence is right: one logistic curve a model, fitted on generated scenes whose truth is known.

What goes in are the chances of the boxes' digits, the margin, whether the model stood by the claim when it was asked again,
and how well two looks at a box agree. A ruling that is right too seldom is none: "cannot tell" is then what is known. A model
that nobody has calibrated gets no figure. `scripts/eval --calibrate` fits the curves.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from backend.language import _
from backend.scene import Box, Claim, Relation, Ruling, Verdict
from backend.scene.phrasing import ruling

CANNOT_TELL = 2 / 3
"""Chance of being right below which a ruling is taken back: it has to be right twice as often as wrong."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a ruling's chance is read from, each 0 where there is nothing to say."""

    doubt: float
    """−ln of the least confidence of the boxes; at most 5."""
    margin: float
    """ln(1 + |margin in σ|)."""
    agreed: float
    """How often the model said the same when it was asked again."""
    unlike: float
    """1 − IoU of two looks at the same thing, the worst of them."""
    against: float
    """1 where the ruling contradicts the answer."""
    hiding: float
    """1 where it does so about what hides what: models are wrong there more often than their boxes."""

    @classmethod
    def of(cls, claim: Claim, boxes: Iterable[Box]) -> Signs | None:
        """Of a claim that was ruled on; None where its boxes have no confidence, or where nothing was ruled."""
        verdict = claim.verdict
        grounds = [box for box in boxes if box.id and box.id in (claim.subject_id, claim.object_id, claim.other_id)]
        sure = [box.confidence for box in grounds if box.confidence is not None]
        if verdict is None or verdict.margin is None or verdict.ruling is Ruling.UNDETERMINED or not sure:
            return None
        against = verdict.ruling is Ruling.CONTRADICTED
        return cls(
            doubt=min(-math.log(max(min(sure), 1e-9)), 5.0),
            margin=math.log1p(abs(verdict.margin)),
            agreed=float(sum(again.agrees is True for again in claim.asked_again)),
            unlike=max((1 - box.second_look.iou for box in grounds if box.second_look is not None), default=0.0),
            against=float(against),
            hiding=float(against and claim.relation == Relation.OCCLUDES),
        )

    @property
    def row(self) -> tuple[float, ...]:
        """With the constant, in the order of `NAMES`."""
        return 1.0, self.doubt, self.margin, self.agreed, self.unlike, self.against, self.hiding


NAMES = ("constant", "doubt", "margin", "agreed", "unlike", "against", "hiding")


@cache
def curves() -> dict[str, tuple[float, ...]]:
    """The weights of each calibrated model, in the order of `NAMES`."""
    tables = tomllib.loads(files("backend.ask").joinpath("calibration.toml").read_text("utf-8"))
    return {name: tuple(float(table[key]) for key in NAMES) for name, table in tables.items()}


def weighed(claim: Claim, boxes: Iterable[Box], model: str) -> Claim:
    """The claim with its ruling's chance of being right, and without the ruling where that is too small."""
    weights, signs = curves().get(model), Signs.of(claim, boxes)
    if weights is None or signs is None or claim.verdict is None:
        return claim
    chance = logistic(sum(weight * value for weight, value in zip(weights, signs.row, strict=True)))
    return replace(claim, verdict=_held(claim.verdict, chance))


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def _held(verdict: Verdict, chance: float) -> Verdict:
    if chance >= CANNOT_TELL:
        return replace(verdict, confidence=chance)
    known = _("a ruling with such evidence is right in {chance:.0%} of cases; it would be {ruling}").format(
        chance=chance, ruling=ruling(verdict)
    )
    reason = _("cannot tell: {known}: {reason}").format(known=known, reason=verdict.reason)
    return replace(verdict, ruling=Ruling.UNDETERMINED, reason=reason)
