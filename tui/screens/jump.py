"""Jump mode: a letter over every part of the screen that can have the focus; typing it goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Offset, Size
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from backend.language import _

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""In the order in which they are given out: those under the resting fingers first."""
_ROOM = Size(3, 1)
"""Cells of a letter with air around it."""


class JumpScreen(ModalScreen[Widget | None]):
    """Gives back the part whose letter was typed, or that was clicked; None for any other key."""

    BINDINGS: ClassVar = [Binding("ctrl+q", "app.quit", priority=True)]

    def __init__(self, parts: Sequence[Widget], size: Size) -> None:
        """`size`: of the screen on which the parts are, in cells."""
        super().__init__(id="jump")
        self._within = size
        self._gone = False
        self._parts = dict(zip(LETTERS, parts, strict=False))

    def compose(self) -> ComposeResult:
        for letter, part in self._parts.items():
            label = Static(f" {letter} ", id=f"jump-{letter}", classes="jump-letter", markup=False)
            label.absolute_offset = _centre(part, self._within)
            yield label
        yield Static(_("A letter goes to its part; any other key goes back"), id="jump-hint", markup=False)

    def _go(self, part: Widget | None) -> None:
        """Once: a second key, or the second event of one resize, would close the screen below."""
        if not self._gone:
            self._gone = True
            self.dismiss(part)

    def on_resize(self, event: events.Resize) -> None:
        if event.size != self._within:  # the letters would stand beside their parts
            self._go(None)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self._go(self._parts.get((event.character or "").lower()))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        here = event.screen_x, event.screen_y
        self._go(next((part for part in self._parts.values() if part.region.contains(*here)), None))


def parts_to_jump_to(screen: Screen[None]) -> list[Widget]:
    """What can have the focus now, in the order in which Tab goes through it."""
    return list(screen.focus_chain)


def _centre(part: Widget, within: Size) -> Offset:
    """Where the letter of a part begins. What has given its room away (the files of a narrow screen) has it at its edge."""
    region = part.region
    x = region.x + (region.width - _ROOM.width) // 2
    y = region.y + (region.height - _ROOM.height) // 2
    return Offset(max(0, min(x, within.width - _ROOM.width)), max(0, min(y, within.height - _ROOM.height)))
