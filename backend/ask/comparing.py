"""Pictures held against each other: everything is located in each of them alone, and geometry says what changed.

Picture by picture, because that is how a model finds things best: shown two at once, it names things without saying in which
one they are, or tells differences that are none. What it said of each is kept; what changed is never asked of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from backend.answer import Answer, PictureRef, Timings
from backend.ask import zoom
from backend.ask.claims.names import key
from backend.ask.evidence import one_thing
from backend.ask.measured import Localisation
from backend.ask.pipeline import Asker
from backend.ask.task import Question
from backend.errors import QuestionCancelled
from backend.events import AskEvent, Cancelled, Done, Failed
from backend.language import _, ngettext
from backend.scene import Box, Box3D, CameraMotion, Change, Finding, Picture, Point
from backend.spatial.camera_motion import Sight
from backend.spatial.changes import compared

F = TypeVar("F", Box, Point, Box3D)

EVERYTHING = "Locate every object"
"""What is asked of each picture where nothing is named."""
TASK = "compare"
"""Of the answer; no task of the book, as no model is asked it."""
_UNLIKE = 0.02
"""Difference of two pictures' shapes (width to height) from which it is said."""


def changes_between(
    findings: Iterable[Finding], pictures: Sequence[Picture], known_error: Localisation
) -> tuple[tuple[Change, ...], tuple[CameraMotion, ...]]:
    """What changed from each picture to the next, of what was found in them, and what the camera did."""
    known = tuple(findings)
    sights = [_sight(known, at, picture, known_error) for at, picture in enumerate(pictures)]
    steps = [compared(before, after, (at, at + 1)) for at, (before, after) in enumerate(pairwise(sights))]
    return tuple(change for step in steps for change in step.changes), tuple(step.motion for step in steps)


def joined(
    question: str, pictures: Sequence[Picture], answers: Sequence[Sequence[Answer]], known_error: Localisation
) -> Answer:
    """One answer about all pictures, of those that were given about each alone (`answers`: some for each picture)."""
    located = [[box for answer in own if not answer.boxes3d for box in answer.boxes] for own in answers]
    single = list(map(_single, located))  # rectangles that were looked for to check 3D boxes are of things that are known
    boxes = _numbered("b", single)
    points = _numbered("p", [[point for answer in own for point in answer.points] for own in answers])
    solids = _numbered("s", [[solid for answer in own for solid in answer.boxes3d] for own in answers])
    changes, motions = changes_between((*boxes, *solids), pictures, known_error)
    flat = [answer for own in answers for answer in own]
    return Answer(
        question=question,
        task=TASK,
        text="\n".join(f"Picture {number}: {answer.text}" for number, own in enumerate(answers, 1) for answer in own),
        pictures=tuple(_reference(picture, own) for picture, own in zip(pictures, answers, strict=True)),
        boxes=boxes,
        points=points,
        boxes3d=solids,
        thinking="\n".join(answer.thinking for answer in flat if answer.thinking),
        changes=changes,
        motions=motions,
        warnings=tuple(
            dict.fromkeys(
                (*_said(answers), *_twice(located, single), *zoom.remarks(boxes), *_unlike(pictures), *_empty(answers))
            )
        ),
        model=flat[0].model if flat else (),
        timings=_together([answer.timings for answer in flat]),
    )


def _sight(findings: Sequence[Finding], at: int, picture: Picture, known_error: Localisation) -> Sight:
    here = [finding for finding in findings if finding.picture == at]
    boxes = tuple(finding for finding in here if isinstance(finding, Box))
    solids = tuple(finding for finding in here if isinstance(finding, Box3D))
    return Sight(boxes, float(picture.width), float(picture.height), known_error.sigma(picture), solids)


def _single(boxes: Sequence[Box]) -> list[Box]:
    """Without those that are around a thing of the same name that is there already: it would seem to come or go."""
    kept: list[Box] = []
    for box in boxes:
        if not any(key(box.label) == key(known.label) and one_thing(box, known) for known in kept):
            kept.append(box)
    return kept


def _numbered(letter: str, found: Sequence[Sequence[F]]) -> tuple[F, ...]:
    """Findings of all pictures with ids that are unique among them."""
    placed = [replace(finding, picture=at) for at, own in enumerate(found) for finding in own]
    return tuple(replace(finding, id=f"{letter}{number}") for number, finding in enumerate(placed, 1))


