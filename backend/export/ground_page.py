"""The ground from above in pixels: where metres fall on a page, and the marks that one picture's page and a place's map share.

Exports are drawn on light paper; the app draws on paper that goes with the terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw

from backend.export.chips import Label, draw_labels, shortened
from backend.export.fonts import font_for
from backend.export.palette import Rgb
from backend.export.strokes import Pen, draw_lines
from backend.spatial.topdown import Spot


@dataclass(frozen=True, slots=True)
class Paper:
    """The colours of a page."""

    page: Rgb
    seen: Rgb
    """What a camera sees."""
    rule: Rgb
    ink: Rgb


LIGHT = Paper((247, 247, 245), (230, 236, 242), (190, 196, 202), (70, 76, 82))
DARK = Paper((14, 18, 22), (31, 38, 46), (84, 94, 104), (178, 188, 198))
_TINT = 70
"""Opacity of a footprint, of 255."""


class GroundPage:
    """A page of pixels that shows a rectangle of the ground, as large as its margins allow and in the middle between them."""

    def __init__(self, near: Spot, far: Spot, size: tuple[int, int], margin: int, pen: Pen, paper: Paper = LIGHT) -> None:
        """`near`, `far`: least and greatest X and Z, metres; `size` and `margin`: pixels."""
        self.near, self.far = near, far
        width, height = far[0] - near[0], far[1] - near[1]
        self.scale = min(max(1, size[0] - 2 * margin) / width, max(1, size[1] - 2 * margin) / height)
        """Pixels of a metre."""
        self._left, self._top = (size[0] - width * self.scale) / 2, (size[1] - height * self.scale) / 2
        self.margin, self.pen, self.paper = margin, pen, paper
        self.image = Image.new("RGB", size, paper.page)
        self.unwritten = False
        """Whether something could not be written, because no font here has its letters."""

    @property
    def inner(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the ground, pixels."""
        width, height = self.image.size
        return round(self._left), round(self._top), round(width - self._left), round(height - self._top)

    def at(self, spot: Spot) -> tuple[float, float]:
        """Where a place on the ground lies, pixels."""
        return self._left + (spot[0] - self.near[0]) * self.scale, self._top + (self.far[1] - spot[1]) * self.scale

    def seen_from(self, wedge: Sequence[Spot]) -> None:
        """What a camera at the first of these corners sees."""
        corners = [self.at(spot) for spot in wedge]
        brush = ImageDraw.Draw(self.image)
        brush.polygon(corners, fill=self.paper.seen)
        for end in corners[1:]:
            brush.line((*corners[0], *end), fill=self.paper.ink, width=self.pen.line)

    def camera(self, spot: Spot) -> None:
        """Where a camera stands."""
        (x, y), size = self.at(spot), 2.5 * self.pen.line
        ImageDraw.Draw(self.image).polygon([(x, y - size), (x + size, y + size), (x - size, y + size)], fill=self.paper.ink)

    def blank_margins(self) -> None:
        """Take away what lies beside the ground."""
        brush = ImageDraw.Draw(self.image)
        left, top, right, bottom = self.inner
        width, height = self.image.size
        for rect in ((0, 0, width, top), (0, bottom, width, height), (0, 0, left, height), (right, 0, width, height)):
            brush.rectangle(rect, fill=self.paper.page)

    def stand(self, hull: Sequence[Spot], colour: Rgb, texts: Sequence[str], *, bold: bool = False) -> Label | None:
        """One footprint: a tint, its outline, and the label that belongs to it: the first text that can be written."""
        spots = [self.at(spot) for spot in hull]
        if len(spots) > 2:
            tint = Image.new("L", self.image.size)
            ImageDraw.Draw(tint).polygon(spots, fill=2 * _TINT if bold else _TINT)
            self.image.paste(colour, mask=tint)
        pen = replace(self.pen, line=round(self.pen.line * 1.5)) if bold else self.pen
        around = draw_lines(self.image, list(zip(spots, [*spots[1:], *spots[:1]], strict=True)), pen, colour)
        if around is None:
            return None
        for text in texts:
            if (font := font_for(text, self.pen.text)) is None:
                self.unwritten = True
            elif fitting := shortened(text, font, self.image.width):
                return Label(fitting, font, colour, around)
        return None

    def put(self, labels: Sequence[Label | None]) -> None:
        """Draw labels, each where it hides least."""
        draw_labels(self.image, [label for label in labels if label is not None])

    def write(self, text: str, spot: tuple[float, float], anchor: str, size: int) -> None:
        """Letters at a place in pixels, `size` pixels high, as far as they have room (`anchor`: as Pillow names it)."""
        font = font_for(text, size)
        if font is None:
            self.unwritten = True
            return
        room = self.image.width - spot[0] if anchor[0] == "l" else self.image.width
        ImageDraw.Draw(self.image).text(spot, shortened(text, font, room), self.paper.ink, font, anchor=anchor)
