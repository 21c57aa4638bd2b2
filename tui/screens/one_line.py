"""A question to the user that one line answers: what to follow, what to look for, how far apart two cameras stood."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from backend.errors import SightlineError
from backend.language import _
from backend.sanitise import lines
from tui.actions import Where, dialog_bindings

Check = Callable[[str], object]
"""Raises SightlineError, which is shown below the line, for what cannot be meant."""


class OneLine(ModalScreen[str | None]):
    """Enter takes what stands on the line, Esc gives up (None)."""

    BINDINGS = dialog_bindings(Where.ONE_LINE)

    def __init__(self, title: str, about: str, *, value: str = "", example: str = "", check: Check = lambda _: None) -> None:
        """`about`: what the line is for, and what it will cost. `check` is asked before what is typed is taken."""
        super().__init__()
        self._title, self._about, self._check = title, about, check
        self._line = Input(value, placeholder=example, id="one-line-value")
        self._said = Static(id="one-line-said", markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(id="one-line") as box:
            box.border_title = self._title
            box.border_subtitle = _("Enter starts, F1 helps, Esc goes back")
            yield Static(lines(self._about), id="one-line-about", markup=False)
            yield self._line
            yield self._said

    def on_mount(self) -> None:
        self._line.focus()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._said.update("")

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        self.action_accept()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_accept(self) -> None:
        typed = self._line.value.strip()
        try:
            self._check(typed)
        except SightlineError as error:
            cure = f"\n{lines(error.cure)}" if error.cure else ""
            self._said.update(Content.assemble((lines(error.message), "$error"), (cure, "$faint")))
        else:
            self.dismiss(typed)
