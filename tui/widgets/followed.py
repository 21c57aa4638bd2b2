"""A column that grows at its end, which is followed for as long as the reader is there."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.layout import DockArrangeResult
from textual.scrollbar import ScrollBar
from textual.widget import Widget

from tui.widgets.laid_once import LaidOnce
from tui.widgets.quiet_focus import QuietFocus

_BAR = "followed--bar"


class Followed(QuietFocus, LaidOnce, VerticalScroll):
    """Where it is longer than its room, the scroll bar's colour says whether it has the focus: what else says so may be out of
    sight."""

    COMPONENT_CLASSES: ClassVar = {_BAR}

    following = True
    """Whether its end stays in sight."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.following = new_value >= self.max_scroll_y - 1

    def arrange(self, size: Size, optimal: bool = False) -> DockArrangeResult:
        """Textual's, and where the end is followed it is scrolled to within the same layout. (Textual's own anchor would hang
        what is shorter than its room from the bottom.)"""
        arranged = super().arrange(size, optimal)
        if self.following and not optimal:
            end = max(0, arranged.total_region.bottom - size.height)
            for scrolled in (Widget.scroll_y, Widget.scroll_target_y):
                self.set_reactive(scrolled, end)
            self.vertical_scrollbar.set_reactive(ScrollBar.position, end)
        return arranged

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._colour_bar()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._colour_bar()

    def _colour_bar(self) -> None:
        self.styles.set_rule("scrollbar_color", self.get_component_styles(_BAR).color if self.has_focus else None)
        self.vertical_scrollbar.refresh()
