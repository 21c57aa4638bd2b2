"""Looking closer at a picture: keys and mouse that choose the part of it which is seen.

What they choose is a `Viewport`; whoever shows the picture is told that it has another one, and knows the sizes.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from textual import events
from textual.containers import Vertical
from textual.message import Message

from backend.language import _
from backend.scene import Window
from tui.abstract import Abstract
from tui.actions import Where, bindings
from tui.preview.viewport import STEP, STRIDE, WHOLE, Room, Viewport
from tui.widgets.quiet_focus import QuietFocus


class Closer(QuietFocus, Vertical, metaclass=Abstract, can_focus=True):
    """A widget before which a picture lies that can be enlarged and moved."""

    BINDINGS = bindings(Where.VIEW)

    @dataclass
    class PartWanted(Message):
        """Questions are to be about this part of the picture from now on, or about all of it again."""

        part: Window | None

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._viewport = WHOLE
        self._towards: tuple[float, float] | None = None
        """What comes to the middle when one looks closer, pixels of the original: the finding that stood out last."""
        self._asks_about_part = False
        self._part: Window | None = None
        """As it was told last."""
        self._part_allowed = True
        self._grip: tuple[int, int] | None = None
        """Where on the screen the mouse holds the picture."""

    # --- what the widget that is built on this tells

    @abstractmethod
    def room(self) -> Room | None:
        """The picture and the cells that it is shown on; None where nothing can be enlarged."""

    @abstractmethod
    def dots(self) -> int:
        """Picture elements across one cell."""

    @abstractmethod
    def looked_elsewhere(self) -> None:
        """Another part of the picture is to be seen."""

    @abstractmethod
    def part_changed(self) -> None:
        """Questions are about another part."""

    # --- what is seen

    @property
    def viewport(self) -> Viewport:
        """What is looked at of the picture."""
        return self._viewport

    @property
    def window(self) -> Window | None:
        """What is seen of it, whole pixels of the upright original; None where that is all of it."""
        room = self.room()
        if room is None or self._viewport.is_whole:
            return None
        seen = self._viewport.window(room)
        width, height = max(1, round(seen.width)), max(1, round(seen.height))
        return Window(min(round(seen.left), room.width - width), min(round(seen.top), room.height - height), width, height)

    def look_at(self, viewport: Viewport) -> None:
        """See this part; nothing happens where it is seen already."""
        if viewport != self._viewport:
            self._viewport = viewport
            self.looked_elsewhere()
            self.tell_part()

    def tell_part(self) -> None:
        """Say which part questions are about, where that has changed. With the whole picture in view nothing is left out."""
        part = self.window if self._asks_about_part else None
        self._asks_about_part = part is not None
        if part != self._part:
            self._part = part
            self.part_changed()
            self.post_message(self.PartWanted(part))

    # --- keys

    def action_zoom(self, steps: int) -> None:
        """So many steps closer (negative: farther), towards what stands out."""
        self._zoom(STEP**steps, self._towards if steps > 0 else None)

    def action_zoom_whole(self) -> None:
        self.look_at(WHOLE)

    def action_pan(self, across: int, down: int) -> None:
        room = self.room()
        if room is not None and not self._viewport.is_whole:
            self._towards = None
            self.look_at(self._viewport.panned(room, STRIDE * across, STRIDE * down))

    def action_ask_about_part(self) -> None:
        """Ask about the part in view, or about the whole picture again."""
        if not self._asks_about_part and not self._part_allowed:
            self.notify(_("Only one picture alone can be asked about in part: no film, and none of several."), markup=False)
            return
        if not self._asks_about_part and self.window is None:
            self.notify(_("All of the picture is in view. Enlarge it first, with +."), markup=False)
            return
        self._asks_about_part = not self._asks_about_part
        self.tell_part()

    def allow_part(self, allowed: bool) -> None:
        """Whether one picture alone is asked about, so that it can be a part of it."""
        self._part_allowed = allowed
        self._asks_about_part = self._asks_about_part and allowed
        self.tell_part()

    # --- the mouse

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._zoom(STEP, None)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._zoom(1 / STEP, None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1 and not self._viewport.is_whole:
            self._grip = event.screen_x, event.screen_y
            self._towards = None
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        room = self.room()
        if self._grip is not None and room is not None:
            across, down = event.screen_x - self._grip[0], event.screen_y - self._grip[1]
            self._grip = event.screen_x, event.screen_y
            self.look_at(self._viewport.panned(room, -across / room.columns, -down / room.rows))

    def on_mouse_up(self) -> None:
        if self._grip is not None:
            self._grip = None
            self.release_mouse()

    def _zoom(self, factor: float, at: tuple[float, float] | None) -> None:
        room = self.room()
        if room is not None:
            self.look_at(self._viewport.zoomed(room, factor, room.most(self.dots()), at))
