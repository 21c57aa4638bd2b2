"""What must hold whatever a model writes: for the parser of findings, for spatial words and for claims.

A text is its own whole input: in which units it is read, of how many pictures, and where it is cut while it streams follow
from its checksum, so that a text that breaks something breaks it again wherever it is tried.
"""

from __future__ import annotations

import json
import math
import random
import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from backend.answer import Answer, PictureRef
from backend.ask import claims
from backend.ask.parsing import FindingParser
from backend.ask.parsing.findings import LONGEST_LABEL, MOST_ATTRIBUTES
from backend.ask.tags import tagged
from backend.scene import Box, Box3D, Claim, Finding, Picture, Point, Units, View

ALLOWANCE_S, ALLOWANCE_S_PER_KB = 2.0, 0.1
"""Processor time that one text may take, instrumented: far more than it does, far less than what grows faster than it."""

WORDS = frozenset({"left", "right", "above", "below", "front", "behind", "between", "near", "inside", "on"})
QUESTIONS = ("", "Is the red circle left of the blue square?", "红色圆形在蓝色正方形的左边吗？")

_OBJECT = re.compile(r'\{[^{}]*"bbox_2d"[^{}]*\}')
_MARK = re.compile("</?think>")


class Broken(Exception):
    """A property does not hold; the message says which, and for what."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is read."""

    views: tuple[View, ...]
    pieces: tuple[int, ...]
    """Lengths of the pieces it comes in, over and over."""


