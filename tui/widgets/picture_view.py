"""The picture itself: cells, or pixels of the screen where the terminal takes them."""

from __future__ import annotations

from rich.color import Color
from rich.style import Style
from textual.app import RenderResult
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widget import Widget

from tui.preview.canvas import Frame
from tui.preview.pixels import Ledger, PixelFrame
from tui.widgets.strips import BesideStrip, pixel_strips, strips


class PictureView(Widget):
    """One frame. Of one in pixels the terminal is sent what it has not got, when the compositor writes its cells."""

    def __init__(self) -> None:
        super().__init__(id="picture-view")
        self._frame: Frame | None = None
        self._strips: list[Strip] = []
        self._in_pixels: list[Strip] = []
        self._laid_at: Offset | None = None
        self._around: Color | None = None
        """What lies around the picture, as it was painted last."""

    @property
    def frame(self) -> Frame | None:
        return self._frame

    def show(self, frame: Frame | None) -> None:
        if frame is not None and frame == self._frame:
            return
        self._frame = frame
        self._paint()

    def notify_style_update(self) -> None:
        """The theme changed: what lies around the picture is painted anew."""
        super().notify_style_update()
        if self._frame and self.rich_style.bgcolor != self._around:  # each move of the focus comes here as well
            self._paint()

    def render(self) -> RenderResult:
        return ""

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width, self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)

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
            return Strip.blank(width, self.rich_style)
        row = self._in_pixels[y]
        short = width - row.cell_length
        return BesideStrip([row, Strip.blank(short, self.rich_style)]) if short > 0 else row.crop(0, width)

    @property
    def _ledger(self) -> Ledger:
        ledger = getattr(self.app, "ledger", None)
        assert isinstance(ledger, Ledger)
        return ledger

    def _paint(self) -> None:
        self._around = self.rich_style.bgcolor
        self._strips = strips(self._frame, Style(bgcolor=self._around)) if self._frame else []
        self._laid_at = None
        self.refresh()
