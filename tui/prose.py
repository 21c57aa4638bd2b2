"""The model's words as they are shown: without coordinates, made safe, and with spans of them marked.

Spans are offsets in the answer's own text, of which parts are left out and some characters are shown as several. So no
offset is ever translated: the text is cut into runs at every edge of a span, and each run is made safe by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from textual.content import Content
from textual.content import Span as ContentSpan
from textual.style import Style

from backend.sanitise import lines
from backend.scene import Span

UNDER_CURSOR = "on $block-cursor-background"
"""How a unit of an answer looks that the cursor is on."""
_FENCED = re.compile(r"```(?P<language>[a-z]*)(?:\s(?P<inside>.*?)|)(?P<end>```|\Z)", re.DOTALL)
_COORDINATES = ('"bbox', '"box', '"point')
_BEGUN = re.compile(r"\[\s*(?:\{[^}\]]*)?\Z")
"""What may become a list of coordinates, at the end of what has arrived."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that stand out. Of several marks on the same words the last one's colour counts, and the manner of all."""

    span: Span
    colour: str
    """A colour of the theme, as styles write it: `$error`."""
    manner: str = ""
    """`bold`, `reverse` or the like."""
    sign: str = ""
    """Written behind the last of the words."""
    unit: int | None = None
    """Which of the answer's units (`tui.units`) the words belong to; told to whoever points at them with the mouse."""


def kept(text: str, *, streaming: bool = False) -> list[Span]:
    """Where the prose of an answer stands: what is left without the coordinates, which the list of findings shows better.

    `streaming`: more of it is to come, so that what begins like coordinates is taken for them.
    """
    left: list[Span] = []
    at = 0
    for fence in _FENCED.finditer(text):
        if _holds_coordinates(fence, streaming=streaming):
            left += _between(text, at, fence.start())
        else:
            left += [*_between(text, at, fence.start()), fence.span()]
        at = fence.end()
    if streaming and (begun := _BEGUN.search(text, at)):
        left += _between(text, at, begun.start())
    else:
        left += _between(text, at, len(text))
    return _trimmed(text, left)


def _holds_coordinates(fence: re.Match[str], *, streaming: bool) -> bool:
    """Whether a fence is no code to be read, but the list of what was found."""
    inside = (fence["inside"] or "").strip()
    if any(name in inside for name in _COORDINATES) or inside == "[]":
        return True
    return streaming and not fence["end"] and fence["language"] in ("", "json") and inside[:1] in ("", "[")


def whole(text: str) -> list[Span]:
    """All of it, without the space around it."""
    return _trimmed(text, [(0, len(text))])


def spoken(text: str) -> str:
    """The prose of an answer."""
    return "".join(text[start:end] for start, end in kept(text))


def _between(text: str, at: int, end: int) -> Iterator[Span]:
    """The prose between two fences: all but lists in JSON, and all before one that is cut off in its coordinates."""
    decoder = json.JSONDecoder()
    start = text.find("[", at, end)
    while start != -1:
        try:
            _, behind = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            if any(text.find(name, start, end) != -1 for name in _COORDINATES):
                end = start
            break
        if behind > end:
            break
        yield at, start
        at = behind
        start = text.find("[", at, end)
    yield at, end


def _trimmed(text: str, spans: Iterable[Span]) -> list[Span]:
    """Without the space at both ends of all of it."""
    left = [(start, end) for start, end in spans if start < end]
    while left:
        start, end = left[0]
        start += len(text[start:end]) - len(text[start:end].lstrip())
        left[0] = start, end
        if start < end:
            break
        left.pop(0)
    while left:
        start, end = left[-1]
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        left[-1] = start, end
        if start < end:
            break
        left.pop()
    return left


def marked(text: str, shown: Sequence[Span], marks: Sequence[Mark] = ()) -> Content:
    """Those parts of the text, safe to show, with the marks on it. An empty part ends the line."""
    runs = list(_held(_runs(text, shown, marks), marks))
    last = {index: number for number, (_, held) in enumerate(runs) for index in held}
    parts: list[str] = []
    spans: list[ContentSpan] = []
    at = 0

    def write(said: str, style: str | Style) -> None:
        nonlocal at
        parts.append(said)
        at += len(said)
        if style and said:
            spans.append(ContentSpan(at - len(said), at, style))

    for number, ((start, end), held) in enumerate(runs):
        over = [marks[index] for index in held]
        manner = " ".join(dict.fromkeys(mark.manner for mark in over if mark.manner))
        colour = next((mark.colour for mark in reversed(over) if mark.colour), "")
        # The colour first: behind "on …" it would be taken for another background.
        write(lines(text[start:end]) if start < end else "\n", f"{colour} {manner}".strip())
        for unit in [mark.unit for mark in over if mark.unit is not None][-1:]:
            spans.append(ContentSpan(at - len(parts[-1]), at, pointed_at(unit)))
        for mark in (marks[index] for index in held if marks[index].sign and last[index] == number):
            write(f" [{mark.sign}]", f"bold {mark.colour}")
    return Content("".join(parts), spans)


def pointed_at(unit: int) -> Style:
    """How words tell the mouse which unit of an answer they belong to."""
    return Style.from_meta({"unit": unit})


def pointing(words: Content, unit: int | None, under_cursor: int | None) -> Content:
    """A row below the text that is a unit of the answer."""
    if unit is None:
        return words
    lit = words.stylize(UNDER_CURSOR) if unit == under_cursor else words
    return lit.stylize(pointed_at(unit))


def _held(runs: Iterable[Span], marks: Sequence[Mark]) -> Iterator[tuple[Span, list[int]]]:
    """Each run with the marks that hold it, by their places: one sweep, as an answer may have thousands of both."""
    coming = sorted(range(len(marks)), key=lambda index: marks[index].span[0], reverse=True)
    open_: list[int] = []
    for start, end in runs:
        opening = []
        while coming and marks[coming[-1]].span[0] <= start:
            opening.append(coming.pop())
        open_ = sorted(index for index in (*open_, *opening) if marks[index].span[1] >= end)
        yield (start, end), open_


def _runs(text: str, shown: Sequence[Span], marks: Sequence[Mark]) -> Iterator[Span]:
    """The parts of the text between all edges; a line end of two characters stays in one piece."""
    edges = {edge + (text[edge - 1 : edge + 1] == "\r\n") for mark in marks for edge in mark.span if edge > 0}
    for start, end in shown:
        cuts = [start, *sorted(edge for edge in edges if start < edge < end), end]
        yield from pairwise(cuts)
