"""Every action with its keys, made from the registry: what works is here, and what is here works."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.actions import ACTIONS, Where, shown_keys

_KEYS = 14
"""Cells for the keys, so that the sentences stand in line."""


class HelpScreen(ModalScreen[None]):
    """Esc, F1 or Enter closes it."""

    BINDINGS: ClassVar = [
        Binding("escape,f1,enter,q,question_mark", "dismiss", "Close"),
        Binding("ctrl+q", "app.quit", priority=True),
    ]

    def __init__(self, *, unicode: bool) -> None:
        super().__init__()
        self._unicode = unicode

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as page:
            page.border_title = "sightline"
            page.border_subtitle = "Esc closes"
            for where in Where:
                yield Static(where.value, classes="help-heading", markup=False)
                yield Static(_lines(where, unicode=self._unicode), classes="help-lines", markup=False)

    def on_mount(self) -> None:
        self.query_one("#help").focus()


def _lines(where: Where, *, unicode: bool) -> Content:
    rows = [
        Content.assemble((f"{shown_keys(action, unicode=unicode):<{_KEYS}}", "bold $accent"), action.help)
        for action in ACTIONS
        if action.where is where
    ]
    return Content("\n").join(rows)
