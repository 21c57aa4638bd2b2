"""Things that were followed through a film, over one of its frames: a box and a name where each is, and the way it came.

The cells' side of `backend.export.trails`: a trail is a line of braille dots, in ASCII one of strokes; a place where nothing
was found, and which lies on the way between two that were, wears a ring instead of a box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from backend.export.palette import colour_of
from backend.sanitise import one_line
from backend.scene.moments import CLOSE
from tui.preview.canvas import Canvas, packed
from tui.preview.capabilities import Capabilities
from tui.preview.chips import Chip, draw_chips, place_chips
from tui.preview.geometry import CellBox, Fit
from tui.preview.marks import draw_box, edges
from tui.preview.views import Ground
from tui.preview.wireframe import draw_segments

if TYPE_CHECKING:
    from backend.spatial.tracks import Observation, Track

TRAIL = 2.0
"""Seconds of the way that are drawn, as in exported films."""


@dataclass(frozen=True, slots=True, eq=False)
class Trails:
    """The tracks at one time, seconds; track `i` has the palette's colour `i`, and those that are selected the whole way."""

    tracks: Sequence[Track]
    time: float

    def draw(self, canvas: Canvas, fit: Fit, capabilities: Capabilities, selected: frozenset[int]) -> None:
        marks = [mark for index, track in enumerate(self.tracks) if (mark := self._mark(index, track, index in selected))]
        for mark in sorted(marks, key=lambda mark: mark.selected):
            mark.draw(canvas, fit, capabilities)
        chips = place_chips(
            fit, tuple(mark.chip(fit, capabilities) for mark in marks if mark.at is not None), colour=capabilities.colour
        )
        draw_chips(canvas, chips, selected=False)
        draw_chips(canvas, chips, selected=True)

    def paint(self, ground: Ground, selected: frozenset[int]) -> None:
        from backend.export.trails import draw_trails

        draw_trails(ground.image, ground.at, ground.size, ground.pen, self.time, self.tracks, selected)

    def _mark(self, index: int, track: Track, selected: bool) -> _Mark | None:
        """What is drawn of a track: None where it has ended or not begun, unless it is selected."""
        here = track.begin - CLOSE <= self.time <= track.end + CLOSE
        if not here and not selected:
            return None
        way = [one for one in track.observations if selected or self.time - TRAIL <= one.time <= self.time + CLOSE]
        now = [one for one in track.observations if one.time <= self.time + CLOSE]
        return _Mark(index, track, tuple(way), now[-1] if here and now else None, selected)


@dataclass(frozen=True, slots=True)
class _Mark:
    """One track on the frame."""

    index: int
    track: Track
    way: tuple[Observation, ...]
    at: Observation | None
    """Where it is; None of one that is shown for its way alone."""
    selected: bool

    def colour(self, capabilities: Capabilities) -> int | None:
        return packed(colour_of(self.index)) if capabilities.colour else None

    def draw(self, canvas: Canvas, fit: Fit, capabilities: Capabilities) -> None:
        colour, unicode = self.colour(capabilities), capabilities.unicode
        segments = tuple((one.centre, other.centre) for one, other in pairwise(self.way))
        draw_segments(canvas, fit, segments, colour, unicode=unicode, bold=self.selected)
        if self.at is None:
            return
        if self.at.interpolated:
            column, row = fit.cell(*self.at.centre)
            canvas.put(column, row, "○" if unicode else "o", colour, canvas.beneath(column, row, colour), bold=True)
        else:
            style = edges(unicode=unicode, selected=self.selected)
            draw_box(canvas, fit.box(*self.at.box), colour, style, bold=self.selected)

    def chip(self, fit: Fit, capabilities: Capabilities) -> Chip:
        assert self.at is not None
        place = fit.box(*self.at.box)
        if self.at.interpolated:
            column, row = fit.cell(*self.at.centre)
            place = CellBox(column, row, column, row)
        return Chip(self.track.id, one_line(self.track.label), place, self.colour(capabilities), self.selected)
