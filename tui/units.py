"""The parts of an answer that point at something: sentences, rows of tables, names of findings, claims.

The cursor goes from one to the next, and so does the mouse; what a part names lights up in the picture. A sentence names what
its claims are about, the things whose labels stand in it, and the moments of a film that it speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from backend.scene import Claim, Finding, Span
from backend.scene.moments import Moment
from tui.blocks import Block, Form, Group
from tui.exchange import Exchange

_END = re.compile(r"[.!?…]+[\"'”’)\]*_]*(?=\s|\Z)|[。！？；]+[”’」』）]*")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Unit:
    """One of them."""

    span: Span | None
    """Its words in the answer's text; None for a row below the text."""
    findings: frozenset[int] = frozenset()
    """By their places: what it lights up."""
    claim: int | None = None
    """The claim that it is the row of, or that it states."""
    time: float | None = None
    """The first moment that it names, seconds."""


def units_of(exchange: Exchange, groups: Sequence[Group]) -> tuple[Unit, ...]:
    """The units of an exchange, in the order in which they are written; none before it is over. `groups`: its text."""
    if not exchange.stage.over:
        return ()
    moments = exchange.answer.moments if exchange.answer is not None else ()
    said = [
        _sentence(exchange.text, span, exchange.findings, exchange.claims, moments)
        for group in groups
        for block in group.blocks
        for span in sentences(exchange.text, block)
    ]
    names = [Unit(None, frozenset((index,))) for index in range(len(exchange.findings))]
    rows = [Unit(None, sides(claim, exchange.findings), index) for index, claim in enumerate(exchange.claims)]
    return (*said, *names, *rows)


def sentences(text: str, block: Block) -> Iterator[Span]:
    """The spans of a block's sentences, or of its rows where it is a table."""
    if block.form is Form.TABLE:
        for at in range(0, len(block.cells), block.columns):
            row = [span for cell in block.cells[at : at + block.columns] for span in cell]
            yield from _worded(text, row)
    elif block.form is not Form.CODE:
        for cell in block.cells:
            line: list[Span] = []
            for span in _ended(text, cell):
                if span[0] < span[1]:
                    line.append(span)
                    continue
                yield from _worded(text, line)
                line = []
            yield from _worded(text, line)


def sides(claim: Claim, findings: Sequence[Finding]) -> frozenset[int]:
    """Which findings a claim is about."""
    ids = {claim.subject_id, claim.object_id, claim.other_id} - {""}
    return frozenset(index for index, finding in enumerate(findings) if finding.id in ids)


def named_in(words: str, findings: Iterable[Finding]) -> frozenset[int]:
    """The findings whose labels stand in the words; of two labels the longer one is meant ("red circle", not "circle")."""
    words = words.casefold()
    places: dict[str, list[int]] = {}
    for index, finding in enumerate(findings):
        places.setdefault(finding.label.strip().casefold(), []).append(index)
    found: list[int] = []
    for label in sorted(filter(None, places), key=len, reverse=True):
        ends = r"(?:e?s)?(?!\w)" if label[-1].isascii() else ""
        starts = r"(?<!\w)" if label[0].isascii() else ""
        words, count = re.subn(f"{starts}{re.escape(label)}{ends}", "\0", words)
        found += places[label] if count else ()
    return frozenset(found)


def _sentence(text: str, span: Span, findings: Sequence[Finding], claims: Sequence[Claim], moments: Sequence[Moment]) -> Unit:
    stated = [index for index, claim in enumerate(claims) if claim.text_span is not None and _meet(claim.text_span, span)]
    about = frozenset[int]().union(*(sides(claims[index], findings) for index in stated))
    times = [moment.start for moment in moments if _meet(moment.text_span, span)]
    named = named_in(text[span[0] : span[1]], findings)
    return Unit(span, about | named, stated[0] if len(stated) == 1 else None, times[0] if times else None)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _worded(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """From the first of the spans to the last, if there is a word in them; without the space around it."""
    if spans and any(_WORD.search(text, *span) for span in spans):
        start, end = spans[0][0], spans[-1][1]
        said = text[start:end]
        yield start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())


def _ended(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, with an empty one behind each sentence."""
    for start, end in spans:
        at = start
        for ending in _END.finditer(text, start, end):
            yield at, ending.end()
            yield ending.end(), ending.end()
            at = ending.end()
        if at < end or start == end:
            yield at, end
