"""Text that was read in a question's pictures: what it grounds, what it witnesses, and what of it is told to the model.

The reader looks before the model is asked. A claim about “the sign that says EXIT” is checked at the place where EXIT was
read, which the reader knows better than the model; and where no such text was read, what geometry confirms is taken back.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from backend.ask.claims import stated, written_on
from backend.ask.evidence import ruled
from backend.ask.task import Observed
from backend.ask.witnesses import heard
from backend.errors import UsageError
from backend.language import _
from backend.sanitise import one_line, quoted
from backend.scene import Box, Check, Claim, Picture, Ruling, Verdict, Witness

if TYPE_CHECKING:
    from backend.witness.words import WordReader

ALIKE = 0.8
"""Similarity of two texts (Ratcliff and Obershelp's, 0…1) from which one is taken for the other, misread."""
UNLIKE = 0.6
"""Below which two readings of one place contradict each other."""
_SAME_PLACE = 0.3
"""IoU of two readings of one place."""
_MOST_TOLD = 30
"""Lines that the model is told at most."""


def observed(reader: WordReader, pictures: Sequence[Picture], seen: Sequence[Observed] = ()) -> tuple[Observed, ...]:
    """What is read in each picture, beside what others have seen of it already. Raises ReaderFailure."""
    others = seen or [Observed()] * len(pictures)
    return tuple(
        replace(other, words=tuple(replace(line, picture=number) for line in reader.read(picture)))
        for number, (picture, other) in enumerate(zip(pictures, others, strict=True))
    )


def told(seen: Sequence[Observed]) -> tuple[str, ...]:
    """What was read, as sentences for the model, from top to bottom; none for a picture without text."""
    said = []
    for number, one in enumerate(seen, 1):
        if one.words:
            lines = ", ".join(quoted(line.label) for line in one.words[:_MOST_TOLD])
            sentence = f"A text reader, which may err, has read, from top to bottom: {lines}."
            said.append(f"Picture {number}: {sentence}" if len(seen) > 1 else sentence)
    return tuple(said)


def similarity(one: str, other: str) -> float:
    """Of two texts, 0…1, whatever their case, width and spaces."""
    return difflib.SequenceMatcher(None, _plain(one), _plain(other), autojunk=False).ratio()


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def read_as(text: str, words: Iterable[Box]) -> Box | None:
    """The line that reads so, or nearly so; the surer one of two. A longer line that holds the text as words counts."""
    wanted = _plain(text)
    if not wanted:
        return None
    best: tuple[float, float] | None = None
    found = None
    for line in words:
        held = wanted in _plain(line.label) and (len(wanted) > 2 or wanted == _plain(line.label))
        score = 1.0 if held else similarity(text, line.label)
        rank = score, line.confidence or 0.0
        if score >= ALIKE and (best is None or rank > best):
            best, found = rank, line
    return found


def grounds(claims: Iterable[Claim], words: Sequence[Box]) -> list[Box]:
    """A box for each name that says what is written on the thing, where that was read; labelled with the name."""
    named = dict.fromkeys(name for claim in claims for name in claim.names)
    found = []
    for name in named:
        text = written_on(name)
        line = read_as(text, words) if text else None
        if line is not None:
            found.append(replace(line, label=name))
    return found


def with_words(claim: Claim, words: Sequence[Box]) -> Claim:
    """The claim with what the reader says of the texts in its names; its verdict is taken back where one was not read."""
    for name in claim.names:
        text = written_on(name)
        if text is None:
            continue
        witness = _witness(text, words)
        verdict = None if claim.verdict is None else heard(claim.verdict, witness)
        claim = replace(claim, witnesses=(*claim.witnesses, witness), verdict=verdict)
    return claim


def judged(
    statement: str, picture: Picture, words: Sequence[Box], locate: Callable[[Sequence[str]], Sequence[Box]]
) -> tuple[list[Claim], list[Box]]:
    """The relations that a statement makes, held against what was read, and the boxes that ground them.

    `locate`: finds what is not named by a text, a box for each name at most, labelled with it; only called where there is
    such a thing. Raises UsageError for a statement in which no relation is read.
    """
    claims = stated(statement)
    if not claims:
        raise UsageError(
            _("no relation is read in {statement}").format(statement=quoted(one_line(statement, 80))),
            cure=_("state one, such as: the sign that says EXIT is left of the door"),
        )
    boxes = grounds(claims, words)
    known = {box.label for box in boxes}
    others = [name for claim in claims for name in claim.names if name not in known and written_on(name) is None]
    boxes += locate(list(dict.fromkeys(others))) if others else []
    boxes = [replace(box, id=f"b{number}") for number, box in enumerate(boxes, 1)]
    return [with_words(ruled(claim, boxes, picture), words) for claim in claims], boxes


def _witness(text: str, words: Sequence[Box]) -> Witness:
    line = read_as(text, words)
    if line is not None:
        sure = "" if line.confidence is None else _(", {confidence:.0%} sure").format(confidence=line.confidence)
        reason = _("{label} was read at x {x1:.0f}–{x2:.0f}, y {y1:.0f}–{y2:.0f} px{sure}").format(
            label=quoted(line.label), x1=line.x1, x2=line.x2, y1=line.y1, y2=line.y2, sure=sure
        )
        return Witness("words", None, reason)
    if not words:
        return Witness("words", None, _("no text was read in the picture"))
    others = ", ".join(quoted(one.label) for one in words[:5]) + (_(" and more") if len(words) > 5 else "")
    return Witness(
        "words", False, _("{text} was not read in the picture, but {others}").format(text=quoted(text), others=others)
    )


def checks(boxes: Iterable[Box], words: Sequence[Box]) -> tuple[Check, ...]:
    """What the reader reads where the model has read something: for the boxes of an answer that spots text."""
    made = []
    for box in boxes:
        line = max((one for one in words if one.picture == box.picture), key=box.iou, default=None)
        if line is None or box.iou(line) < _SAME_PLACE:
            verdict = Verdict(Ruling.UNDETERMINED, None, _("the text reader has read nothing there"))
            made.append(Check("text", box.id, "", verdict))
            continue
        alike = similarity(box.label, line.label)
        ruling = Ruling.CONFIRMED if alike >= 0.95 else Ruling.CONTRADICTED if alike < UNLIKE else Ruling.UNDETERMINED
        reason = _("the text reader reads {label} there, and the model {label_2}").format(
            label=quoted(line.label), label_2=quoted(box.label)
        )
        made.append(Check("text", box.id, line.id, Verdict(ruling, None, reason)))
    return tuple(made)
