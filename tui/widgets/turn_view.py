"""One question and its reply in the conversation, the words as Markdown while they stream.

A reply is a row of parts, each a widget of its own; an update touches those alone that have changed, so that what stands
finished above is neither parsed nor laid out again for what is being written below it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.selection import Selection
from textual.widgets import Static

from tui import wording
from tui.exchange import Exchange
from tui.laid import Laid
from tui.pace import Pace
from tui.reply import Part, Reply, reply_to
from tui.units import Unit
from tui.widgets.laid_once import LaidOnce
from tui.wording import Manner


class PartView(LaidOnce, Static):
    """One group of blocks of a reply."""

    def __init__(self, part: Part, laid: Laid) -> None:
        super().__init__(laid, classes="turn-part", markup=False)
        self.part, self.laid = part, laid
        self.set_class(part.apart, "-apart")

    def become(self, part: Part, laid: Laid) -> None:
        """Say something else. The screen is laid out anew only where that takes another number of lines: a reply streams in at
        twenty updates a second, of which few begin a line."""
        width = self.content_size.width
        same = part.apart == self.part.apart and width > 0 and laid.lines(width) == self.laid.lines(width)
        laid.follow(self.laid)
        self.part, self.laid = part, laid
        self.set_class(part.apart, "-apart")
        self.update(laid, layout=not same)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.laid.forget()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What is marked with the mouse, as it is laid out. (Static knows plain texts only.)"""
        return selection.extract(self.laid.content(self.content_size.width).plain), "\n"


class Parts(LaidOnce, Vertical):
    """The words of a reply, one below the other."""


class TurnView(LaidOnce, Vertical):
    """One question and what has come of it."""

    @dataclass
    class Pointed(Message):
        """The mouse is over a unit of this turn (None: over none), or has been pressed there."""

        view: TurnView
        unit: int | None
        pressed: bool = False

    def __init__(self, exchange: Exchange, manner: Manner, place: tuple[int, int] = (1, 1), *, open_end: bool = False) -> None:
        super().__init__(classes="turn")
        self.exchange = exchange
        self._manner = manner
        self._place = place
        self._open_end = open_end
        self._lit: int | None = None
        """The claim whose words stand out."""
        self._under_cursor: int | None = None
        self._pointed: int | None = None
        self._reply: Reply | None = None
        self._parts: list[PartView] = []
        self._due = False
        self._question = Static(classes="turn-question", markup=False)
        self._thoughts = Static(classes="turn-thoughts", markup=False)
        self._words = Parts(classes="turn-words")
        self._rows = Static(classes="turn-rows", markup=False)
        self._branch = Static(classes="turn-branch", markup=False)

    def compose(self) -> ComposeResult:
        yield self._question
        yield self._thoughts
        yield self._words
        yield self._rows
        yield self._branch

    def on_mount(self) -> None:
        self._update()

    @property
    def units(self) -> tuple[Unit, ...]:
        """What the cursor can stand on within the reply."""
        return self._reply.units if self._reply is not None else ()

    @property
    def under_cursor(self) -> int | None:
        """The unit that the cursor is on."""
        return self._under_cursor

    @property
    def words(self) -> str:
        """The reply as it is on the screen."""
        said = [str(view.visual) for view in self._parts]
        return "\n".join(filter(None, [*said, str(self._rows.visual)]))

    def changed(self) -> None:
        """The exchange has changed: show it soon, and at once when it is over."""
        if self.exchange.stage.over:
            self._update()
        elif not self._due:
            self._due = True
            pace = getattr(self.app, "pace", None)
            assert isinstance(pace, Pace)
            self.set_timer(pace.refresh, self._update)

    def rewrite(self, manner: Manner, *, anew: bool = False) -> None:
        """Write it in another manner; `anew`: also in the same one."""
        if anew or manner != self._manner:
            self._manner, self._reply = manner, None
            self._update()

    def fold(self) -> None:
        """Unfold what was reasoned before this answer, or fold it."""
        self.rewrite(replace(self._manner, thoughts=not self._manner.thoughts))

    @property
    def manner(self) -> Manner:
        return self._manner

    def place(self, place: tuple[int, int], *, open_end: bool) -> None:
        """Which of its alternatives this is, counted from 1, and of how many; whether the path ends here though it went on."""
        if (place, open_end) != (self._place, self._open_end):
            self._place, self._open_end = place, open_end
            self._update()

    def light(self, claim: int | None) -> None:
        """Have the words of one claim stand out, or none."""
        if claim != self._lit:
            self._lit = claim
            self._update()

    def stand_on(self, unit: int | None) -> None:
        """Put the cursor on a unit."""
        if unit != self._under_cursor:
            self._under_cursor = unit
            self._update()

    @property
    def has_cursor(self) -> bool:
        """Whether the cursor is on this turn: its question stands out."""
        return self._question.has_class("-cursor")

    @has_cursor.setter
    def has_cursor(self, here: bool) -> None:
        self._question.set_class(here, "-cursor")

    def top_of(self, unit: int) -> PartView | Static:
        """The widget that a unit is written in."""
        span = self.units[unit].span
        if span is None or self._reply is None:
            return self._rows
        at = 0
        for view in self._parts:
            at += len(view.part.text)
            if span[0] < at:
                return view
        return self._rows

    def _update(self) -> None:
        self._due = False
        if not self._words.is_attached:  # what has happened by then is shown when this is mounted
            return
        settled = self._reply.settled if self._reply is not None and not self.exchange.stage.over else ()
        reply = reply_to(self.exchange, self._manner, lit=self._lit, under_cursor=self._under_cursor, settled=settled)
        self._reply = reply
        for part, content in (
            (self._question, wording.question(self.exchange, self._manner, self._place)),
            (self._thoughts, wording.thoughts(self.exchange, self._manner)),
            (self._rows, reply.rows),
            (self._branch, wording.branch(self._manner) if self._open_end else Content("")),
        ):
            part.display = bool(content.plain)
            if not (isinstance(part.content, Content) and part.content.is_same(content)):
                part.update(content)
        self._show_words(reply)

    def _show_words(self, reply: Reply) -> None:
        """Touch the parts that have changed, and none else."""
        self._words.display = bool(reply.parts)
        for view, part in zip(self._parts, reply.parts, strict=False):
            if view.part != part:
                view.become(part, reply.laid(part, self._manner))
        have = len(self._parts)
        new = [PartView(part, reply.laid(part, self._manner)) for part in reply.parts[have:]]
        if new:
            self._words.mount_all(new)
        for view in self._parts[len(reply.parts) :]:
            view.remove()
        self._parts = [*self._parts[: len(reply.parts)], *new]

    # --- the mouse

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._point(event.style.meta.get("unit"), pressed=False)

    def on_leave(self) -> None:
        self._point(None, pressed=False)

    def on_click(self, event: events.Click) -> None:
        self._point(event.style.meta.get("unit"), pressed=True)

    def _point(self, unit: int | None, *, pressed: bool) -> None:
        if pressed or unit != self._pointed:
            self._pointed = unit
            self.post_message(self.Pointed(self, unit, pressed))
