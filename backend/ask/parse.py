"""The model's words → findings in pixels of the upright original, as they stream.

A finding exists from the moment its object closes. Whatever had to be repaired, clamped, swapped, left out as a repeat
or given up on becomes a warning that goes with the answer: nothing is dropped silently.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from backend.ask.objects import FoundObject, ObjectScanner, read_object
from backend.sanitise import one_line
from backend.scene import Box, Box3D, Finding, Point, View

_BOX_KEYS = ("bbox_2d", "bbox", "box_2d", "box", "bounding_box", "bboxes", "boxes")
_POINT_KEYS = ("point_2d", "point", "points", "points_2d")
_BOX3D_KEYS = ("bbox_3d", "box_3d")
_LABEL_KEYS = ("label", "name", "category", "class", "object", "description", "text_content", "text")
_PICTURE_KEYS = ("picture", "image", "picture_index", "image_index")

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_TAGGED = re.compile(r"(?:<ref>(?P<label>[^<]*)</ref>\s*)?<box>\s*\((?P<a>[^)]*)\)\s*,\s*\((?P<b>[^)]*)\)\s*</box>")
"""Qwen-VL's older form: <ref>label</ref><box>(x1,y1),(x2,y2)</box>."""

REPEATED = "the same finding was repeated"
LOOP = 3
"""Findings in a row that were there already: a list that says so many again will not end by itself."""


