"""A film as a line of cells: where one is in it, where it cuts, what the answer names, what happened to what was followed, and
which frames the model was shown.

Three rows: marks above the line, the line, ticks below it. Everything is pure, so that a click can be led back to a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.export.palette import COLOURS, colour_of
from backend.scene import Picture
from backend.scene.moments import stamp
from tui.preview.canvas import Canvas, Colour, Frame, packed
from tui.preview.capabilities import Capabilities
from tui.preview.geometry import Fit
from tui.preview.raster import paint, sample
from tui.preview.views import Page

if TYPE_CHECKING:
    from PIL.Image import Image

ROWS = 3
_GREY, _LIGHT, _ACCENT = 0x707880, 0xD0D6DC, packed(COLOURS[4])
"""Of the line, of what is on it, and of moments."""
_LEAST = 8
"""Cells that a small frame is wide at least."""


@dataclass(frozen=True, slots=True)
class FilmLine:
    """What there is to show. Times in seconds."""

    last: float
    """When the last frame is shown."""
    time: float = 0.0
    """Of the frame that is shown."""
    cuts: Sequence[float] = ()
    moments: Sequence[tuple[float, float | None]] = ()
    """That the answer names: from, and to where it is a stretch."""
    events: Sequence[tuple[float, int]] = ()
    """Of tracks: when, and the place of the track, which gives the colour."""
    shown: Sequence[float] = ()
    """Frames that the model was shown."""
    part: tuple[float | None, float | None] = (None, None)
    """That the next question is about: from and to; None: the film's own end."""

    def column(self, time: float, columns: int) -> int:
        """The cell that a time is in."""
        share = 0.0 if self.last <= 0 else min(max(time / self.last, 0.0), 1.0)
        return round(share * (columns - 1))

    def time_at(self, column: int, columns: int) -> float:
        """The time that a cell stands for."""
        return self.last * min(max(column / max(1, columns - 1), 0.0), 1.0)


def draw_timeline(line: FilmLine, columns: int, capabilities: Capabilities) -> Frame:
    """The three rows."""
    canvas = Canvas(columns, ROWS)
    unicode = capabilities.unicode

    def put(time: float, row: int, sign: str, plain: str, colour: int, *, bold: bool = False) -> None:
        ink: Colour = colour if capabilities.colour else None
        canvas.put(line.column(time, columns), row, sign if unicode else plain, ink, bold=bold)

    start, end = (line.part[0] or 0.0), (line.last if line.part[1] is None else line.part[1])
    first, last = line.column(start, columns), line.column(end, columns)
    for column in range(columns):
        inside = first <= column <= last
        sign = ("─" if inside else "┄") if unicode else ("-" if inside else ".")
        canvas.put(column, 1, sign, _GREY if capabilities.colour else None)
    if line.part != (None, None):
        put(start, 1, "├", "[", _LIGHT, bold=True)
        put(end, 1, "┤", "]", _LIGHT, bold=True)
    for time in line.shown:
        put(time, 2, "╵", "'", _LIGHT)
    for time in line.cuts:
        put(time, 1, "┃", "|", _LIGHT, bold=True)
    for begin, stop in line.moments:
        if stop is not None:
            for column in range(line.column(begin, columns), line.column(stop, columns) + 1):
                canvas.put(column, 0, "▁" if unicode else "_", _ACCENT if capabilities.colour else None)
    for time, track in line.events:
        put(time, 0, "•", "*", packed(colour_of(track)), bold=True)
    for begin, _stop in line.moments:
        put(begin, 0, "▼", "v", _ACCENT, bold=True)
    put(line.time, 1, "█", "#", 0xFFFFFF, bold=True)
    return canvas.frozen()


