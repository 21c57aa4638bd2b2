"""Textual's compositor, which draws for an update those lines alone that are written and seen.

Textual's own asks every widget for all its lines that lie between the uppermost and the lowest change: for a letter in the
question line and another word in the status line that is most of the screen. It asks those too that lie behind others there:
behind a line of a reply lie its turn, the conversation, three containers and the screen. And it draws all of the screen where
something is scrolled for the first time since the last layout. That takes longer than a key may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual._compositor import ChopsUpdate, Compositor, CompositorMap, ReflowResult
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

Open = dict[int, list[tuple[int, int]]]
"""By line of the screen: from and to which column (exclusive) nothing has been drawn yet of what is written."""


class FrugalCompositor(Compositor):
    """What it draws is what Textual's draws: of the strips that are left out none would have been written."""

    def __init__(self) -> None:
        super().__init__()
        self._changed: tuple[Region, ...] = ()
        """What is being updated, cells of the screen; empty where that is all of it."""
        self._arranged: CompositorMap = {}
        """Where everything lay when it was laid out or scrolled last."""

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        result = super().reflow(parent, size)
        self._arranged = self._full_map
        return result

    def reflow_visible(self, parent: Widget, size: Size) -> set[Widget]:
        if self._visible_map is None:  # Textual would take everything for moved
            self._visible_map = self._arranged
        exposed = super().reflow_visible(parent, size)
        self._arranged = self._visible_map
        return exposed

    def render_partial_update(self) -> ChopsUpdate | None:
        self._changed = tuple(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._changed = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        return self._changed_renders(self._changed) if self._changed else super()._get_renders(crop)

    def _changed_renders(self, changed: tuple[Region, ...]) -> Iterator[tuple[Region, Region, list[Strip]]]:
        """From front to back: a widget's place, the part of the screen for which it is drawn, and its strips there."""
        open_: Open = {}
        for y, start, end in self._regions_to_spans(changed):
            open_.setdefault(y, []).append((start, end))
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            if not seen or not any(map(seen.overlaps, changed)):
                continue
            rows = [y for y in seen.line_range if any(start < seen.right and end > seen.x for start, end in open_.get(y, ()))]
            if not rows:
                continue
            part = Region(seen.x, rows[0], seen.width, rows[-1] - rows[0] + 1)
            strips = widget.render_lines(part.translate(-region.offset))
            yield region, part, strips
            for y, strip in zip(part.line_range, strips, strict=False):
                _cover(open_, y, part.x, part.x + strip.cell_length)
            if not open_:
                return


def _cover(open_: Open, y: int, start: int, end: int) -> None:
    """These columns of a line have been drawn."""
    left = [
        piece
        for first, last in open_.pop(y, ())
        for piece in ((first, min(last, start)), (max(first, end), last))
        if piece[0] < piece[1]
    ]
    if left:
        open_[y] = left
