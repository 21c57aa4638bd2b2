"""The line that says which model answers, what it is doing, and what it cannot know."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from backend.catalog.card import ModelCard
from backend.language import _
from backend.sanitise import one_line
from tui.glyphs import Glyphs

_GAP = 2
"""Cells between both sides (see status_line.tcss)."""


class StatusLine(Horizontal):
    """Model and state on the left, the model's limits on the right."""

    def __init__(self, card: ModelCard, glyphs: Glyphs) -> None:
        super().__init__(id="status")
        self._card = card
        self._glyphs = glyphs
        self._said = ""
        self._now, self._busy = "", False
        self._left = Static(id="status-left", markup=False)
        self._right = Static(id="status-right", markup=False)

    def compose(self) -> ComposeResult:
        yield self._left
        yield self._right

    def say(self, state: str, *, busy: bool = False) -> None:
        """What is going on; `busy` while an answer is being made."""
        self._said = state
        self._say(state, busy=busy)

    def say_again(self) -> None:
        self._write()

    def aside(self, state: str | None) -> None:
        """What goes on beside that and is nobody's concern; None brings back what was said last."""
        self._say(self._said if state is None else state, busy=False)

    def on_resize(self) -> None:
        self._write()

    def _notes(self) -> tuple[str, ...]:
        """What is said on the right, the longest first."""
        return (_("demo model: knows only generated scenes"), _("knows only generated scenes")) if self._card.bundled else ()

    def _say(self, state: str, *, busy: bool) -> None:
        self._now, self._busy = one_line(state), busy
        self._write()

    def _write(self) -> None:
        name, dot = one_line(self._card.name), f" {self._glyphs.dot} "
        room = self.content_size.width or self.app.size.width
        state, note = fitted(self._now, room - cell_len(name + dot), self._notes(), self._glyphs.ellipsis)
        now = Content.assemble((name, "bold"), (dot, "$faint"), (state, "$accent" if self._busy else "$faint"))
        if not (isinstance(self._left.content, Content) and self._left.content.is_same(now)):
            self._left.update(now, layout=False)  # its place does not depend on what it says (see status_line.tcss)
        if str(self._right.content) != note:
            self._right.display = bool(note)
            self._right.update(Content(note))


def fitted(state: str, room: int, notes: Sequence[str], ellipsis: str) -> tuple[str, str]:
    """What is said of the state, and beside it, on `room` cells: the longest of `notes` that leaves the state whole.

    What goes on counts for more than what is true all the time: the note goes before anything of the state does, then its end.
    """
    length = cell_len(state)
    for note in notes:
        if length + _GAP + cell_len(note) <= room:
            return state, note
    if length <= room:
        return state, ""
    return set_cell_size(state, max(0, room - cell_len(ellipsis))).rstrip() + ellipsis, ""
