"""Sessions, two lines each, of which only those on the screen are ever read: a page at a time, in a thread.

What is not there yet is drawn as an empty line and filled in when its page comes. A filter, or a session that was changed,
begins a new reading; pages of the reading before are dropped when they arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events, on
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from backend.errors import SightlineError
from backend.language import ngettext
from backend.memory.session_values import SessionSummary
from backend.memory.sessions import Sessions, title
from backend.sanitise import one_line
from tui.glyphs import Glyphs

PAGE = 50
"""Sessions that are read at once."""
_LINES = 2
"""Of each session."""
_PATH = 40
"""Characters of a path that are shown."""


class SessionList(ScrollView, can_focus=True):
    """Sessions in which something was asked, the last used first."""

    COMPONENT_CLASSES: ClassVar = {"session-list--cursor", "session-list--faint", "session-list--here"}

    cursor: reactive[int] = reactive(0, init=False)

    @dataclass
    class Paged(Message):
        """A thread has read a page of the list, or found out that it cannot be read."""

        reading: int
        page: int
        rows: list[SessionSummary]
        count: int
        error: SightlineError | None = None

    @dataclass
    class Read(Message):
        """The first page of a new reading is there."""

        count: int
        error: SightlineError | None

    @dataclass
    class Moved(Message):
        """The cursor is on another session."""

    def __init__(self, sessions: Sessions, here: str | None, glyphs: Glyphs) -> None:
        """`here`: the key of the session that is open."""
        super().__init__(id="session-list")
        self._sessions = sessions
        self._here = here
        self._glyphs = glyphs
        self._query = ""
        self._reading = 0
        self._count = 0
        self._pages: dict[int, list[SessionSummary]] = {}
        self._wanted: set[int] = set()

    @property
    def count(self) -> int:
        return self._count

    @property
    def fitting(self) -> int:
        """How many are on the screen at once."""
        return max(1, self.size.height // _LINES - 1)

    @property
    def current(self) -> SessionSummary | None:
        """The one under the cursor, once it was read."""
        return self._at(self.cursor)

    def read(self, query: str | None = None) -> None:
        """Read the list anew; `query`: of the sessions that hold these words."""
        if query is not None and query != self._query:
            self._query = query
            self.set_reactive(SessionList.cursor, 0)
        self._reading += 1
        self._wanted.clear()
        self._want(self.cursor // PAGE)

    def _at(self, place: int) -> SessionSummary | None:
        rows = self._pages.get(place // PAGE, ())
        return rows[place % PAGE] if place % PAGE < len(rows) else None

    def _want(self, page: int) -> None:
        if page not in self._wanted:
            self._wanted.add(page)
            work = partial(self._fetch, self._reading, page, self._query)
            self.run_worker(work, thread=True, group="sessions", description="sessions")

    def _fetch(self, reading: int, page: int, query: str) -> None:
        """In a thread."""
        try:
            rows, count = self._sessions.page(page * PAGE, PAGE, query), self._sessions.count(query)
        except SightlineError as error:
            self.post_message(self.Paged(reading, page, [], 0, error))
        else:
            self.post_message(self.Paged(reading, page, rows, count))

    @on(Paged)
    def _paged(self, message: Paged) -> None:
        message.stop()
        if message.reading != self._reading:
            return
        first = len(self._wanted) == 1
        if first:
            self._pages = {}
        self._pages[message.page] = message.rows
        self._count = message.count
        self.virtual_size = Size(self.size.width, _LINES * self._count)
        if first:
            self.cursor = self.validate_cursor(self.cursor)
            self._follow()
            self.post_message(self.Read(message.count, message.error))
        self.post_message(self.Moved())
        self.refresh()

    def validate_cursor(self, at: int) -> int:
        return max(0, min(at, self._count - 1))

    def watch_cursor(self) -> None:
        self._follow()
        self.refresh()
        self.post_message(self.Moved())

    def _follow(self) -> None:
        self.scroll_to_region(Region(0, self.cursor * _LINES, 1, _LINES), animate=False, force=True)

    def on_resize(self, event: events.Resize) -> None:
        self.virtual_size = Size(event.size.width, _LINES * self._count)
        self._follow()

    def render_line(self, y: int) -> Strip:
        line, width = y + self.scroll_offset.y, self.size.width
        place, second = divmod(line, _LINES)
        if place >= self._count:
            return Strip.blank(width, self.rich_style)
        one = self._at(place)
        if one is None:
            self._want(place // PAGE)
            return Strip.blank(width, self.rich_style)
        lit = place == self.cursor
        style = self.get_component_rich_style("session-list--cursor") if lit else self.rich_style
        sign = Segment(
            self._glyphs.cursor if lit else " ", style + self.get_component_rich_style("session-list--here", partial=True)
        )
        if second:
            said = _lined(
                f"  {one_line(one.last_question, 200)}", _where(one, self._glyphs.ellipsis), width - 1, self._glyphs.ellipsis
            )
            faint = style if lit else style + self.get_component_rich_style("session-list--faint", partial=True)
            return Strip([sign, Segment(said, faint)], width)
        name = f"{self._glyphs.asked if one.head.key == self._here else ' '} {one_line(title(one.head), 100)}"
        return Strip([sign, Segment(_lined(name, _told(one), width - 1, self._glyphs.ellipsis), style)], width)

    def on_click(self, event: events.Click) -> None:
        place = (event.y + self.scroll_offset.y) // _LINES
        if place < self._count:
            self.cursor = place


def _told(one: SessionSummary) -> str:
    asked = ngettext("{count} question", "{count} questions", one.questions).format(count=one.questions)
    if one.studies:
        asked += ", " + ngettext("{count} study", "{count} studies", one.studies).format(count=one.studies)
    return f"{asked}  {one.head.used.astimezone():%Y-%m-%d %H:%M}"


def _where(one: SessionSummary, ellipsis: str) -> str:
    """What it was opened on; of a long path the end."""
    path = one_line(str(one.head.opened[0]), 1000) if one.head.opened else ""
    return path if len(path) <= _PATH else f"{ellipsis}{path[1 - _PATH :]}"


def _lined(left: str, right: str, width: int, ellipsis: str) -> str:
    """Both on one line of `width` cells; the right one goes where there is no room, then the left one is cut."""
    right = f" {right} " if right else " "
    room = width - cell_len(right)
    if room < 12:
        right, room = "", width
    if cell_len(left) > room:
        left = set_cell_size(left, max(0, room - 1)) + ellipsis
    return set_cell_size(left, max(0, room)) + right
