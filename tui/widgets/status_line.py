"""The line that says which model answers, what it is doing, and what it cannot know."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from backend.catalog.card import ModelCard
from backend.language import _
from backend.sanitise import one_line
from tui.glyphs import Glyphs


class StatusLine(Horizontal):
    """Model and state on the left, the model's limits on the right."""

    def __init__(self, card: ModelCard, glyphs: Glyphs) -> None:
        super().__init__(id="status")
        self._card = card
        self._glyphs = glyphs
        self._said = ""
        self._left = Static(id="status-left", markup=False)
        self._right = Static(self._note(), id="status-right", markup=False)

    def compose(self) -> ComposeResult:
        yield self._left
        yield self._right

    def say(self, state: str, *, busy: bool = False) -> None:
        """What is going on; `busy` while an answer is being made."""
        self._said = state
        self._write(state, busy=busy)

    def say_again(self) -> None:
        self._right.update(self._note())

    def aside(self, state: str | None) -> None:
        """What goes on beside that and is nobody's concern; None brings back what was said last."""
        self._write(self._said if state is None else state, busy=False)

    def _note(self) -> Content:
        return Content(_("demo model: knows only generated scenes") if self._card.bundled else "")

    def _write(self, state: str, *, busy: bool) -> None:
        now = Content.assemble(
            (one_line(self._card.name), "bold"),
            (f" {self._glyphs.dot} ", "$faint"),
            (one_line(state), "$accent" if busy else "$faint"),
        )
        if not (isinstance(self._left.content, Content) and self._left.content.is_same(now)):
            self._left.update(now, layout=False)  # its place does not depend on what it says (see status_line.tcss)
