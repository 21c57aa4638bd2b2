"""Jump mode: a letter over every part of the screen, tab, turn, finding and file in sight; typing it goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

from backend.language import _
from tui.landings import Landing, beginning, codes, under


class JumpScreen(ModalScreen[Landing | None]):
    """Gives back the landing whose letters were typed, or that was clicked; None for any other key."""

    BINDINGS: ClassVar = [Binding("ctrl+q", "app.quit", priority=True)]

    def __init__(self, landings: Sequence[Landing], size: Size) -> None:
        """`size`: of the screen on which they are, in cells."""
        super().__init__(id="jump")
        self._within = size
        self._gone = False
        self._typed = ""
        self._landings = dict(zip(codes(len(landings)), landings, strict=False))

    def compose(self) -> ComposeResult:
        for code, landing in self._landings.items():
            said = f" {code} " if landing.part else code
            for region in landing.regions:
                label = Static(said, classes=f"jump-letter {'-part' if landing.part else ''}", name=code, markup=False)
                label.styles.width = len(said)
                label.absolute_offset = beginning(landing, region, self._within.region, len(said))
                yield label
        yield Static(_("A letter goes to its place; any other key goes back"), id="jump-hint", markup=False)

    def _go(self, landing: Landing | None) -> None:
        """Once: a second key, or the second event of one resize, would close the screen below."""
        if not self._gone:
            self._gone = True
            self.dismiss(landing)

    def on_resize(self, event: events.Resize) -> None:
        if event.size != self._within:  # the letters would stand beside their places
            self._go(None)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        typed = self._typed + (event.character or "-").lower()
        if typed in self._landings or not any(code.startswith(typed) for code in self._landings):
            self._go(self._landings.get(typed))
            return
        self._typed = typed
        for label in self.query(".jump-letter").results(Static):
            label.display = (label.name or "").startswith(typed)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self._go(under(self._landings, (event.screen_x, event.screen_y)))