def setting(text: str) -> Setting:
    """That of this text, always the same."""
    rng = random.Random(zlib.crc32(text.encode("utf-8", "surrogatepass")))
    units = rng.choice(list(Units))
    views = tuple(_view(units, *size) for size in ((1000, 750), (640, 1136))[: rng.choice((1, 1, 2))])
    longest = rng.choice((1, 4, 9, 200)) * (1 + len(text) // 500)  # letter by letter only where that is soon done
    return Setting(views, tuple(rng.randint(1, longest) for _ in range(rng.randint(1, 5))))


def _view(units: Units, width: int, height: int) -> View:
    picture = Picture("", width, height, b"", "")
    return View(picture, picture.whole(), width // 2, height // 2, units)


def check(text: str) -> None:
    """Raises Broken, or whatever the code raises that should not."""
    started = time.process_time()
    _check_findings(text, setting(text))
    _check_tags(text)
    _check_claims(text)
    spent, allowed = time.process_time() - started, ALLOWANCE_S + ALLOWANCE_S_PER_KB * len(text) / 1000
    if spent > allowed:
        raise Broken(f"time, {len(text)} characters took {spent:.1f} s and {allowed:.1f} s are allowed")


def _parsed(views: tuple[View, ...], pieces: Iterator[str]) -> FindingParser:
    parser = FindingParser(views)
    told = [finding for piece in pieces for finding in parser.feed(piece)]
    told += parser.finish()
    _hold("findings are told once, in order", told == parser.findings)
    return parser


def _cut(text: str, pieces: tuple[int, ...]) -> Iterator[str]:
    at, turn = 0, 0
    while at < len(text):
        step = pieces[turn % len(pieces)]
        yield text[at : at + step]
        at, turn = at + step, turn + 1


def _check_findings(text: str, how: Setting) -> None:
    whole = _parsed(how.views, iter((text,)))
    streamed = _parsed(how.views, _cut(text, how.pieces))
    for parser in (whole, streamed):
        ids = [finding.id for finding in parser.findings]
        _hold("ids are unique", len(set(ids)) == len(ids))
        for finding in parser.findings:
            _check_finding(finding, how.views[finding.picture].picture)
        _check_json(parser, how.views)
        _check_nothing_lost(parser)
    if not _reasoning_without_beginning(text):
        _hold("pieces: the same findings", whole.findings == streamed.findings, whole.findings, streamed.findings)
        _hold("pieces: the same answer", whole.text == streamed.text)
        _hold("pieces: the same reasoning", whole.thought == streamed.thought)
        _hold("pieces: the same warnings", set(whole.warnings) == set(streamed.warnings), whole.warnings, streamed.warnings)


def _reasoning_without_beginning(text: str) -> bool:
    """Whether an end of a reasoning stands where none has begun: what came before it can only be told with hindsight."""
    thinking = False
    for mark in _MARK.finditer(text):
        if mark[0] == "</think>" and not thinking:
            return True
        thinking = mark[0] == "<think>"
    return False


def _check_finding(finding: Finding, picture: Picture) -> None:
    _hold("labels are bounded", len(finding.label) <= LONGEST_LABEL)
    _hold("attributes are bounded", len(finding.attributes) <= MOST_ATTRIBUTES)
    for key, value in finding.attributes:
        bounded = len(key) <= LONGEST_LABEL and not (isinstance(value, str) and len(value) > LONGEST_LABEL)
        _hold("attributes are bounded", bounded)
    sure = finding.confidence
    _hold("confidence is none without log-probabilities", sure is None, sure)
    match finding:
        case Box():
            inside = 0 <= finding.x1 <= finding.x2 <= picture.width and 0 <= finding.y1 <= finding.y2 <= picture.height
            _hold("boxes lie in the picture, corners in order", inside, finding)
        case Point():
            _hold("points lie in the picture", 0 <= finding.x <= picture.width and 0 <= finding.y <= picture.height, finding)
        case Box3D():
            numbers = (*finding.centre, *finding.size, finding.pitch, finding.yaw, finding.roll)
            _hold("solid boxes are finite", all(map(math.isfinite, numbers)), finding)
            _hold("solid boxes have a size", min(finding.size) > 0, finding)


def _check_json(parser: FindingParser, views: tuple[View, ...]) -> None:
    """What is published is JSON to the letter."""
    found = parser.findings
    answer = Answer(
        question="",
        task="",
        text=parser.text,
        pictures=tuple(PictureRef.of(view.picture) for view in views),
        boxes=tuple(finding for finding in found if isinstance(finding, Box)),
        points=tuple(finding for finding in found if isinstance(finding, Point)),
        boxes3d=tuple(finding for finding in found if isinstance(finding, Box3D)),
        warnings=parser.warnings,
    )
    json.dumps(answer.as_dict(), allow_nan=False)


def _check_nothing_lost(parser: FindingParser) -> None:
    """Every object with a place that JSON can read became a finding, or a warning says what became of it."""
    if parser.findings or parser.warnings:
        return
    for match in _OBJECT.finditer(parser.text):
        try:
            value = json.loads(match[0])
        except (ValueError, RecursionError):
            continue
        _hold("nothing is lost silently", not _is_place(value.get("bbox_2d")), match[0])


def _is_place(value: object) -> bool:
    return isinstance(value, list) and len(value) == 4 and all(isinstance(number, int | float) for number in value)


def _check_tags(text: str) -> None:
    last = (0, 0)
    for tag in tagged(text):
        start, end = tag.span
        _hold("tags lie in the text", 0 <= start < end <= len(text), tag)
        _hold("tags are words of it", text[start:end] == tag.text and tag.word in WORDS, tag)
        _hold("tags are in order", last <= tag.span, tag)
        last = tag.span


def _check_claims(text: str) -> None:
    for claim in claims.stated(text, QUESTIONS[len(text) % len(QUESTIONS)]):
        _check_claim(claim, text)
    asked = claims.asked(text)
    if asked is not None:
        _check_claim(asked, text)


def _check_claim(claim: Claim, text: str) -> None:
    _hold("claims have a subject", bool(claim.subject.strip()), claim)
    _hold("claims are about two things", claim.subject != claim.object, claim)
    if claim.text_span is not None:
        start, end = claim.text_span
        _hold("claims lie in the text", 0 <= start < end <= len(text), claim)
        _hold("claims are trimmed", text[start:end] == text[start:end].strip(), claim)


def _hold(what: str, holds: bool, *seen: object) -> None:
    if not holds:
        raise Broken(", ".join((what, *(repr(one)[:300] for one in seen))))
