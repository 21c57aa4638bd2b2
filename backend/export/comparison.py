"""Pictures that were compared, side by side: what was found in each, and an arrow from where a thing was to where it is.

An arrow begins where the thing would be if only the camera had moved, so that what it shows is the thing's own way. A thing has
one colour in all pictures; one that is in the next picture no more is crossed out in the earlier one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from backend.answer import Answer
from backend.export.chips import Label, draw_labels, shortened
from backend.export.fonts import font_for
from backend.export.palette import Rgb, colour_of
from backend.export.saving import check_destination, save
from backend.export.strokes import Line, Pen, Rect, draw_lines, draw_rectangle
from backend.media.images import as_image
from backend.sanitise import one_line
from backend.scene import Box, Change, ChangeKind, Picture
from backend.scene.phrasing import happened

__all__ = ["draw_comparison", "save_comparison"]

_TALLEST = 720
"""Pixels that a picture is high at most."""
_GAP = 12
_PAPER = (247, 247, 245)
_LONGEST = 40
_QUIET = (150, 156, 162)
"""For what did not change."""
_GONE = (ChangeKind.DISAPPEARED, ChangeKind.LEFT_VIEW)


def draw_comparison(pictures: Sequence[Picture], answer: Answer) -> Image.Image:
    """The sheet for `answer`, whose findings say in which of `pictures` they are."""
    sheet = _Sheet(pictures, answer)
    for change in answer.changes:
        sheet.draw(change)
    draw_labels(sheet.image, sheet.labels)
    return sheet.image


def save_comparison(path: str | Path, pictures: Sequence[Picture], answer: Answer) -> None:
    """Draw and write, in the format of the suffix. Raises UsageError or NotSaved."""
    path = Path(path)
    check_destination(path)
    save(draw_comparison(pictures, answer), path)


class _Sheet:
    """What is drawn on, where each picture lies on it, and in which size."""

    def __init__(self, pictures: Sequence[Picture], answer: Answer) -> None:
        height = min(_TALLEST, max(picture.height for picture in pictures))
        self._scales = [height / picture.height for picture in pictures]
        widths = [max(1, round(picture.width * scale)) for picture, scale in zip(pictures, self._scales, strict=True)]
        self._lefts = [sum(widths[:at]) + _GAP * at for at in range(len(widths))]
        self.image = Image.new("RGB", (sum(widths) + _GAP * (len(widths) - 1), height), _PAPER)
        for picture, left, width in zip(pictures, self._lefts, widths, strict=True):
            self.image.paste(as_image(picture).resize((width, height)), (left, 0))
        self._pen = Pen.for_picture(max(widths), height)
        self._boxes = {box.id: box for box in answer.boxes}
        self._colours: dict[str, Rgb] = {}
        self._drawn: set[str] = set()
        self.labels: list[Label] = []

    def draw(self, change: Change) -> None:
        """One change: the boxes that are not drawn yet, and its arrow or cross."""
        before, after = self._boxes.get(change.before_id), self._boxes.get(change.after_id)
        colour = self._colour(change)
        for box in (before, after):
            if box is not None and box.id not in self._drawn:
                self._drawn.add(box.id)
                draw_rectangle(self.image, self._rect(box), self._pen, colour)
        if before is not None and change.kind in _GONE:
            x1, y1, x2, y2 = self._rect(before)
            self._lines([((x1, y1), (x2, y2)), ((x1, y2), (x2, y1))], colour)
        if after is not None and change.kind is ChangeKind.MOVED and change.displacement is not None:
            self._arrow(after, change.displacement, colour)
        self._name(change, before, after, colour)

    def _colour(self, change: Change) -> Rgb:
        """One colour for a thing in all pictures; grey for what only ever was unchanged."""
        known = self._colours.get(change.before_id)
        if change.kind is ChangeKind.UNCHANGED:
            chosen = known or _QUIET
        else:
            chosen = known if known not in (None, _QUIET) else colour_of(len(set(self._colours.values()) - {_QUIET}))
        for id_ in filter(None, (change.before_id, change.after_id)):
            self._colours[id_] = chosen
        return chosen

    def _name(self, change: Change, before: Box | None, after: Box | None, colour: Rgb) -> None:
        """What became of it is written in the later picture, or in the earlier one where it is gone."""
        box = after or before
        if box is None or change.kind is ChangeKind.UNCHANGED:
            return
        kind = happened(change.kind)
        for text in (f"{one_line(change.label, _LONGEST)} {kind}".strip(), f"{one_line(box.id, 12)} {kind}"):
            if (font := font_for(text, self._pen.text)) is not None:
                fitting = shortened(text, font, self.image.width)
                if fitting:
                    self.labels.append(Label(fitting, font, colour, self._rect(box)))
                return

    def _arrow(self, box: Box, went: tuple[float, float], colour: Rgb) -> None:
        scale, left = self._scales[box.picture], self._lefts[box.picture]
        x, y = box.centre[0] * scale + left, box.centre[1] * scale
        dx, dy = went[0] * scale, went[1] * scale
        turn, head = math.atan2(dy, dx), min(6.0 * self._pen.line, math.hypot(dx, dy) / 2)
        wings = [(x - head * math.cos(turn + side), y - head * math.sin(turn + side)) for side in (0.5, -0.5)]
        self._lines([((x - dx, y - dy), (x, y)), *(((x, y), wing) for wing in wings)], colour)

    def _lines(self, lines: Sequence[Line], colour: Rgb) -> None:
        draw_lines(self.image, lines, self._pen, colour)

    def _rect(self, box: Box) -> Rect:
        scale, left = self._scales[box.picture], self._lefts[box.picture]
        return box.x1 * scale + left, box.y1 * scale, box.x2 * scale + left, box.y2 * scale