def _reference(picture: Picture, answers: Sequence[Answer]) -> PictureRef:
    return next((one.pictures[0] for one in answers if one.pictures[0].camera is not None), PictureRef.of(picture))


def _said(answers: Sequence[Sequence[Answer]]) -> Iterable[str]:
    """Warnings; those that all pictures share once, others with their picture. What names boxes by old ids is told anew."""
    every = [{warning for answer in own for warning in answer.warnings} for own in answers]
    common = set.intersection(*every) if every else set()
    for number, own in enumerate(answers, 1):
        for answer in own:
            told = set(answer.warnings) - set(zoom.remarks(answer.boxes))
            yield from (
                said if said in common else _("picture {number}: {said}").format(number=number, said=said)
                for said in answer.warnings
                if said in told
            )


def _twice(located: Sequence[Sequence[Box]], single: Sequence[Sequence[Box]]) -> Iterable[str]:
    for number, (own, kept) in enumerate(zip(located, single, strict=True), 1):
        again = len(own) - len(kept)
        if again:
            yield ngettext(
                "picture {number}: of the boxes found {again} was around what had one already",
                "picture {number}: of the boxes found {again} were around what had one already",
                again,
            ).format(number=number, again=again)


def _unlike(pictures: Sequence[Picture]) -> Iterable[str]:
    for number, (one, other) in enumerate(pairwise(pictures), 1):
        if one.sha256 == other.sha256:
            yield _("pictures {number} and {number_2} are the same file").format(number=number, number_2=number + 1)
        elif abs(one.width / one.height - other.width / other.height) > _UNLIKE * one.width / one.height:
            yield _(
                "pictures {number} and {number_2} differ in shape: where nothing else relates them, their centres do"
            ).format(number=number, number_2=number + 1)


def _empty(answers: Sequence[Sequence[Answer]]) -> Iterable[str]:
    for number, own in enumerate(answers, 1):
        if not any(answer.boxes for answer in own):
            yield _("nothing was found in picture {number}").format(number=number)


def _together(timings: Sequence[Timings]) -> Timings:
    """Of questions that were asked at once: work adds up, waiting does not."""
    if not timings:
        return Timings()
    first, total = min(one.first_token_ms for one in timings), max(one.total_ms for one in timings)
    tokens = sum(one.tokens for one in timings)
    return Timings(
        load_ms=max(one.load_ms for one in timings),
        encode_ms=sum(one.encode_ms for one in timings),
        prefill_ms=sum(one.prefill_ms for one in timings),
        first_token_ms=first,
        total_ms=total,
        thinking_ms=max(one.thinking_ms for one in timings),
        thinking_tokens=sum(one.thinking_tokens for one in timings),
        tokens=tokens,
        tokens_per_s=tokens / (total - first) * 1000 if total > first else 0.0,
        reused_tokens=sum(one.reused_tokens for one in timings),
    )


def questions(pictures: Sequence[Picture], text: str, *, solids: bool, second_looks: bool) -> list[list[Question]]:
    """What each picture is asked alone: where things are, and their 3D boxes where those are wanted."""
    asked: list[list[Question]] = []
    for picture in pictures:
        wanted = [Question(text or EVERYTHING, (picture,), "boxes", second_looks=second_looks)]
        if solids:
            wanted.append(Question(text or "Give the 3D bounding box of every box.", (picture,), "boxes3d"))
        asked.append(wanted)
    return asked


def compare(
    asker: Asker,
    pictures: Sequence[Picture],
    text: str = "",
    *,
    solids: bool = False,
    second_looks: bool = True,
    heard: Callable[[AskEvent], None] = lambda _: None,
) -> Answer:
    """Locate in each picture and tell what changed. `heard` is given every event; what it raises ends the questions.

    Raises what the first question that failed failed with.
    """
    asked = questions(pictures, text.strip(), solids=solids, second_looks=second_looks)
    answers: dict[str, Answer] = {}
    with closing(asker.ask(*(one for own in asked for one in own))) as events:
        for event in events:
            heard(event)
            match event:
                case Done(request=id_, answer=answer):
                    answers[id_] = answer
                case Failed(error=error):
                    raise error
                case Cancelled():
                    raise QuestionCancelled(_("cancelled"))
                case __:
                    pass
    return joined(text, pictures, [[answers[one.id] for one in own] for own in asked], asker.localisation)
