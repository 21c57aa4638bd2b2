"""The ways to look at the picture that is shown, on one line above it; a click turns to one, and keys go through them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widgets import Static

from backend.language import _
from tui.glyphs import Glyphs
from tui.preview.views import View


def title(view: View, *, film: bool = False) -> str:
    """What a tab is called."""
    return {
        View.PICTURE: _("Film") if film else _("Picture"),
        View.DEPTH: _("Depth"),
        View.ABOVE: _("From above"),
        View.SHEET: _("Timeline"),
        View.TRACKS: _("Tracks"),
        View.STEREO: _("Stereo"),
        View.CHANGES: _("Changes"),
        View.MAP: _("Place map"),
    }[view]


class TabStrip(Static):
    """Tabs on the left; on the right which of several pictures is shown."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="tabs", markup=False)
        self._glyphs = glyphs
        self._views: Sequence[View] = ()
        self._shown = View.PICTURE
        self._film = False
        self._place: tuple[int, int] | None = None
        self._starts: dict[int, tuple[int, int]] = {}

    def show(self, views: Sequence[View], shown: View, *, film: bool, place: tuple[int, int] | None) -> None:
        """`views`: that there are; `place`: which of how many pictures is looked at, counted from 1 (0: none of them)."""
        self._views, self._shown, self._film, self._place = views, shown, film, place
        self.display = len(views) > 1 or place is not None
        self._write()

    @property
    def starts(self) -> dict[int, tuple[int, int]]:
        """Where each tab begins in the line and how wide it is, cells, by its number; of tabs that have no room none."""
        return self._starts

    def on_resize(self, _event: events.Resize) -> None:
        self._write()

    def say_again(self) -> None:
        self._write()

    def _write(self) -> None:
        width, place = self.size.width, self._placed()
        room = width - cell_len(place.plain)
        tabs = next(
            (line for line in (self._tabs(numbered=True), self._tabs(numbered=False)) if line.cell_length <= room), None
        )
        if tabs is None:
            tabs, self._starts = self._current(), {}
        gap = max(1, width - tabs.cell_length - cell_len(place.plain)) if place else 0
        self.update(Content.assemble(tabs, " " * gap, place), layout=False)

    def _tabs(self, *, numbered: bool) -> Content:
        """Every tab, that which is shown set off; by its number as well, as keys name it."""
        parts: list[Content] = []
        start = 0
        self._starts = {}
        for number, view in enumerate(self._views, 1):
            name = title(view, film=self._film)
            text = f" {number} {name} " if numbered else f" {name} "
            self._starts[number] = start, cell_len(text)
            start += cell_len(text)
            style = "bold reverse" if view is self._shown else "$faint"
            parts.append(Content.styled(text, f"{style} @click=screen.turn({number})"))
        return Content("").join(parts)

    def _current(self) -> Content:
        """Only that which is shown, and how many there are, where there is no room for all."""
        if not self._views:
            return Content("")
        at = self._views.index(self._shown) + 1 if self._shown in self._views else 1
        name = title(self._shown, film=self._film)
        return Content.styled(f"{name} {at}/{len(self._views)}", "bold @click=screen.turn_by(1)")

    def _placed(self) -> Content:
        if self._place is None:
            return Content("")
        at, count = self._place
        shown = _("picture {at}/{count}").format(at=at, count=count) if at else _("{count} marked").format(count=count)
        return Content.assemble(
            ("<", "$accent @click=screen.picture_by(-1)"), (f" {shown} ", "bold"), (">", "$accent @click=screen.picture_by(1)")
        )
