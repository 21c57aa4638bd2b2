"""Findings written as markup rather than JSON, cut out of a text while it streams.

Five forms: Qwen-VL's `<ref>cup</ref><box>(x1,y1),(x2,y2)</box>`; the same with Qwen2-VL's special tokens
(`<|object_ref_start|>`, `<|box_start|>`); `<points x1="…" y1="…" alt="cup">cup</points>`; the HTML of Qwen2.5-VL's document
reading, `<p data-bbox="x1 y1 x2 y2">text</p>`; and the tool calls of Qwen3.5, `<parameter=coordinate>[x, y]</parameter>`.
None of them holds more than four `<`, so that a text made of openings costs no more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from backend.ask.parsing.numbers import NUMBER
from backend.ask.parsing.objects import EXCERPT

_MOST_ANGLES = 4
"""`<` in one element, the one that ends an element of HTML among them."""

_PATTERN = re.compile(
    r"""
    (?:(?:<ref>|<\|object_ref_start\|>)(?P<ref>[^<]*+)(?:</ref>|<\|object_ref_end\|>)\s{0,4})?
    (?:<box>|<\|box_start\|>)(?P<box>[^<]*+)(?:</box>|<\|box_end\|>)
    |
    <points?\s(?P<points>[^<>]*+)>(?:(?<=/>)|(?P<said>[^<]*+)</points?>)
    |
    <(?!points?\s)(?P<element>[a-zA-Z]\w{0,20})\s(?=[^<>]*?data-bbox\s?=)(?P<html>[^<>]*+)>(?P<words>[^<]*+)(?=<)
    |
    (?:<parameter=(?:label|action|name|object|text)>(?P<called>[^<]*+)</parameter>\s{0,4})?
    <parameter=(?P<parameter>bbox_2d|bbox|box|point_2d|point|coordinate)>(?P<value>[^<]*+)</parameter>
    """,
    re.VERBOSE,
)
_UNREAD = re.compile(
    r"""
    (?:<(?:box|quad)>|<\|(?:box|quad)_start\|>|<parameter=(?:bbox_2d|bbox|box|point_2d|point|coordinate)>)[^<\d]*+\d
    |
    <points?\s(?=[^<>]*?\d)
    |
    <[a-zA-Z](?=[^<>]*?\sdata-bbox\s?=)
    """,
    re.VERBOSE,
)
"""How elements begin that hold numbers; where one of these is no part of a match, it is missed."""

_COORDINATE = re.compile(r"""\b(?P<axis>[xy])(?P<index>\d{0,4})\s?=\s?["'](?P<number>-?\d+(?:\.\d+)?)["']""")
_ALT = re.compile(r"""\balt\s?=\s?(?P<q>["'])(?P<alt>[^<>]*?)(?P=q)""")
_DATA_BBOX = re.compile(r"""(?<!\S)data-bbox\s?=\s?(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)')""")

Span = tuple[int, int]
"""Offsets in the whole text, in characters."""


@dataclass(frozen=True, slots=True)
class FoundMarkup:
    """One element: numbers for one or more findings, with the place of each number in the text."""

    kind: Literal["box", "point"]
    source: str
    """Its first letters."""
    start: int
    """Offset of the first."""
    end: int
    """How many letters of the text it takes to find it."""
    label: str
    numbers: tuple[float, ...]
    spans: tuple[Span, ...]
    attributes: tuple[tuple[str, str], ...] = ()


class MarkupScanner:
    """Feed it text as it arrives; it returns the elements that closed."""

    def __init__(self) -> None:
        self.unread: list[str] = []
        """How elements begin that hold numbers and could not be read."""
        self._text = ""
        """From the first `<` on that may yet be part of an element."""
        self._base = 0
        """Offset of that in the whole text."""
        self._later: list[str] = []
        """What has come since and cannot complete an element."""
        self._in_tag = False
        self._last_ref: tuple[int, str] = (-1, "")
        """Where the last box ended and what it was of: further boxes that follow at once are of the same."""

    def feed(self, piece: str) -> list[FoundMarkup]:
        self._later.append(piece)
        opens = piece.rfind("<")
        # What completes an element is a `<`, or the first `>` after one.
        completes = opens >= 0 or (self._in_tag and ">" in piece)
        if not completes:
            return []
        self._in_tag = ">" not in piece[opens + 1 :]
        return list(self._scan())

    def finish(self) -> list[FoundMarkup]:
        """With an element of HTML that only the end of the text completes. Call it once."""
        self._later.append("<")
        found = list(self._scan())
        self._miss(self._text[:-1])
        return found

    def _scan(self) -> Iterator[FoundMarkup]:
        text = self._text + "".join(self._later)
        self._later.clear()
        start = 0
        for match in _PATTERN.finditer(text):
            self._miss(text[start : match.start()])
            start = match.end()
            yield self._read(match)
        kept = len(text)
        for _ in range(_MOST_ANGLES):
            before = text.rfind("<", start, kept)
            if before < 0:
                break
            kept = before
        self._miss(text[start:kept])
        self._text, self._base = text[kept:], self._base + kept

    def _miss(self, between: str) -> None:
        for match in _UNREAD.finditer(between):
            start = match.start()
            self.unread.append("<" + between[start + 1 : start + EXCERPT].partition("<")[0])

    def _read(self, match: re.Match[str]) -> FoundMarkup:
        source, start, end = match[0][:EXCERPT], self._base + match.start(), self._base + match.end()
        if match["box"] is not None:
            label = match["ref"]
            if label is None:
                label = self._last_ref[1] if self._last_ref[0] == self._base + match.start() else ""
            self._last_ref = end, label
            return FoundMarkup("box", source, start, end, label.strip(), *self._numbers(match, match.span("box")))
        if match["html"] is not None:
            stated = _DATA_BBOX.search(match["html"])
            inside = (0, 0)
            if stated is not None:
                inside = stated.span("double" if stated["double"] is not None else "single")
            html = match.start("html")
            numbers = self._numbers(match, (html + inside[0], html + inside[1]))
            label = match["words"].strip() or match["element"]
            return FoundMarkup("box", source, start, end + 1, label, *numbers, (("element", match["element"]),))
        if match["parameter"] is not None:
            kind: Literal["box", "point"] = "box" if "box" in match["parameter"] else "point"
            label = (match["called"] or "").strip()
            return FoundMarkup(kind, source, start, end, label, *self._numbers(match, match.span("value")))
        alt = _ALT.search(match["points"])
        label = (match["said"] or "").strip() or (alt["alt"] if alt else "")
        coordinates = self._coordinates(match)
        numbers_, spans = tuple(number for number, _ in coordinates), tuple(span for _, span in coordinates)
        return FoundMarkup("point", source, start, end, label, numbers_, spans)

    def _numbers(self, match: re.Match[str], span: Span) -> tuple[tuple[float, ...], tuple[Span, ...]]:
        found = list(NUMBER.finditer(match.string, *span))
        return tuple(float(number[0]) for number in found), tuple(self._span(number) for number in found)

    def _coordinates(self, match: re.Match[str]) -> list[tuple[float, Span]]:
        """x1, y1, x2, y2 …, in order of their indices; nothing where one lacks its partner."""
        points: dict[tuple[int, int], dict[str, tuple[float, Span]]] = {}
        times: dict[tuple[int, str], int] = {}
        for found in _COORDINATE.finditer(match.string, *match.span("points")):
            index, axis = int(found["index"] or 0), found["axis"]
            time = times[index, axis] = times.get((index, axis), 0) + 1  # several points may be all of x and y
            points.setdefault((index, time), {})[axis] = float(found["number"]), self._span(found, "number")
        if any(len(point) != 2 for point in points.values()):
            return []
        return [point[axis] for _, point in sorted(points.items()) for axis in "xy"]

    def _span(self, match: re.Match[str], group: str | int = 0) -> Span:
        start, end = match.span(group)
        return self._base + start, self._base + end
