"""A search over lines of text that narrows while one types: earlier questions, or the turns of a conversation.

Letters need not stand together (`rdcrc` finds "red circle"), and what fits best comes first; with nothing typed the order is
the list's own. Matching runs in a thread, so that thousands of lines never hold up a key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from backend.language import _, ngettext
from backend.sanitise import one_line
from tui.actions import Where, dialog_bindings
from tui.widgets.pick_list import PickList

MOST = 200
"""Lines that are shown at most: who does not find it among these types another letter."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line that can be found."""

    text: str
    aside: str
    """Behind it, and searched too: a picture's name, a date."""
    value: str
    """What choosing it gives."""


class SearchScreen(ModalScreen[str | None]):
    """Gives the value of the chosen row, or None."""

    BINDINGS = dialog_bindings(Where.SEARCH)

    @dataclass
    class Listed(Message):
        """A thread has got the rows, or found why there are none."""

        rows: Sequence[Row]
        instead: str = ""

    @dataclass
    class Matched(Message):
        """A thread has looked through the rows."""

        wanted: str
        best: Sequence[tuple[Row, Content]]
        count: int

    def __init__(self, title: str, load: Callable[[], tuple[Sequence[Row], str]]) -> None:
        """`load`: gives the rows in a thread, and what to say where they cannot be had."""
        super().__init__(id="search")
        self._title = title
        self._load = load
        self._rows: Sequence[Row] = ()
        self._best: Sequence[tuple[Row, Content]] = ()

    def compose(self) -> ComposeResult:
        with Vertical(id="search-box"):
            yield Static(Content.styled(self._title, "bold"), id="search-title", markup=False)
            yield Input(placeholder=_("Type what you remember of it"), id="search-line")
            yield PickList(id="search-list", markup=False)
            yield Static("", id="search-count", markup=False)

    def on_mount(self) -> None:
        self.run_worker(self._list, thread=True, group="search", description="list")

    def _list(self) -> None:
        """In a thread."""
        self.post_message(self.Listed(*self._load()))

    @on(Listed)
    def _listed(self, message: Listed) -> None:
        self._rows = message.rows
        if message.instead:
            self.query_one("#search-count", Static).update(Content.styled(message.instead, "$warning"))
        else:
            self._look()

    @on(Input.Changed)
    def _look(self) -> None:
        wanted = self.query_one(Input).value
        self.run_worker(
            partial(self._match, wanted, self._rows), thread=True, group="match", exclusive=True, description="match"
        )

    def _match(self, wanted: str, rows: Sequence[Row]) -> None:
        """In a thread."""
        best, count = found(wanted, rows)
        self.post_message(self.Matched(wanted, best, count))

    @on(Matched)
    def _matched(self, message: Matched) -> None:
        if message.wanted != self.query_one(Input).value:  # another letter was typed meanwhile
            return
        self._best = message.best
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options([Option(shown) for _row, shown in message.best])
        listed.highlighted = 0 if message.best else None
        said = ngettext("{count:,} found", "{count:,} found", message.count).format(count=message.count)
        self.query_one("#search-count", Static).update(Content.styled(said, "$faint"))

    @on(Input.Submitted)
    def action_choose(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(self._best[at][0].value)

    @on(OptionList.OptionSelected)
    def _clicked(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(self._best[message.option_index][0].value)

    def action_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()

    def action_page_down(self) -> None:
        self.query_one(OptionList).action_page_down()  # type: ignore[no-untyped-call]

    def action_page_up(self) -> None:
        self.query_one(OptionList).action_page_up()  # type: ignore[no-untyped-call]

    def action_type(self) -> None:
        self.query_one(Input).focus()

    def action_leave(self) -> None:
        self.dismiss(None)


def found(wanted: str, rows: Sequence[Row]) -> tuple[list[tuple[Row, Content]], int]:
    """The rows that hold those letters in their order, the best first (of equals the earlier), at most MOST, with the letters
    marked; and how many there are."""
    from textual.fuzzy import Matcher

    if not wanted.strip():
        return [(row, _shown(row)) for row in rows[:MOST]], len(rows)
    matcher = Matcher(wanted.strip(), match_style=Style(bold=True, underline=True))
    scored: list[tuple[float, int, Row]] = []
    for number, row in enumerate(rows):
        score = matcher.match(_searched(row))
        if score > 0:
            scored.append((-score, number, row))
    scored.sort(key=lambda one: one[:2])
    best = [(row, _laid(row, matcher.highlight(_searched(row)))) for _score, _number, row in scored[:MOST]]
    return best, len(scored)


def _searched(row: Row) -> str:
    return f"{one_line(row.text, 400)}  {one_line(row.aside)}"


def _shown(row: Row) -> Content:
    return _laid(row, Content(_searched(row)))


def _laid(row: Row, said: Content) -> Content:
    return said.stylize_before("$faint", len(said.plain) - len(one_line(row.aside)))