def thumb_size(columns: int, rows: int, width: int, height: int) -> tuple[int, int]:
    """How many small frames of that shape (pixels) stand beside each other on so many cells, and how wide each is."""
    wide = max(_LEAST, min(columns, round(2 * rows * width / max(1, height))))
    return max(1, (columns + 1) // (wide + 1)), wide


def draw_thumbs(thumbs: Sequence[Picture], columns: int, rows: int, capabilities: Capabilities) -> Frame:
    """As many of the frames as fit on one row, spread over all of them."""
    canvas = Canvas(columns, rows)
    if thumbs:
        count, wide = thumb_size(columns, rows, thumbs[0].width, thumbs[0].height)
        for left, picture in zip(_lefts(columns, wide, count), spread(thumbs, count), strict=False):
            _paint(canvas, picture, left, 0, (wide, rows), capabilities)
    return canvas.frozen()


def spread(thumbs: Sequence[Picture], count: int) -> list[Picture]:
    """`count` of them at equal distances, the first and the last included; all where there are no more."""
    if count >= len(thumbs):
        return list(thumbs)
    if count == 1:
        return [thumbs[0]]
    return [thumbs[round(n * (len(thumbs) - 1) / (count - 1))] for n in range(count)]


def _lefts(columns: int, wide: int, count: int) -> list[int]:
    if count == 1:
        return [0]
    return [round(n * (columns - wide) / (count - 1)) for n in range(count)]


def _paint(canvas: Canvas, picture: Picture, left: int, top: int, size: tuple[int, int], capabilities: Capabilities) -> None:
    fit = Fit.into(picture.width, picture.height, *size)
    placed = Fit(fit.width, fit.height, left + fit.left, top + fit.top, fit.columns, fit.rows)
    paint(canvas, sample(picture, placed, capabilities), placed, capabilities)


@dataclass(frozen=True, slots=True, eq=False)
class ContactSheet:
    """Frames of the whole film beside each other, each with its time, in the picture's place."""

    thumbs: Sequence[Picture]

    def frame(self, size: tuple[int, int], capabilities: Capabilities, selected: frozenset[int]) -> Frame:
        """As large as they can be; the time is written below each. `selected` is nothing here."""
        del selected
        columns, rows = size
        canvas = Canvas(columns, rows)
        if not self.thumbs:
            return canvas.frozen()
        across, wide, high = self._grid(columns, rows)
        for number, picture in enumerate(self.thumbs):
            row, column = divmod(number, across)
            left, top = column * (wide + 1), row * (high + 1)
            if top + high + 1 > rows:
                break
            _paint(canvas, picture, left, top, (wide, high), capabilities)
            canvas.write(left, top + high, stamp(picture.time or 0.0)[:wide], _LIGHT if capabilities.colour else None)
        return canvas.frozen()

    def painted(self, page: Page, selected: frozenset[int]) -> Image | None:
        """The same places; nothing where letters for the times are missing."""
        from PIL import Image, ImageDraw, ImageOps

        from backend.export.fonts import font_for
        from backend.media.images import as_image

        del selected
        font = font_for("0:.", page.pen.text)
        if not self.thumbs or font is None:
            return None
        image = Image.new("RGB", page.size, page.paper.page)
        brush = ImageDraw.Draw(image)
        across, wide, high = self._grid(page.columns, page.rows)
        size = wide * page.cell[0], high * page.cell[1]
        for number, picture in enumerate(self.thumbs):
            row, column = divmod(number, across)
            left, top = column * (wide + 1) * page.cell[0], row * (high + 1) * page.cell[1]
            if top + size[1] + page.cell[1] > image.height:
                break
            small = ImageOps.contain(as_image(picture), size, Image.Resampling.BICUBIC)
            image.paste(small, (left + (size[0] - small.width) // 2, top + (size[1] - small.height) // 2))
            at = left, top + size[1] + page.cell[1] / 2
            brush.text(at, stamp(picture.time or 0.0), fill=page.paper.ink, font=font, anchor="lm")
        return image

    def _grid(self, columns: int, rows: int) -> tuple[int, int, int]:
        """How many beside each other, and the cells of each: the most of the pane that still holds all of them."""
        shape = self.thumbs[0].width / max(1, self.thumbs[0].height)
        for across in range(1, len(self.thumbs) + 1):
            wide = (columns + 1) // across - 1
            high = max(2, round(wide / shape / 2))
            if wide < _LEAST:
                break
            if -(-len(self.thumbs) // across) * (high + 1) <= rows:
                return across, wide, high
        across = max(1, (columns + 1) // (_LEAST + 1))
        return across, _LEAST, max(2, round(_LEAST / shape / 2))
