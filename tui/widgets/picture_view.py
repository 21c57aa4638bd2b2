"""The picture itself: cells, or pixels of the screen where the terminal takes them."""

from __future__ import annotations

import os
from dataclasses import dataclass

from rich.style import Style
from textual import on
from textual.app import RenderResult
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from backend.terminal.tmux import attached
from tui.preview.canvas import Frame
from tui.preview.kitty import KittyPicture
from tui.preview.pixels import Ledger, PixelFrame
from tui.widgets.strips import BesideStrip, pixel_strips, strips

_LOOK_S = 2.0
"""How often tmux is asked which terminal it is shown on; it tells nobody unasked. Only where it hands our pictures on."""


class PictureView(Widget):
    """One frame. Of one in pixels the terminal is sent what it has not got, when the compositor writes its cells."""

    @dataclass
    class Attached(Message):
        """Which terminal tmux is shown on, None where it does not say."""

        terminal: str | None

    def __init__(self) -> None:
        super().__init__(id="picture-view")
        self._frame: Frame | None = None
        self._strips: list[Strip] = []
        self._in_pixels: list[Strip] = []
        self._laid_at: Offset | None = None
        self._attached: str | None = None
        """The terminal that tmux was shown on when it was asked last."""
        self._under = Style()
        """What lies around the picture, as it was painted last."""

    def on_mount(self) -> None:
        self.set_interval(_LOOK_S, self._look_who_is_attached)

    def _look_who_is_attached(self) -> None:
        """A terminal that was attached to tmux later has no picture of ours: the cells that name it would stay empty."""
        pixels = self._frame.pixels if isinstance(self._frame, PixelFrame) else None
        if isinstance(pixels, KittyPicture) and pixels.in_tmux:
            self.run_worker(self._ask_who, thread=True, exclusive=True, group="attached", description="attached")

    def _ask_who(self) -> None:
        """In a thread."""
        self.post_message(self.Attached(attached(os.environ)))

    @on(Attached)
    def _is_attached(self, message: Attached) -> None:
        message.stop()
        before, self._attached = self._attached, message.terminal or self._attached
        if before not in (None, self._attached):
            self._ledger.forget()
            self.refresh()

    @property
    def frame(self) -> Frame | None:
        return self._frame

    def show(self, frame: Frame | None) -> None:
        if frame is not None and frame == self._frame:
            return
        self._frame = frame
        self._paint()
        if self._attached is None:
            self._look_who_is_attached()

    def notify_style_update(self) -> None:
        """The theme changed: what lies around the picture is painted anew."""
        super().notify_style_update()
        if self._frame and self.rich_style.bgcolor != self._under.bgcolor:  # each move of the focus comes here as well
            self._paint()

    def render(self) -> RenderResult:
        return ""

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width, self._under)
        return Strip.blank(self.size.width, self._under)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Pixels bypass what Textual does to cells: it would paint over the colour that is a picture's name."""
        frame = self._frame
        if not isinstance(frame, PixelFrame):
            return super().render_lines(crop)
        at = self.region.offset
        if at != self._laid_at:
            self._laid_at = at
            self._in_pixels = pixel_strips(frame, self._strips, (at.x, at.y), self._ledger)
        return [self._fitted(y).crop(crop.x, crop.right) for y in crop.line_range]

    def _fitted(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self._in_pixels):
            return Strip.blank(width, self._under)
        row = self._in_pixels[y]
        short = width - row.cell_length
        return BesideStrip([row, Strip.blank(short, self._under)]) if short > 0 else row.crop(0, width)

    @property
    def _ledger(self) -> Ledger:
        ledger = getattr(self.app, "ledger", None)
        assert isinstance(ledger, Ledger)
        return ledger

    def _paint(self) -> None:
        self._under = self.rich_style
        self._strips = strips(self._frame, Style(bgcolor=self._under.bgcolor)) if self._frame else []
        self._laid_at = None
        self.refresh()
