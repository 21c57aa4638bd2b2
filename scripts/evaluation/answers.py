"""The demo model end to end: its answers at the edge of its ability, with and without second looks, one row a claim."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from backend.answer import Answer
from backend.ask import confidence
from backend.ask.confidence import Signs
from backend.ask.pipeline import Asker
from backend.ask.task import Question
from backend.scene import AskedAgain, Claim
from backend.synthetic.answers import Language, named
from backend.synthetic.scenes import AnyScene
from scripts.demo_evaluation import answer_to, picture_of
from scripts.evaluation.families import FAMILIES, Family
from scripts.evaluation.truth import is_known, is_true, ruled_by_truth

TOO_SMALL = confidence.CANNOT_TELL


@contextmanager
def every_ruling_given() -> Iterator[None]:
    """No ruling is taken back for its small chance, so that the small chances can be held against the truth as well."""
    confidence.CANNOT_TELL = 0.0
    try:
        yield
    finally:
        confidence.CANNOT_TELL = TOO_SMALL


@dataclass(frozen=True, slots=True)
class Row:
    """One claim of an answer, what is true and what was ruled."""

    family: str
    second_looks: bool
    relation: str
    true: bool
    clear: bool
    """The true boxes decide it."""
    ruling: str
    """Of the verdict; empty where a thing was not found."""
    disagreed: bool
    """The model did not stand by it when it was asked again."""
    mirrored: bool | None
    """Whether it said the same on the mirrored picture; None: it was not asked, or the answer did not tell."""
    chance: float | None
    signs: tuple[float, ...] | None
    """What the ruling's chance is read from."""

    @property
    def beside(self) -> bool:
        """It says left or right."""
        return self.relation in ("left_of", "right_of")

    @property
    def in_plane(self) -> bool:
        """It says left, right, above or below: the relations that the model is asked for as such."""
        return self.beside or self.relation in ("above", "below")

    @property
    def held(self) -> str:
        """The ruling that the reader is given: none where its chance is too small."""
        return "undetermined" if self.chance is not None and self.chance < TOO_SMALL else self.ruling

    @property
    def doubted(self) -> bool:
        """The reader was told not to trust it."""
        return self.held == "contradicted" or self.disagreed

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def asked(asker: Asker, first: int, questions: int, told: Callable[[str], None] = lambda _: None) -> Iterator[Row]:
    """Every family's questions, half of them English, with the seeds from `first` on."""
    for family in FAMILIES:
        for number in range(questions):
            told(f"{family.name} {number + 1}/{questions}")
            yield from _rows(asker, family, first + number, "en" if number % 2 else "zh")


def _rows(asker: Asker, family: Family, seed: int, language: Language) -> Iterator[Row]:
    rng = random.Random(seed)
    scene = family.draw(rng)
    question = family.ask(rng, scene, language)
    if question is None:
        return
    picture = picture_of(scene, f"{family.name}-{seed}")
    for second_looks in (False, True):
        with every_ruling_given():
            answer = answer_to(asker, Question(question, (picture,), second_looks=second_looks))
        yield from _claims(answer, scene, family.name, language, second_looks=second_looks)


def _claims(answer: Answer, scene: AnyScene, family: str, language: Language, *, second_looks: bool) -> Iterator[Row]:
    by_name = {named(item, language): item for item in scene.objects}
    for claim in answer.claims:
        a, b = by_name.get(claim.subject), by_name.get(claim.object)
        if a is None or b is None or claim.text_span is None or not is_known(claim.relation, a):
            continue  # the answer does not state it, or speaks of something that is not there
        signs = Signs.of(claim, answer.boxes)
        yield Row(
            family,
            second_looks,
            claim.relation,
            is_true(claim, a, b, scene),
            ruled_by_truth(claim, a, b, scene, language) != "undetermined",
            claim.verdict.ruling.value if claim.verdict else "",
            any(again.agrees is False for again in claim.asked_again),
            _mirrored(claim),
            claim.verdict.confidence if claim.verdict else None,
            None if signs is None else signs.row,
        )


def _mirrored(claim: Claim) -> bool | None:
    asked_again: list[AskedAgain] = [again for again in claim.asked_again if again.how == "mirrored"]
    return asked_again[0].agrees if asked_again else None
