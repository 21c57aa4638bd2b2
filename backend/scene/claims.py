"""What is said about findings: relations as claims, what geometry rules on them, and the spatial words of a text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Span = tuple[int, int]
"""Where words stand in an answer's text: offsets of their first character and of the one after their last."""


class Ruling(StrEnum):
    """What geometry says about a claim."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Geometry's ruling on one claim, and why."""

    ruling: Ruling
    margin: float | None
    """Signed distance to the decision, in units of σ (the model's localisation error): positive supports the claim."""
    reason: str
    """One sentence with the numbers behind it."""
    confidence: float | None = None
    """Chance that the ruling is right, as calibrated for this model on generated scenes; None where it was not calibrated, and
    for an undetermined one."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "ruling": self.ruling.value,
            "margin_sigma": _rounded(self.margin, 2),
            "reason": self.reason,
            "confidence": _rounded(self.confidence, 4),
        }


class Relation(StrEnum):
    """What a claim may say of its subject."""

    LEFT_OF = "left_of"
    RIGHT_OF = "right_of"
    ABOVE = "above"
    BELOW = "below"
    IN_FRONT_OF = "in_front_of"
    BEHIND = "behind"
    OCCLUDES = "occludes"
    INSIDE = "inside"
    ON = "on"
    BETWEEN = "between"
    NEAR = "near"
    ALIGNED_WITH = "aligned_with"
    FARTHEST = "farthest"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """The claim's question put once more in another way, to see whether the model stands by its answer."""

    how: str
    """`mirrored`: the picture with left and right exchanged; `exchanged`: subject and object have changed places;
    `enlarged`: the part of the picture that shows both."""
    question: str
    answer: str
    agrees: bool | None
    """Whether it says the same of the scene; None where the answer does not tell."""

    def as_dict(self) -> dict[str, Any]:
        return {"how": self.how, "question": self.question, "answer": self.answer, "agrees": self.agrees}


@dataclass(frozen=True, slots=True)
class Witness:
    """What another network than the model says of a claim."""

    kind: str
    """`depth`: a depth network's ordering; `words`: text that was read in the picture."""
    agrees: bool | None
    """Whether it speaks for the claim; None where it does not tell."""
    reason: str
    """One sentence with its numbers."""

    def as_dict(self) -> dict[str, Any]:
        return {"kind": self.kind, "agrees": self.agrees, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Claim:
    """A relation that the answer states: subject, relation, object, in a named frame; `verdict` once geometry has looked."""

    subject: str
    relation: str
    """One of `Relation`."""
    object: str
    """Of farthest and nearest what the subject is compared with; empty: everything that was found."""
    frame: str = "camera"
    """Whose left, front and distance: `camera`, `object` (the object's own heading) or `viewer` (somebody in the picture)."""
    subject_id: str = ""
    object_id: str = ""
    """Findings that ground the names; empty where nothing was found."""
    verdict: Verdict | None = None
    text_span: Span | None = None
    """The words of the answer's text that state it; None where it is only the question's."""
    other: str = ""
    """The second of the two things that the subject is `between`; empty for every other relation."""
    other_id: str = ""
    negated: bool = False
    """The answer denies the relation."""
    asked_again: tuple[AskedAgain, ...] = ()
    witnesses: tuple[Witness, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The things it speaks of."""
        return tuple(name for name in (self.subject, self.object, self.other) if name)

    def as_dict(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "relation": self.relation,
            "object": self.object,
            "other": self.other,
            "negated": self.negated,
            "frame": self.frame,
            "subject_id": self.subject_id,
            "object_id": self.object_id,
            "other_id": self.other_id,
            "text_span": _listed(self.text_span),
            "verdict": None if self.verdict is None else self.verdict.as_dict(),
            "asked_again": [asked.as_dict() for asked in self.asked_again],
            "witnesses": [witness.as_dict() for witness in self.witnesses],
        }


@dataclass(frozen=True, slots=True)
class Check:
    """Geometry's ruling on a finding itself, rather than on what was said about it."""

    kind: str
    """`projection`: the solid box projects onto its rectangle; `ground`: where it touches the ground is plausible; `camera`:
    the picture's solid boxes and rectangles together agree with its camera; `text`: a reader of text reads the same there."""
    finding_id: str
    """Empty for the camera."""
    against_id: str
    """The finding it was compared with; empty where there is none."""
    verdict: Verdict
    picture: int = 0
    """Which picture it is about, counted from 0."""

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "finding_id": self.finding_id,
            "against_id": self.against_id,
            "picture": self.picture,
            "verdict": self.verdict.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Tag:
    """A spatial word of an answer's text."""

    word: str
    """left, right, above, below, front, behind, between, near, inside or on, whatever the language."""
    text: str
    """As it stands there."""
    span: Span

    def as_dict(self) -> dict[str, Any]:
        return {"word": self.word, "text": self.text, "text_span": _listed(self.span)}


def _rounded(value: float | None, digits: int) -> float | None:
    """For the published JSON: no more digits than mean something."""
    return None if value is None else round(value, digits)


def _listed(span: Span | None) -> list[int] | None:
    return None if span is None else list(span)
