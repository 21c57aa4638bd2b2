"""Below a film's frame: small frames of it where there is room, the line that one can click into, and where one is in words.

It also keeps which frames the next question about each film is to be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.style import Style
from textual import events, on
from textual.app import RenderResult
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from backend.language import _
from backend.scene.moments import stamp
from tui.exchange import Exchange
from tui.film_look import FilmKnown, FilmLooking
from tui.frames_wanted import written
from tui.glyphs import Glyphs
from tui.preview.canvas import Frame, Run
from tui.preview.capabilities import Capabilities
from tui.preview.timeline import FilmLine, draw_thumbs, draw_timeline
from tui.widgets.strips import strips

if TYPE_CHECKING:
    from backend.media.film.choice import Wanted

_THUMB_ROWS = 3
_ROOM_FOR_THUMBS = 34
"""Rows of the viewer from which small frames are shown."""
_ROOM_FOR_ALL = 16
"""Below, only the line and the words."""


class Timeline(Widget):
    """Shown for films only."""

    @dataclass
    class Gone(Message):
        """A place on the line was clicked: to that time, seconds."""

        time: float

    class Learned(Message):
        """More is known of the film: there may be small frames now."""

    def __init__(self, capabilities: Capabilities, glyphs: Glyphs) -> None:
        super().__init__(id="timeline")
        self._capabilities = capabilities.in_cells
        self._glyphs = glyphs
        self._looking = FilmLooking(self)
        self._known: FilmKnown | None = None
        self._film: Path | None = None
        self._line = FilmLine(0.0)
        self._wanted: dict[Path, Wanted] = {}
        self._strips: list[Strip] = []
        self._frame: Frame | None = None

    @property
    def known(self) -> FilmKnown | None:
        """What is known of the film that is shown."""
        return self._known

    @property
    def frame(self) -> Frame | None:
        """What is on the screen."""
        return self._frame

    @property
    def wanted(self) -> Wanted | None:
        """Which frames the next question is about; None: the usual ones."""
        return self._wanted.get(self._film) if self._film is not None else None

    @property
    def all_wanted(self) -> Mapping[Path, Wanted]:
        """The same of every film for which it was chosen."""
        return self._wanted

    def want(self, film: Path, wanted: Wanted | None) -> None:
        """Choose the frames of a film."""
        if wanted is None:
            self._wanted.pop(film, None)
        else:
            self._wanted[film] = wanted
        self._draw()

    def show(
        self,
        film: Path | None,
        time: float,
        end: float | None,
        exchange: Exchange | None,
        happened: Sequence[tuple[float, int]] = (),
    ) -> None:
        """`end`: when the last frame is shown, where that is known; `happened`: events, each with the place of its track."""
        if film != self._film:
            self._film, self._known = film, None
            self._looking.look(film)
        self.display = film is not None
        answer = exchange.answer if exchange is not None else None
        last = self._known.last if self._known is not None else end if end is not None else time
        self._line = FilmLine(
            max(last, time),
            time,
            self._known.cuts if self._known is not None else (),
            [(one.start, one.end) for one in answer.moments] if answer is not None else (),
            happened,
            [one.time for one in answer.pictures if one.time is not None] if answer is not None else (),
        )
        self._draw()

    @on(FilmLooking.Known)
    def _learned(self, message: FilmLooking.Known) -> None:
        message.stop()
        if message.known.film == self._film:
            self._known = message.known
            self._line = replace(self._line, last=max(message.known.last, self._line.time), cuts=message.known.cuts)
            self._draw()
            self.post_message(self.Learned())

    def on_resize(self, _event: events.Resize) -> None:
        self._draw()

    def on_click(self, event: events.Click) -> None:
        width = self.size.width
        if width:
            self.post_message(self.Gone(self._line.time_at(event.x, width)))

    def _draw(self) -> None:
        width, parent = self.size.width, self.parent
        if not width or self._film is None:
            return
        room = parent.size.height if isinstance(parent, Widget) else 0
        wanted = self.wanted
        line = replace(self._line, part=(wanted.start, wanted.end) if wanted is not None else (None, None))
        rows = draw_timeline(line, width, self._capabilities).rows
        if room < _ROOM_FOR_ALL:
            rows = rows[1:2]
        elif room >= _ROOM_FOR_THUMBS and self._known is not None and self._known.thumbs:
            rows = (*draw_thumbs(self._known.thumbs, width, _THUMB_ROWS, self._capabilities).rows, *rows)
        rows = (*rows, (Run(self._words(line)[:width].ljust(width)),))
        self._frame = Frame(width, len(rows), rows)
        self._strips = strips(self._frame, Style(bgcolor=self.rich_style.bgcolor))
        self.styles.height = len(rows)
        self.refresh()

    def say_again(self) -> None:
        self._draw()

    def _words(self, line: FilmLine) -> str:
        """Where one is, and what the next question is about where that was chosen."""
        words = [f"{stamp(line.time)} / {stamp(line.last)}"]
        wanted = self.wanted
        if wanted is not None and (chosen := written(wanted)):
            words.append(_("asks about {frames}").format(frames=chosen))
        if line.cuts:
            words.append(_("{count} cuts").format(count=len(line.cuts)))
        return f" {self._glyphs.dot} ".join(words)

    def notify_style_update(self) -> None:
        """The theme changed."""
        super().notify_style_update()
        self._draw()

    def render(self) -> RenderResult:
        return ""

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width, self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)