class FindingParser:
    """Reads one answer. `feed` each token's text with its log-probability, then `finish`."""

    def __init__(self, views: Sequence[View]) -> None:
        self._views = views
        self._scanner = ObjectScanner()
        self._tagged_from = 0
        self._token_ends: list[int] = []
        self._token_logprobs: list[float | None] = []
        self._seen: set[Finding] = set()
        self._ids: Counter[str] = Counter()
        self._notes: Counter[str] = Counter()
        self.findings: list[Finding] = []
        self.repeats = 0
        """Findings in a row, up to now, that were there already."""

    @property
    def looping(self) -> bool:
        """Whether the list only repeats itself."""
        return self.repeats >= LOOP

    @property
    def text(self) -> str:
        return self._scanner.text

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was mended, one sentence each, with how often."""
        return tuple(note if times == 1 else f"{note} ({times} times)" for note, times in self._notes.items())

    def feed(self, text: str, logprob: float | None = None) -> list[Finding]:
        """The findings that `text` completed."""
        objects = self._scanner.feed(text)
        self._token_ends.append(len(self._scanner.text))
        self._token_logprobs.append(logprob)
        found = [finding for item in objects for finding in self._from_object(item)]
        if ">" in text:
            found += self._from_tags()
        self.findings += found
        return found

    def finish(self) -> list[Finding]:
        """The findings that only the end of the answer completes: an object cut off after its coordinates."""
        rest = self._scanner.remainder()
        if rest is None or not any(
            f'"{key}"' in rest[1] or f"'{key}'" in rest[1] for key in _BOX_KEYS + _POINT_KEYS + _BOX3D_KEYS
        ):
            return []
        start, source = rest
        read = read_object(source) if "]" in source else None
        found = self._from_object(FoundObject(start, source, read[0], True)) if read else []
        self._note("the answer ends inside a finding" + ("" if found else ", which was left out"))
        self.findings += found
        return found

    def _from_object(self, item: FoundObject) -> list[Finding]:
        for keys, make in ((_BOX3D_KEYS, self._box3d), (_BOX_KEYS, self._box), (_POINT_KEYS, self._point)):
            key = next((key for key in keys if key in item.value), None)
            if key is None:
                continue
            groups = _number_groups(item.value[key], 9 if keys is _BOX3D_KEYS else 4 if keys is _BOX_KEYS else 2)
            if groups is None:
                self._note(f"a {key} without its numbers was given up on: {one_line(item.source, 60)}")
                return []
            if item.repaired:
                self._note("broken JSON was repaired")
            spans = self._spans(item, key)
            label = next((str(item.value[k]) for k in _LABEL_KEYS if isinstance(item.value.get(k), str)), "")
            picture = self._picture(item.value)
            made = []
            for numbers in groups:
                confidence = self._confidence(spans[: len(numbers)])
                spans = spans[len(numbers) :]
                finding = make(numbers, label, picture)
                made += self._admit(replace(finding, confidence=confidence) if finding is not None else None)
            return made
        return []

    def _from_tags(self) -> list[Finding]:
        made: list[Finding] = []
        for match in _TAGGED.finditer(self.text, self._tagged_from):
            self._tagged_from = match.end()
            numbers = [float(n) for n in _NUMBER.findall(f"{match['a']} {match['b']}")]
            if len(numbers) == 4:
                made += self._admit(self._box(numbers, match["label"] or "", 0))
            else:
                self._note(f"a box without four numbers was given up on: {one_line(match[0], 60)}")
        return made

    def _admit(self, finding: Box | Point | Box3D | None) -> list[Finding]:
        if finding is None:
            return []
        anonymous = replace(finding, confidence=None, id="")
        if anonymous in self._seen:
            self._note(REPEATED)
            self.repeats += 1
            return []
        self.repeats = 0
        self._seen.add(anonymous)
        letter = {Box: "b", Point: "p", Box3D: "s"}[type(finding)]
        self._ids[letter] += 1
        return [replace(finding, id=f"{letter}{self._ids[letter]}")]

    def _box(self, numbers: Sequence[float], label: str, picture: int) -> Box:
        view = self._views[picture]
        if numbers[0] > numbers[2] or numbers[1] > numbers[3]:
            self._note("swapped corners were put right")
        box = Box.placed(numbers, view, label, picture)
        inside = box.clamped(view.picture.width, view.picture.height)
        if max(abs(a - b) for a, b in zip(_sides(box), _sides(inside), strict=True)) > 0.5:
            self._note("a box that left the picture was clamped to it")
        return inside

    def _point(self, numbers: Sequence[float], label: str, picture: int) -> Point:
        view = self._views[picture]
        x, y = view.to_original(numbers[0], numbers[1])
        inside = min(max(x, 0.0), view.picture.width), min(max(y, 0.0), view.picture.height)
        if max(abs(x - inside[0]), abs(y - inside[1])) > 0.5:
            self._note("a point outside the picture was moved to its edge")
        return Point(*inside, label, picture)

    def _box3d(self, numbers: Sequence[float], label: str, picture: int) -> Box3D | None:
        x, y, z, width, height, depth, pitch, yaw, roll = numbers
        if not (width > 0 and height > 0 and depth > 0):
            self._note("a 3D box without a size was given up on")
            return None
        turns = (pitch * math.pi, yaw * math.pi, roll * math.pi)
        return Box3D((x, y, z), (width, height, depth), *turns, label, picture)

    def _picture(self, value: dict[str, Any]) -> int:
        """Which picture an object speaks of: its own word (counted from 1), else the first."""
        if len(self._views) == 1:
            return 0
        for key in _PICTURE_KEYS:
            stated = _NUMBER.search(str(value.get(key, "")))
            if stated and 1 <= int(float(stated[0])) <= len(self._views):
                return int(float(stated[0])) - 1
        self._note("a finding does not say which picture it is in; the first was assumed")
        return 0

    def _spans(self, item: FoundObject, key: str) -> list[tuple[int, int]]:
        """Where the numbers after `key` stand in the whole text, each without its last digit unless it has only one."""
        after = item.source.find(key) + len(key)
        spans = ((item.start + m.start(), item.start + m.end()) for m in _NUMBER.finditer(item.source, after))
        return [(start, max(end - 1, start + 1)) for start, end in spans]

    def _confidence(self, spans: Sequence[tuple[int, int]]) -> float | None:
        """Geometric mean of the numbers' probabilities, each the product of its tokens'.

        Last digits do not count: they are thousandths of the picture, finer than any model can tell, so that nearly the
        same box would be said with any of ten of them. What is left is the chance of each number to a hundredth.
        """
        total = 0.0
        for start, end in spans:
            for index in range(bisect_right(self._token_ends, start), bisect_left(self._token_ends, end) + 1):
                logprob = self._token_logprobs[index] if index < len(self._token_logprobs) else None
                if logprob is None:
                    return None
                total += logprob
        return math.exp(total / len(spans)) if spans else None

    def _note(self, note: str) -> None:
        self._notes[note] += 1


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x1, box.y1, box.x2, box.y2


def _number_groups(value: object, size: int) -> list[list[float]] | None:
    """`value` as groups of `size` numbers: one flat list, or a list of lists. None where it is neither."""
    if not isinstance(value, list) or not value:
        return None
    rows = value if all(isinstance(row, list) for row in value) else [value]
    groups: list[list[float]] = []
    for row in rows:
        if len(row) < size:
            return None
        try:
            numbers = [float(n) for n in row[:size]]
        except (TypeError, ValueError):
            return None
        if not all(math.isfinite(n) for n in numbers):
            return None
        groups.append(numbers)
    return groups
