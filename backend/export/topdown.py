"""The scene from above as a picture of its own: the camera's field of view, distances, and the footprint of every 3D box.

Numbers and colours are those of the overlay. The metres are the model's estimate, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from backend.export.chips import Label, draw_labels, shortened
from backend.export.fonts import font_for
from backend.export.palette import colour_of
from backend.export.saving import check_destination, save
from backend.export.strokes import Pen, draw_lines
from backend.sanitise import one_line
from backend.scene import Box3D, Finding
from backend.spatial.camera import Camera
from backend.spatial.topdown import Footprint, Plan, Spot, plan

__all__ = ["draw_topdown", "save_topdown"]

_LONGER_SIDE = 960
"""Pixels of the page's longer side, without its margins."""
_SHORTEST_SIDE = 320
_MARGIN = 52
_PAPER, _SEEN, _RULE, _INK = (247, 247, 245), (230, 236, 242), (190, 196, 202), (70, 76, 82)
_LONGEST = 40


def draw_topdown(findings: Sequence[Finding], camera: Camera, source: str = "") -> Image.Image:
    """The page for the 3D boxes among `findings` of one picture; finding `i` has the palette's colour `i` and number i + 1.

    `source`: how the camera is known, for the line below.
    """
    page = _Page(plan(findings, camera))
    page.ground()
    labels = [page.stand(one, findings[one.index]) for one in page.plan.footprints]
    draw_labels(page.image, [label for label in labels if label is not None])
    page.legend(source)
    return page.image


def save_topdown(path: str | Path, findings: Sequence[Finding], camera: Camera, source: str = "") -> None:
    """Draw and write, in the format of the suffix. Raises UsageError or NotSaved."""
    path = Path(path)
    check_destination(path)
    save(draw_topdown(findings, camera, source), path)


class _Page:
    """What is drawn on, and how metres fall on it."""

    def __init__(self, shown: Plan) -> None:
        self.plan = shown
        self.scale = _LONGER_SIDE / max(shown.width, shown.depth)
        width, height = (max(_SHORTEST_SIDE, round(side * self.scale)) for side in (shown.width, shown.depth))
        self.image = Image.new("RGB", (width + 2 * _MARGIN, height + 2 * _MARGIN), _PAPER)
        self.pen = Pen.for_picture(*self.image.size)
        self.inner = (_MARGIN, _MARGIN, _MARGIN + width, _MARGIN + height)

    def at(self, spot: Spot) -> tuple[float, float]:
        x, y = self.plan.at(spot, self.scale)
        return x + _MARGIN, y + _MARGIN

    def ground(self) -> None:
        """The wedge that the camera sees, lines of equal distance across it, ticks, and the camera."""
        brush = ImageDraw.Draw(self.image)
        brush.polygon([self.at(spot) for spot in ((0.0, 0.0), *(side[1] for side in self.plan.wedge))], fill=_SEEN)
        for spot in self.plan.distances:
            left, right = (self.at((side * spot, spot)) for side in self.plan.sides)
            brush.line((*left, *right), fill=_RULE)
        for start, end in self.plan.wedge:
            brush.line((*self.at(start), *self.at(end)), fill=_INK, width=2)
        self._blank_margins(brush)
        brush.rectangle(self.inner, outline=_RULE)
        for spot in self.plan.distances:
            self._write(f"{spot:g}", (_MARGIN - 6, self.at((0.0, spot))[1]), "rm")
        for spot in self.plan.offsets:
            self._write(f"{spot:g}", (self.at((spot, 0.0))[0], self.inner[3] + 6), "mt")
        x, y = self.at((0.0, 0.0))
        size = 2.5 * self.pen.line
        brush.polygon([(x, y - size), (x + size, y + size), (x - size, y + size)], fill=_INK)

    def stand(self, one: Footprint, finding: Finding) -> Label | None:
        """One footprint: a tint, its outline, and the label that belongs to it."""
        colour = colour_of(one.index)
        spots = [self.at(spot) for spot in one.hull]
        if len(spots) > 2:
            tint = Image.new("L", self.image.size)
            ImageDraw.Draw(tint).polygon(spots, fill=70)
            self.image.paste(colour, mask=tint)
        around = draw_lines(self.image, list(zip(spots, [*spots[1:], *spots[:1]], strict=True)), self.pen, colour)
        if around is None or not isinstance(finding, Box3D):
            return None
        number = f"{one.index + 1}"
        for text in (f"{number} {one_line(one.label, _LONGEST)}".strip(), number):
            if (font := font_for(text, self.pen.text)) is not None and (fitting := shortened(text, font, self.image.width)):
                return Label(fitting, font, colour, around)
        return None

    def legend(self, source: str) -> None:
        """What the numbers at the edges are, and where they come from."""
        known = f"camera: {one_line(source, 60)}" if source else ""
        far = f"{self.plan.left_out} too far away to be drawn" if self.plan.left_out else ""
        self._write("m, the model's estimate; seen from above", (_MARGIN, _MARGIN / 2 - 4), "lb")
        self._write("; ".join(filter(None, (known, far))), (_MARGIN, _MARGIN / 2 + 2), "lt")

    def _blank_margins(self, brush: ImageDraw.ImageDraw) -> None:
        left, top, right, bottom = self.inner
        width, height = self.image.size
        for rect in ((0, 0, width, top), (0, bottom, width, height), (0, 0, left, height), (right, 0, width, height)):
            brush.rectangle(rect, fill=_PAPER)

    def _write(self, text: str, spot: tuple[float, float], anchor: str) -> None:
        font = font_for(text, 14)
        if font is not None:
            ImageDraw.Draw(self.image).text(spot, text, _INK, font, anchor=anchor)
