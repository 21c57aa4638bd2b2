"""The model's words → findings in pixels of the upright original, as they stream.

A finding exists from the moment its object closes. Whatever had to be repaired, clamped, swapped, left out as a repeat
or given up on becomes a warning that goes with the answer: nothing is dropped silently.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from backend.ask.parsing import which
from backend.ask.parsing.frames import frame_named
from backend.ask.parsing.markup import FoundMarkup, MarkupScanner
from backend.ask.parsing.notes import Notes
from backend.ask.parsing.numbers import FARTHEST, NUMBER, finite, number_groups, surplus
from backend.ask.parsing.objects import FoundObject, ObjectScanner
from backend.ask.parsing.plain import groups_alone
from backend.ask.parsing.sureness import Sureness, coarse
from backend.ask.parsing.thoughts import Thoughts
from backend.language import N_, _
from backend.scene import Attribute, Box, Box3D, Finding, Point, View

_BOX_KEYS = ("bbox_2d", "bbox", "box_2d", "box", "bounding_box", "bboxes", "boxes")
_POINT_KEYS = ("point_2d", "point", "points", "points_2d", "coordinate")
_BOX3D_KEYS = ("bbox_3d", "box_3d")
_KEYS = _BOX3D_KEYS + _BOX_KEYS + _POINT_KEYS
_LABEL_KEYS = ("label", "name", "category", "class", "object", "description", "text_content", "text", "action")

LONGEST_LABEL = 1_000
"""Characters of a label or of an attribute that are kept."""
MOST_ATTRIBUTES = 20

_ELSEWHERE = -1
"""For its offset: an object that does not stand in the text letter by letter, but in a string there."""

_GIVEN_UP = N_("a finding that could not be read was given up on")
REPEATED = N_("the same finding was repeated")
LOOP = 3
"""Findings in a row that were there already: a list that says so many again will not end by itself."""


class FindingParser:
    """Reads one answer. `feed` each token's text with its log-probability, then `finish`."""

    def __init__(self, views: Sequence[View]) -> None:
        self._views = views
        self._thoughts = Thoughts()
        self._objects = ObjectScanner(_KEYS)
        self._markup = MarkupScanner()
        self._sureness = Sureness()
        self._headings = which.Headings(len(views))
        self._seen: set[Finding] = set()
        self._ids: Counter[str] = Counter()
        self._notes = Notes()
        self.findings: list[Finding] = []
        self.repeats = 0
        """Findings in a row, up to now, that were there already."""

    @property
    def looping(self) -> bool:
        """Whether the list only repeats itself."""
        return self.repeats >= LOOP

    @property
    def text(self) -> str:
        """The answer, without the reasoning that came before it."""
        return str(self._objects.text)

    @property
    def thought(self) -> str:
        """The reasoning that the model wrote into its answer, between `<think>` and `</think>`."""
        return self._thoughts.text

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was mended, one sentence each, with how often."""
        return self._notes.told

    def feed(self, text: str, logprob: float | None = None) -> list[Finding]:
        """The findings that `text` completed."""
        return self._read(self._thoughts.feed(text), logprob)

    def finish(self) -> list[Finding]:
        """The findings that only the end of the answer completes, such as an object cut off after its coordinates."""
        found = self._read(self._thoughts.finish(), None)
        ending = [finding for item in self._markup.finish() for finding in self._from_markup(item)]
        ending += self._from_remainder()
        if not (self.findings or ending):
            ending += self._from_numbers_alone()
        self.findings += ending
        if self._thoughts.unmarked:
            self._note(_("a reasoning had no beginning; what was found in it could not be told from the answer"))
        if self._thoughts.thinking:
            self._note(_("a reasoning never ended, and nothing in it was taken for the answer"))
        for start in (*self._objects.unread, *self._markup.unread):
            self._note(_(_GIVEN_UP), start)
        return found + ending

    def _read(self, text: str, logprob: float | None) -> list[Finding]:
        items: list[FoundObject | FoundMarkup] = [*self._objects.feed(text), *self._markup.feed(text)]
        items.sort(key=lambda item: item.end)  # as they would be found if each letter came alone
        self._sureness.token(len(self._objects.text), logprob)
        found = [
            finding
            for item in items
            for finding in (self._from_object(item) if isinstance(item, FoundObject) else self._from_markup(item))
        ]
        self.findings += found
        return found

    def _from_object(self, item: FoundObject) -> list[Finding]:
        for keys, make, size in ((_BOX3D_KEYS, self._box3d, 9), (_BOX_KEYS, self._box, 4), (_POINT_KEYS, self._point, 2)):
            key = next((key for key in keys if key in item.value), None)
            if key is None:
                continue
            groups = number_groups(item.value[key], size)
            if groups is None:
                self._note(_("a {key} without its numbers was given up on").format(key=key), item.source)
                return []
            if item.repaired:
                self._note(_("broken JSON was repaired"))
            spans = self._spans(item, key)
            if surplus(item.value[key], size):
                self._note(
                    _("a {key} has more than its {size} numbers; the first {size} were read").format(key=key, size=size),
                    item.source,
                )
                spans = []
            if item.stated > sum(key in item.value for key in _KEYS):
                self._note(_("an object states a place twice; the last was read"), item.source)
            named = next((k for k in _LABEL_KEYS if isinstance(item.value.get(k), str)), None)
            label = self._shortened(item.value[named]) if named else ""
            attributes = self._attributes(item.value, {key, named, *which.KEYS})
            return self._made(groups, make, label, self._picture(item.value, item.start, item.end), attributes, spans)
        return self._from_quoted(item)

    def _from_quoted(self, item: FoundObject) -> list[Finding]:
        """Objects in the strings of one that has no place of its own: how many servers write the arguments of a tool call."""
        found: list[Finding] = []
        seen = False
        for said in item.value.values():
            if isinstance(said, str) and "{" in said:
                inner = ObjectScanner(_KEYS)
                objects = inner.feed(said)
                lost = [*inner.unread, *(start for __, start in inner.finish())]
                seen = seen or bool(objects or lost)
                found += [finding for one in objects for finding in self._from_object(replace(one, start=_ELSEWHERE))]
                for start in lost:
                    self._note(_(_GIVEN_UP), start)
        if not seen and (item.stated or any(f'\\"{key}\\"' in item.source for key in _KEYS)):
            self._note(_(_GIVEN_UP), item.source)
        return found

    def _from_markup(self, item: FoundMarkup) -> list[Finding]:
        size, make = (4, self._box) if item.kind == "box" else (2, self._point)
        if not item.numbers or len(item.numbers) % size or not finite(item.numbers):
            self._note(_("a {kind} without its {size} numbers was given up on").format(kind=item.kind, size=size), item.source)
            return []
        groups = [list(item.numbers[at : at + size]) for at in range(0, len(item.numbers), size)]
        label = self._shortened(item.label)
        picture = self._picture({}, item.start, item.end)
        return self._made(groups, make, label, picture, item.attributes, [coarse(*span) for span in item.spans])

    def _from_remainder(self) -> list[Finding]:
        found: list[Finding] = []
        for item, start in self._objects.finish():
            read = self._from_object(item) if item else []
            self._note(
                _("the answer ends inside a finding") + ("" if read else _(", which was left out")), "" if read else start
            )
            found += read
        return found

    def _from_numbers_alone(self) -> list[Finding]:
        alone = groups_alone(self.text)
        if alone is None:
            return []
        size, groups = alone
        self._note(_("numbers without names were taken for ") + ("boxes" if size == 4 else "points"))
        return self._made(groups, self._box if size == 4 else self._point, "", self._picture({}, 0, 0), (), [])

    def _made(
        self,
        groups: Sequence[list[float]],
        make: Callable[[Sequence[float], str, int], Finding | None],
        label: str,
        picture: int,
        attributes: tuple[Attribute, ...],
        spans: Sequence[tuple[int, int]],
    ) -> list[Finding]:
        """Findings of one label; `spans` are those of all their numbers, in order."""
        made: list[Finding] = []
        at = 0
        for numbers in groups:
            confidence = self._sureness.of(spans[at : at + len(numbers)])
            at += len(numbers)
            finding = make(numbers, label, picture)
            if finding is not None:
                made += self._admit(replace(finding, confidence=confidence, attributes=attributes))
        return made

    def _attributes(self, value: dict[str, Any], known: set[str | None]) -> tuple[Attribute, ...]:
        """What else was said, word for word; what is no text, number or truth value as JSON."""
        others = [(key, said) for key, said in value.items() if key not in known]
        if len(others) > MOST_ATTRIBUTES:
            self._note(
                _("of {count} attributes of a finding the first {most_attributes} were kept").format(
                    count=len(others), most_attributes=MOST_ATTRIBUTES
                )
            )
        kept: list[Attribute] = []
        for key, said in others[:MOST_ATTRIBUTES]:
            try:
                plain = said if said is None or isinstance(said, str | bool) else _plain(said)
            except RecursionError:  # read at a lesser depth of calls than it is written at
                self._note(_("an attribute of lists in lists without end was left out"), key)
                continue
            kept.append((self._shortened(key), self._shortened(plain) if isinstance(plain, str) else plain))
        return tuple(kept)

    def _shortened(self, text: str) -> str:
        if len(text) <= LONGEST_LABEL:
            return text
        self._note(
            _("a text of {count:,} characters was shortened to {longest_label:,}").format(
                count=len(text), longest_label=LONGEST_LABEL
            )
        )
        return text[: LONGEST_LABEL - 1] + "…"

    def _admit(self, finding: Finding) -> list[Finding]:
        anonymous = replace(finding, confidence=None, id="")
        if anonymous in self._seen:
            self._note(_(REPEATED))
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
            self._note(_("swapped corners were put right"))
        box = Box.placed(numbers, view, label, picture)
        inside = box.clamped(view.picture.width, view.picture.height)
        if max(abs(a - b) for a, b in zip(_sides(box), _sides(inside), strict=True)) > 0.5:
            self._note(_("a box that left the picture was clamped to it"))
        if not inside.area:
            self._note(_("a box has no area"))
        return inside

    def _point(self, numbers: Sequence[float], label: str, picture: int) -> Point:
        view = self._views[picture]
        x, y = view.to_original(numbers[0], numbers[1])
        inside = min(max(x, 0.0), view.picture.width), min(max(y, 0.0), view.picture.height)
        if max(abs(x - inside[0]), abs(y - inside[1])) > 0.5:
            self._note(_("a point outside the picture was moved to its edge"))
        return Point(*inside, label, picture)

    def _box3d(self, numbers: Sequence[float], label: str, picture: int) -> Box3D | None:
        x, y, z, width, height, depth, pitch, yaw, roll = numbers
        if max(map(abs, numbers)) > FARTHEST:
            self._note(_("a 3D box that is farther, larger or more turned than can be was given up on"))
            return None
        if not (width > 0 and height > 0 and depth > 0):
            self._note(_("a 3D box without a size was given up on"))
            return None
        turns = (pitch * math.pi, yaw * math.pi, roll * math.pi)
        return Box3D((x, y, z), (width, height, depth), *turns, label, picture)

    def _picture(self, value: dict[str, Any], start: int, end: int) -> int:
        """Which picture what stands between these offsets is in: its own word, else the heading above, else the first."""
        if len(self._views) == 1:
            return 0
        heading = None if start == _ELSEWHERE else self._headings.above(self._objects.text, start)
        self._headings.skip(end)
        said = which.own(value, len(self._views))
        if said is None:
            said = frame_named(value, [view.picture.time for view in self._views])
        if said is None and heading is None:
            self._note(_("a finding does not say which picture it is in; the first was assumed"))
        return next(picture for picture in (said, heading, 0) if picture is not None)

    def _spans(self, item: FoundObject, key: str) -> list[tuple[int, int]]:
        """Where the numbers after `key` stand in the whole text, each without its last digit unless it has only one."""
        if item.start == _ELSEWHERE:
            return []
        after = item.source.find(key, max(item.source.find(f'"{key}"'), item.source.find(f"'{key}'"), 0)) + len(key)
        return [coarse(item.start + m.start(), item.start + m.end()) for m in NUMBER.finditer(item.source, after)]

    def _note(self, note: str, example: str = "") -> None:
        self._notes.add(note, example)


def _plain(said: Any) -> str | float:
    """A number as it is, unless JSON cannot hold it; everything else in JSON's words."""
    if isinstance(said, int | float) and abs(said) < 1e15:
        return said
    return json.dumps(said, ensure_ascii=False, default=str)


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x1, box.y1, box.x2, box.y2
