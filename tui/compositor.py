"""Textual's compositor, which draws for an update those lines alone that are written.

Textual's own asks every widget for all its lines that lie between the uppermost and the lowest change: for a letter in the
question line and another word in the status line that is most of the screen, and takes longer than a key may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip


class FrugalCompositor(Compositor):
    """What it draws is what Textual's draws: of the strips that are left out none would have been written."""

    def __init__(self) -> None:
        super().__init__()
        self._changed: tuple[Region, ...] = ()
        """What is being updated, cells of the screen; empty where that is all of it."""

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
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            rows = [seen.intersection(one).line_span for one in changed if seen.overlaps(one)]
            if rows:
                top, bottom = min(first for first, _ in rows), max(last for _, last in rows)
                part = Region(seen.x, top, seen.width, bottom - top)
                yield region, part, widget.render_lines(part.translate(-region.offset))
