"""Findings written as markup rather than JSON, cut out of a text while it streams.

Four forms: Qwen-VL's `<ref>cup</ref><box>(x1,y1),(x2,y2)</box>`; the same with Qwen2-VL's special tokens
(`<|object_ref_start|>`, `<|box_start|>`); `<points x1="…" y1="…" alt="cup">cup</points>`; and the HTML of Qwen2.5-VL's document
reading, `<p data-bbox="x1 y1 x2 y2">text</p>`. Every pattern is bounded, so that a text made of openings costs no more
than its length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

LONGEST_MARKUP = 8_000
"""Characters of one element, its words included; a longer one is not seen whole while it streams."""

_PATTERN = re.compile(
    r"""
    (?:(?:<ref>|<\|object_ref_start\|>)(?P<ref>[^<]{0,2000})(?:</ref>|<\|object_ref_end\|>)\s{0,4})?
    (?:<box>|<\|box_start\|>)(?P<box>[^<]{0,400})(?:</box>|<\|box_end\|>)
    |
    <points?\s(?P<points>[^<>]{1,4000}?)(?:/>|>(?P<said>[^<]{0,2000})</points?>)
    |
    <(?P<element>[a-zA-Z]\w{0,20})\s[^<>]{0,1000}?(?<=\s)data-bbox\s?=\s?(?P<q>["'])(?P<html>[^"'<>]{0,200})(?P=q)[^<>]{0,1000}>
    (?P<words>[^<]{0,4000})(?=<)
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_COORDINATE = re.compile(r"""\b(?P<axis>[xy])(?P<index>\d{0,4})\s?=\s?["'](?P<number>-?\d+(?:\.\d+)?)["']""")
_ALT = re.compile(r"""\balt\s?=\s?(?P<q>["'])(?P<alt>.*?)(?P=q)""")

Span = tuple[int, int]
"""Offsets in the whole text, in characters."""


@dataclass(frozen=True, slots=True)
class FoundMarkup:
    """One element: numbers for one or more findings, with the place of each number in the text."""

    kind: Literal["box", "point"]
    source: str
    label: str
    numbers: tuple[float, ...]
    spans: tuple[Span, ...]
    attributes: tuple[tuple[str, str], ...] = ()


class MarkupScanner:
    """Told of the whole text each time it has grown; it returns the elements that closed since."""

    def __init__(self) -> None:
        self._from = 0
        self._last_ref: tuple[int, str] = (-1, "")
        """Where the last box ended and what it was of: further boxes that follow at once are of the same."""

    def scan(self, text: str) -> list[FoundMarkup]:
        found = []
        for match in _PATTERN.finditer(text, self._from):
            self._from = match.end()
            found.append(self._read(match))
        self._from = max(self._from, len(text) - LONGEST_MARKUP)
        return found

    def finish(self, text: str) -> list[FoundMarkup]:
        """With an element of HTML that only the end of the text completes."""
        return self.scan(text + "<")

    def _read(self, match: re.Match[str]) -> FoundMarkup:
        if match["box"] is not None:
            label = match["ref"]
            if label is None:
                label = self._last_ref[1] if self._last_ref[0] == match.start() else ""
            self._last_ref = match.end(), label
            return FoundMarkup("box", match[0], label.strip(), *_numbers(match, "box"))
        if match["html"] is not None:
            attributes = (("element", match["element"]),)
            label = match["words"].strip() or match["element"]
            return FoundMarkup("box", match[0], label, *_numbers(match, "html"), attributes)
        alt = _ALT.search(match["points"])
        label = (match["said"] or "").strip() or (alt["alt"] if alt else "")
        coordinates = _coordinates(match)
        numbers, spans = tuple(number for number, _ in coordinates), tuple(span for _, span in coordinates)
        return FoundMarkup("point", match[0], label, numbers, spans)


def _numbers(match: re.Match[str], group: str) -> tuple[tuple[float, ...], tuple[Span, ...]]:
    found = list(_NUMBER.finditer(match.string, *match.span(group)))
    return tuple(float(number[0]) for number in found), tuple(number.span() for number in found)


def _coordinates(match: re.Match[str]) -> list[tuple[float, Span]]:
    """x1, y1, x2, y2 …, in order of their indices; nothing where one lacks its partner."""
    points: dict[int, dict[str, tuple[float, Span]]] = {}
    for found in _COORDINATE.finditer(match.string, *match.span("points")):
        points.setdefault(int(found["index"] or 0), {})[found["axis"]] = float(found["number"]), found.span("number")
    if any(len(point) != 2 for point in points.values()):
        return []
    return [point[axis] for _, point in sorted(points.items()) for axis in "xy"]
