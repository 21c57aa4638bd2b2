"""Answers as a data set: every picture once, with what all of them found in it. COCO, YOLO and Label Studio are made from it.

The same thing, found again by another question, is one annotation: of rectangles with one label that overlap by more than an
IoU of 0.9 the most confident stands. Text that a reader read has no category, and solid boxes no rectangle; both are left
out, and said to be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from backend.answer import Answer, PictureRef
from backend.export.originals import file_of
from backend.language import ngettext
from backend.sanitise import one_line
from backend.scene import Box, Box3D, Finding, Point

SAME = 0.9
"""IoU above which two rectangles with one label are one thing."""
NAMELESS = "object"
"""The category of what the model gave no label."""
_READABLE = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
"""What the readers of these formats open; of other files a PNG is made."""
_LONGEST = 80


@dataclass(slots=True)
class Shot:
    """One picture, or frame of a film, and what was found in it. Rectangles lie inside it and have an area."""

    ref: PictureRef
    name: str
    """Of its file in the data set, unlike all others there."""
    boxes: list[Box] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)

    @property
    def findings(self) -> list[Box | Point]:
        return [*self.boxes, *self.points]


@dataclass(slots=True)
class Gathered:
    """A data set: pictures in the order in which they were first asked about, categories in the order in which they occur."""

    shots: list[Shot]
    categories: list[str]
    models: list[str]
    notes: list[str]
    """What was left out, a sentence each."""

    def number(self, label: str) -> int:
        """The place of a label's category, counted from 0."""
        return self._numbers[category(label).casefold()]

    def name(self, label: str) -> str:
        """Its category's name; labels that differ in case alone are one."""
        return self.categories[self.number(label)]

    _numbers: dict[str, int] = field(default_factory=dict)


def category(label: str) -> str:
    """A label as the name of a category: on one line, nothing in it that acts on a reader; that without a label is an
    object.
    """
    return one_line(" ".join(label.split())) or NAMELESS


def gathered(answers: Sequence[Answer], *, points: bool = False) -> Gathered:
    """All that these answers found in their pictures; `points` where the format has a place for them."""
    shots: dict[tuple[str, float | None], Shot] = {}
    taken: set[str] = set()
    left = {"points": 0, "solids": 0, "read": 0, "flat": 0}
    for answer in answers:
        for ref in answer.pictures:
            if (ref.sha256, ref.time) not in shots:
                shots[ref.sha256, ref.time] = Shot(ref, _unlike(taken, file_name(ref)))
        for finding in answer.findings:
            if 0 <= finding.picture < len(answer.pictures):
                ref = answer.pictures[finding.picture]
                _take(shots[ref.sha256, ref.time], finding, left, points=points)
    found = [one.label for shot in shots.values() for one in shot.findings]
    names: dict[str, str] = {}
    for label in found:
        names.setdefault(category(label).casefold(), category(label))
    models = list(dict.fromkeys(dict(answer.model).get("name", "") for answer in answers))
    made = Gathered(list(shots.values()), list(names.values()), [name for name in models if name], _notes(left))
    made._numbers = {name: place for place, name in enumerate(names)}
    return made


def file_name(ref: PictureRef) -> str:
    """What a picture is called in a folder of its own: its file's name, a frame with its time behind it."""
    path = PurePath(file_of(ref) or "picture.png")
    stem = re.sub(r"[^\w.\- ()]+", "_", path.stem)[:_LONGEST].strip(" .") or "picture"
    if ref.time is not None:
        return f"{stem}-{ref.time:.3f}s.png"
    suffix = path.suffix.lower()
    return f"{stem}{suffix if suffix in _READABLE else '.png'}"


def _unlike(taken: set[str], name: str) -> str:
    """That name, or one with a number behind it. Labels are named by its stem, and file systems may not tell case apart."""
    path, number = PurePath(name), 2
    stem = path.stem
    while stem.casefold() in taken:
        stem, number = f"{path.stem}-{number}", number + 1
    taken.add(stem.casefold())
    return f"{stem}{path.suffix}"


def _take(shot: Shot, finding: Finding, left: dict[str, int], *, points: bool) -> None:
    match finding:
        case Box3D():
            left["solids"] += 1
        case Point() if points:
            if not any((one.x, one.y, one.label) == (finding.x, finding.y, finding.label) for one in shot.points):
                shot.points.append(finding)
        case Point():
            left["points"] += 1
        case Box(found_by="ocr"):
            left["read"] += 1
        case Box():
            inside = finding.clamped(shot.ref.width, shot.ref.height)
            if inside.area <= 0:
                left["flat"] += 1
            else:
                _add(shot.boxes, inside)


def _add(boxes: list[Box], box: Box) -> None:
    name = category(box.label).casefold()
    for place, known in enumerate(boxes):
        if category(known.label).casefold() == name and known.iou(box) > SAME:
            if (box.confidence or 0.0) > (known.confidence or 0.0):
                boxes[place] = box
            return
    boxes.append(box)


def _notes(left: dict[str, int]) -> list[str]:
    said = {
        "points": ngettext(
            "{count} point has no place in this format", "{count} points have no place in this format", left["points"]
        ),
        "solids": ngettext(
            "{count} 3D box has no place in this format", "{count} 3D boxes have no place in this format", left["solids"]
        ),
        "read": ngettext(
            "{count} line of text that was read was left out",
            "{count} lines of text that were read were left out",
            left["read"],
        ),
        "flat": ngettext("{count} box without area was left out", "{count} boxes without area were left out", left["flat"]),
    }
    return [said[kind].format(count=count) for kind, count in left.items() if count]
