"""Every action with its keys, made from the registry: what works is here, and what is here works.

The part that had the focus comes first, and what is typed narrows the page, because nobody reads a hundred keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, Static

from backend.language import _
from tui.actions import ACTIONS, Action, Where, shown_keys
from tui.actions.action import ABOUT

_KEYS = 14
"""Cells for the keys, so that the sentences stand in line."""


class HelpScreen(ModalScreen[None]):
    """Esc, F1 or Enter closes it."""

    BINDINGS: ClassVar = [
        Binding("escape,f1,enter", "dismiss", "Close"),
        Binding("down", "scroll(1)"),
        Binding("up", "scroll(-1)"),
        Binding("pagedown", "scroll(10)"),
        Binding("pageup", "scroll(-10)"),
        Binding("ctrl+q", "app.quit", priority=True),
    ]

    def __init__(self, here: Sequence[Where] = (), keys: Mapping[str, Sequence[str]] | None = None, *, unicode: bool) -> None:
        """`here`: the parts that hear keys now, the focused one first; `keys`: the user's own."""
        super().__init__()
        self._parts = list(dict.fromkeys((*here, *Where)))
        self._own = keys
        self._unicode = unicode

    def compose(self) -> ComposeResult:
        with Vertical(id="help") as box:
            box.border_title = "sightline"
            box.border_subtitle = _("Esc closes")
            yield Input(placeholder=_("type to find an action"), id="help-filter", compact=True)
            with VerticalScroll(id="help-page", can_focus=False):
                for where in self._parts:
                    yield Static(classes="help-heading", id=f"help-{where.name.lower()}", markup=False)
                    yield Static(classes="help-lines", id=f"help-{where.name.lower()}-lines", markup=False)

    def on_mount(self) -> None:
        self._narrow("")
        self.query_one(Input).focus()

    def action_scroll(self, lines: int) -> None:
        self.query_one("#help-page").scroll_relative(y=lines, animate=False)

    @on(Input.Changed, "#help-filter")
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._narrow(message.value)
        self.query_one("#help-page").scroll_home(animate=False)

    @on(Input.Submitted, "#help-filter")
    def _done(self, message: Input.Submitted) -> None:
        message.stop()
        self.dismiss()

    def _narrow(self, wanted: str) -> None:
        """Show the actions in whose words, name or keys all that was typed occurs."""
        words = wanted.casefold().split()
        for where in self._parts:
            rows = [action for action in ACTIONS if action.where is where and self._is_wanted(action, words)]
            heading = self.query_one(f"#help-{where.name.lower()}", Static)
            lines = self.query_one(f"#help-{where.name.lower()}-lines", Static)
            heading.display = lines.display = bool(rows)
            heading.update(Content.assemble((_(where.value), "bold $primary"), (f"  {_(ABOUT[where])}", "$faint")))
            lines.update(self._table(rows))

    def _is_wanted(self, action: Action, words: Sequence[str]) -> bool:
        text = f"{_(action.label)} {_(action.help)} {action.known_as} {self._keys(action)}".casefold()
        return all(word in text for word in words)

    def _keys(self, action: Action) -> str:
        return shown_keys(action, unicode=self._unicode, own=self._own)

    def _table(self, rows: Sequence[Action]) -> Table:
        """Keys and sentences in two columns: a sentence that takes two lines stays in its own."""
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_column(min_width=_KEYS - 1, no_wrap=True, style=Style(color=self.app.theme_variables["accent"], bold=True))
        table.add_column()
        for action in rows:
            table.add_row(Text(self._keys(action)), Text(_(action.help)))
        return table


def parts_of(screen: Screen[object]) -> list[Where]:
    """The parts of the app that hear keys on this screen now, the focused one first."""
    by_name = {action.known_as: action.where for action in ACTIONS}
    found = [by_name[active.binding.id] for active in screen.active_bindings.values() if active.binding.id in by_name]
    return list(dict.fromkeys(found))
