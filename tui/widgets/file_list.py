"""Folders, pictures and films, one a line, of which only the lines on the screen are ever drawn.

Listing happens in a thread: a folder on a slow disk must not hold up the keys. One that was left meanwhile is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from backend.errors import SightlineError
from backend.language import _
from backend.media import folder as folders
from backend.media.folder import Entry, Listing, is_film
from backend.sanitise import one_line
from tui.actions import Where, bindings
from tui.clipboard import copy
from tui.glyphs import Glyphs
from tui.order import Order
from tui.widgets.quiet_focus import QuietFocus


class FileList(QuietFocus, ScrollView, can_focus=True):
    """The entries of one folder, filtered by what is typed."""

    BINDINGS = bindings(Where.FILES)
    COMPONENT_CLASSES: ClassVar = {"file-list--folder", "file-list--cursor", "file-list--cursor-blurred", "file-list--mark"}

    cursor: var[int] = var(0, init=False)

    @dataclass
    class Highlighted(Message):
        """The cursor is on this entry (None: the list is empty)."""

        entry: Entry | None

        def can_replace(self, message: Message) -> bool:
            """Of several in the queue only the last counts: a held key must not be worked off file by file."""
            return isinstance(message, FileList.Highlighted)

    @dataclass
    class Opened(Message):
        """Enter was pressed on a picture."""

        path: Path

    @dataclass
    class Marked(Message):
        """Other pictures are marked, or in another order."""

        order: Order

    @dataclass
    class Listed(Message):
        """A thread has read a folder."""

        folder: Path
        entries: Listing
        towards: Path | None
        """Where the cursor should go."""
        error: SightlineError | None = None

    @dataclass
    class Entered(Message):
        """Another folder is shown, or the same one anew."""

        folder: Path
        count: int
        error: SightlineError | None

    @dataclass
    class FilterWanted(Message):
        """The user wants to type a filter."""

    @dataclass
    class QuestionWanted(Message):
        """The user wants to ask about the picture under the cursor."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="file-list")
        self._glyphs = glyphs
        self._folder: Path | None = None
        self._entries = self._shown = Listing(())
        self._filter = ""
        self._direction = 1
        self._marked: Collection[Path] = ()
        self._order = Order()
        self._plain = Style()
        """How names are written."""

    @property
    def folder(self) -> Path | None:
        return self._folder

    @property
    def current(self) -> Entry | None:
        return self._shown[self.cursor] if self.cursor < len(self._shown) else None

    @property
    def ahead(self) -> Path | None:
        """The next picture in the direction in which the cursor moved last."""
        return self._picture_at(self.cursor + self._direction)

    @property
    def neighbours(self) -> tuple[Path, ...]:
        """The pictures beside the cursor, first the one that is likely to be next."""
        beside = (self.ahead, self._picture_at(self.cursor - self._direction))
        return tuple(path for path in beside if path is not None)

    @property
    def coming(self) -> tuple[Path, ...]:
        """What is worth being made ready: two pictures in the direction of travel, then the one behind."""
        beside = (self._picture_at(self.cursor + self._direction * step) for step in (1, 2, -1))
        return tuple(path for path in beside if path is not None)

    def _picture_at(self, at: int) -> Path | None:
        entry = self._shown[at] if 0 <= at < len(self._shown) else None
        return entry.path if entry is not None and not entry.is_folder else None

    @property
    def shown(self) -> Sequence[Entry]:
        """What the filter lets through; all entries where there is none."""
        return self._shown

    def open(self, folder: Path, towards: Path | None = None) -> None:
        """Show a folder, with the cursor on `towards` where that is in it."""
        self._folder = folder
        self._filter = ""
        self.run_worker(partial(self._list, folder, towards), thread=True, group="listing", description="listing")

    @property
    def order(self) -> Order:
        """Of the marked pictures."""
        return self._order

    @order.setter
    def order(self, order: Order) -> None:
        self._order = order
        self.refresh()
        self.post_message(self.Marked(order))

    def filter(self, text: str) -> None:
        """Show only names that contain `text`, whatever its case."""
        kept = self.current
        self._filter = text
        self._arrange(kept.path if kept else None)

    def mark(self, paths: Collection[Path]) -> None:
        """Put the sign of a conversation beside these."""
        self._marked = paths
        self.refresh()

    def _list(self, folder: Path, towards: Path | None) -> None:
        """In a thread: all that takes longer the more there is in a folder."""
        error: SightlineError | None = None
        try:
            entries = folders.listing(folder, films=True)
        except SightlineError as refused:
            entries, error = Listing(()), refused
        if towards is not None and towards.parent == folder and entries.at(str(towards)) is None:
            entries = entries.followed_by(str(towards))  # given by name: shown whatever its suffix
        if folder.parent != folder:
            entries = entries.below(str(folder.parent))
        entries.folded  # noqa: B018 (for the filter: with the first letter typed it would be too late)
        self.post_message(self.Listed(folder, entries, towards, error))

    @on(Listed)
    def _arrived(self, message: Listed) -> None:
        message.stop()
        if message.folder != self._folder:
            return
        entries = self._entries = message.entries
        self._arrange(message.towards)
        self.post_message(self.Entered(message.folder, entries.files, message.error))

    def _arrange(self, towards: Path | None) -> None:
        """Show what the filter lets through, with the cursor on `towards`, or else on the first file."""
        self._shown = self._passing()
        self.virtual_size = Size(self.size.width, len(self._shown))
        at = None if towards is None else self._shown.at(str(towards))
        if at is None:
            at = self._shown.folders if self._shown.files else 0
        self.set_reactive(FileList.cursor, at)
        self._follow()
        self.refresh()

    def _passing(self) -> Listing:
        """The folder above is no part of what is looked for."""
        if not self._filter:
            return self._entries
        passing = self._entries.containing(self._filter)
        return passing.without(0) if passing and self._is_above(passing[0]) else passing

    def _is_above(self, entry: Entry) -> bool:
        return self._folder is not None and entry.place == str(self._folder.parent)

    def validate_cursor(self, at: int) -> int:
        return max(0, min(at, len(self._shown) - 1))

    def watch_cursor(self, before: int, now: int) -> None:
        self._direction = 1 if now >= before else -1
        self._follow()
        for line in (before, now):
            self.refresh_line(line)

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: ARG002 (Textual calls it so)
        self.refresh_line(self.cursor)

    def _follow(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)
        # First the cursor is drawn where it is now: what another picture brings along takes longer than a key may. And from
        # this widget's own turn: a message made while the pane around it acts would stop at that pane.
        self.call_next(self.call_after_refresh, self._announce)

    def _announce(self) -> None:
        self.post_message(self.Highlighted(self.current))

    def on_resize(self, event: events.Resize) -> None:
        self.virtual_size = Size(event.size.width, len(self._shown))
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        self._plain = self.rich_style  # once, and not for each line: all that lies around the list has a say in it
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        at = y + self.scroll_offset.y
        width = self.size.width
        if at >= len(self._shown):
            return Strip.blank(width, self._plain)
        entry = self._shown[at]
        style = self.get_component_rich_style("file-list--folder") if entry.is_folder else self._plain
        sign = " "
        if at == self.cursor:
            style = self.get_component_rich_style("file-list--cursor" if self.has_focus else "file-list--cursor-blurred")
            sign = self._glyphs.cursor
        if entry.is_folder:
            name = f"{self._glyphs.up} .." if self._is_above(entry) else f"{self._glyphs.folder} {one_line(entry.path.name)}"
        else:
            name = f"  {one_line(entry.path.name)}"
        mark = self._order.sign(entry.path) or (self._glyphs.asked if entry.path in self._marked else " ")
        room = max(1, width - 2)
        text = _shortened(name, room, self._glyphs.ellipsis)
        accent = style + self.get_component_rich_style("file-list--mark", partial=True)
        return Strip([Segment(sign, accent), Segment(text, style), Segment(mark, accent)], width)

    def on_click(self, event: events.Click) -> None:
        at = event.y + self.scroll_offset.y
        if at < len(self._shown):
            self.cursor = at
            if event.chain == 2:
                self.action_choose()

    def action_cursor_down(self) -> None:
        self.cursor += 1

    def action_cursor_up(self) -> None:
        self.cursor -= 1

    def action_first(self) -> None:
        self.cursor = 0

    def action_last(self) -> None:
        self.cursor = len(self._shown) - 1

    def action_page_down(self) -> None:
        self.cursor += max(1, self.size.height - 1)

    def action_page_up(self) -> None:
        self.cursor -= max(1, self.size.height - 1)

    def action_choose(self) -> None:
        entry = self.current
        if entry is None or self._folder is None:
            return
        if entry.is_folder:
            self.open(entry.path, towards=self._folder if self._is_above(entry) else None)
        else:
            self.post_message(self.Opened(entry.path))

    def action_leave(self) -> None:
        if self._folder is not None and self._folder.parent != self._folder:
            self.open(self._folder.parent, towards=self._folder)

    def action_mark(self) -> None:
        self._reorder(self._order.toggled)

    def action_mark_earlier(self) -> None:
        self._reorder(lambda path: self._order.moved(path, -1))

    def action_mark_later(self) -> None:
        self._reorder(lambda path: self._order.moved(path, 1))

    def action_mark_none(self) -> None:
        self._reorder(lambda _: Order())

    def _reorder(self, change: Callable[[Path], Order]) -> None:
        """Change the place of the picture under the cursor."""
        path = self._picture_at(self.cursor)
        if path is not None and is_film(path):
            self.notify(_("A film is asked about alone."), markup=False)
        elif path is not None and (order := change(path)) != self._order:
            self._order = order
            self.refresh()
            self.post_message(self.Marked(order))

    def action_copy_path(self) -> None:
        if self.current is not None:
            copy(self, one_line(str(self.current.path)), _("the path"))

    def action_filter(self) -> None:
        self.post_message(self.FilterWanted())

    def action_ask_about(self) -> None:
        self.post_message(self.QuestionWanted())

    def action_refresh_folder(self) -> None:
        if self._folder is not None:
            self.open(self._folder, towards=self.current.path if self.current else None)


def _shortened(text: str, room: int, ellipsis: str) -> str:
    """`text` on exactly `room` cells; the end of a name that is too long stays readable, as it tells series apart."""
    fitted = set_cell_size(text, room)
    if fitted.rstrip() == text.rstrip() or room < 8:
        return fitted
    tail = text[-6:]
    return set_cell_size(set_cell_size(text, room - 7).rstrip() + ellipsis + tail, room)
