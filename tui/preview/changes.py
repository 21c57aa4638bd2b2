"""What became of things between two pictures, drawn on either: a solid box where a thing is, a dashed one where it was, and an
arrow along the way that it went.

Where it was is where it would be if only the camera had moved. Each kind of change has a colour, and says its name as well: no
one is asked to know the colours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.export.palette import COLOURS, Rgb
from backend.sanitise import one_line
from backend.scene import Box, CameraMotion, Change, ChangeKind
from backend.scene.phrasing import happened
from backend.spatial.box3d import Segment
from tui.preview.canvas import Canvas, packed
from tui.preview.capabilities import Capabilities
from tui.preview.chips import Chip, draw_chips, place_chips
from tui.preview.geometry import Fit
from tui.preview.marks import Edges, draw_box, edges
from tui.preview.views import Ground
from tui.preview.wireframe import draw_segments

_VERMILLION, _SKY, _YELLOW, _GREEN, _ORANGE, _BLUE, _PURPLE = COLOURS
QUIET: Rgb = (150, 156, 162)
"""For what did not change."""
KINDS: Mapping[ChangeKind, Rgb] = {
    ChangeKind.MOVED: _YELLOW,
    ChangeKind.NEARER: _PURPLE,
    ChangeKind.FARTHER: _BLUE,
    ChangeKind.APPEARED: _GREEN,
    ChangeKind.DISAPPEARED: _VERMILLION,
    ChangeKind.ENTERED_VIEW: _SKY,
    ChangeKind.LEFT_VIEW: _ORANGE,
    ChangeKind.UNCHANGED: QUIET,
}
DASHED = Edges("┌", "┐", "└", "┘", "╌", "╎", "○", "□")
DOTTED = Edges(".", ".", ".", ".", ".", ":", "o", "o")
_GONE = (ChangeKind.DISAPPEARED, ChangeKind.LEFT_VIEW)
_HEAD = 0.5
"""Radians by which an arrow's wings stand off it."""


@dataclass(frozen=True, slots=True, eq=False)
class ChangesDrawn:
    """The changes on one of the two pictures; selected are changes by their places in `changes`."""

    changes: Sequence[Change]
    boxes: Mapping[str, Box]
    """By their ids."""
    motion: CameraMotion | None
    later: bool
    """It is drawn on the later picture."""

    def draw(self, canvas: Canvas, fit: Fit, capabilities: Capabilities, selected: frozenset[int]) -> None:
        chips: list[Chip] = []
        named: set[str] = set()
        for index in sorted(range(len(self.changes)), key=lambda index: self._rank(index, selected)):
            change = self.changes[index]
            colour = packed(KINDS[change.kind]) if capabilities.colour else None
            here, there = self._boxes(change)
            if there is not None:
                style = DASHED if capabilities.unicode else DOTTED
                draw_box(canvas, fit.box(*there.corners), colour, style, bold=index in selected)
            if here is not None:
                style = edges(unicode=capabilities.unicode, selected=index in selected)
                draw_box(canvas, fit.box(*here.corners), colour, style, bold=index in selected)
            self._line(canvas, fit, change, here, colour, unicode=capabilities.unicode)
            place = here or there
            if place is not None and (change.kind is not ChangeKind.UNCHANGED or index in selected) and place.id not in named:
                label = f"{one_line(change.label, 40)} {happened(change.kind)}".strip()
                named.add(place.id)
                chips.append(Chip(index + 1, label, fit.box(*place.corners), colour, index in selected))
        placed = place_chips(fit, tuple(chips), colour=capabilities.colour)
        draw_chips(canvas, placed, selected=False)
        draw_chips(canvas, placed, selected=True)

    def paint(self, ground: Ground, selected: frozenset[int]) -> None:
        from tui.preview.changes_fine import ChangeMark, paint_changes

        marks: list[ChangeMark] = []
        named: set[str] = set()
        for index in sorted(range(len(self.changes)), key=lambda index: self._rank(index, selected)):
            change, bold = self.changes[index], index in selected
            here, there = self._boxes(change)
            texts: tuple[str, ...] = ()
            place = here or there
            if place is not None and (change.kind is not ChangeKind.UNCHANGED or bold) and place.id not in named:
                named.add(place.id)
                said = f"{index + 1} {one_line(change.label, 40)} {happened(change.kind)}"
                texts = (" ".join(said.split()), f"{index + 1} {happened(change.kind)}", f"{index + 1}")
            is_at, was_at = (box.corners if box is not None else None for box in (here, there))
            lines = self._way(change, here, *ground.size)
            marks.append(ChangeMark(KINDS[change.kind], is_at, was_at, lines, texts, bold))
        paint_changes(ground, marks)

    def _rank(self, index: int, selected: frozenset[int]) -> tuple[bool, bool]:
        """What is painted over what: unchanged things first, selected ones last."""
        return index in selected, self.changes[index].kind is not ChangeKind.UNCHANGED

    def _boxes(self, change: Change) -> tuple[Box | None, Box | None]:
        """Where the thing is in this picture, and where it was: in the later picture where the earlier one shows it."""
        before, after = self.boxes.get(change.before_id), self.boxes.get(change.after_id)
        if not self.later:
            return before, None
        moved = change.kind in (ChangeKind.MOVED, *_GONE)
        return after, self._carried(before) if moved and before is not None else None

    def _carried(self, box: Box) -> Box:
        """Where a place of the earlier picture is in the later one."""
        if self.motion is None:
            return box
        scale, (right, down) = self.motion.scale, self.motion.shift
        x1, y1, x2, y2 = box.corners
        return Box(x1 * scale + right, y1 * scale + down, x2 * scale + right, y2 * scale + down, box.label, id=box.id)

    def _line(self, canvas: Canvas, fit: Fit, change: Change, here: Box | None, colour: int | None, *, unicode: bool) -> None:
        """The way that a thing went, or a cross through one that is in the later picture no more."""
        lines = self._way(change, here, fit.width, fit.height)
        draw_segments(canvas, fit, lines, colour, unicode=unicode, bold=change.kind is ChangeKind.MOVED)

    def _way(self, change: Change, here: Box | None, width: int, height: int) -> tuple[Segment, ...]:
        """The lines of that on a picture of `width` × `height` pixels."""
        if here is None:
            return ()
        if change.kind in _GONE and not self.later:
            x1, y1, x2, y2 = here.corners
            return ((x1, y1), (x2, y2)), ((x1, y2), (x2, y1))
        if change.kind is ChangeKind.MOVED and self.later and change.displacement is not None:
            (x, y), (dx, dy) = here.centre, change.displacement
            turn, head = math.atan2(dy, dx), min(0.03 * max(width, height), math.hypot(dx, dy) / 2)
            wings = [(x - head * math.cos(turn + side), y - head * math.sin(turn + side)) for side in (_HEAD, -_HEAD)]
            return ((x - dx, y - dy), (x, y)), *(((x, y), wing) for wing in wings)
        return ()
