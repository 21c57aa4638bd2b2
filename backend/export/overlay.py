"""A picture with its findings drawn in: boxes, rings around points, wireframes of solid boxes, and a label at each.

The colours and their order are the app's. Where no installed font can write a label (a Chinese one on a system without
Chinese fonts), the finding's id stands in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image

from backend.errors import UsageError
from backend.export.chips import Label, draw_labels, shortened
from backend.export.fonts import font_for
from backend.export.palette import Rgb, colour_for
from backend.export.saving import check_destination, save
from backend.export.strokes import Line, Pen, Rect, Spot, around, clipped, draw_lines, draw_rectangle, draw_ring
from backend.language import _
from backend.media.images import as_image
from backend.sanitise import one_line, quoted
from backend.scene import Box, Box3D, Finding, Picture, Point
from backend.spatial.box3d import wireframe
from backend.spatial.camera import Camera
from backend.spatial.known_camera import camera_of

__all__ = ["check_destination", "draw", "draw_on", "save_overlay"]

_LONGEST = 40
"""Characters of a label that are written at most."""
_RING = 3.5
"""Radius of the ring around a point, in widths of the line."""


def draw(
    picture: Picture, findings: Sequence[Finding], camera: Camera | None = None, places: Sequence[int] | None = None
) -> Image.Image:
    """The picture's stored pixels with `findings` on them; finding `i` has the palette's colour `i`, text that was read one of
    its own.

    `places`: where each of them stands in its answer, where these are some of it: the colours that they have there.
    `camera`: for solid boxes, in pixels of the upright original; if None what EXIF tells of it, else 60° across and centred.
    """
    image = as_image(picture)
    draw_on(image, (picture.width, picture.height), findings, camera or camera_of(picture).camera, places)
    return image


def draw_on(
    image: Image.Image,
    size: tuple[int, int],
    findings: Sequence[Finding],
    camera: Camera,
    places: Sequence[int] | None = None,
) -> None:
    """The same on any image that shows the whole of an upright original of that `size` (pixels)."""

    def at(x: float, y: float) -> Spot:
        return x * image.width / size[0], y * image.height / size[1]  # fewer pixels where it is very large

    numbered = list(enumerate(findings) if places is None else zip(places, findings, strict=True))
    Marks(image, at, size, camera, Pen.for_picture(*image.size)).draw(numbered)


def save_overlay(path: str | Path, picture: Picture, findings: Sequence[Finding], camera: Camera | None = None) -> None:
    """Draw and write, in the format of the suffix. Raises UsageError or NotSaved; the picture itself is never replaced."""
    path = Path(path)
    check_destination(path)
    if picture.path is not None and path.exists() and picture.path.exists() and path.samefile(picture.path):
        raise UsageError(
            _("{path} is the picture itself, which would be lost").format(path=quoted(path)), cure=_("save under another name")
        )
    save(draw(picture, findings, camera), path)


@dataclass(frozen=True, slots=True)
class Marks:
    """The pixels that findings are drawn on, and how the original's coordinates fall on them."""

    image: Image.Image
    at: Callable[[float, float], Spot]
    """Pixels of the upright original → pixels of the drawing, which may lie outside it where only a part is drawn."""
    size: tuple[int, int]
    """Width and height of the original."""
    camera: Camera
    pen: Pen
    numbered: bool = False
    """Whether every label begins with the finding's number, counted from 1, as the app's table has it."""
    unwritten: list[int] = field(default_factory=list)
    """Of these numbered findings no font here has the label: nothing is written at them, and somebody else has to."""

    def draw(self, findings: Sequence[tuple[int, Finding]]) -> None:
        """Findings with their places in the answer, which give colour and number; then a label at each that is seen."""
        repeated = Counter(finding.label for _, finding in findings)
        labels = []
        for index, finding in findings:
            anchor = self._outline(finding, colour_for(index, finding))
            if anchor is not None and self._is_seen(anchor):
                labels.append(self._label(index, finding, anchor, named_apart=repeated[finding.label] > 1))
        draw_labels(self.image, [label for label in labels if label is not None])

    def spotlight(self, findings: Sequence[Finding]) -> None:
        """Darken everything but these."""
        lit = [self._around(finding) for finding in findings]
        kept = [(rect, self.image.crop(rect)) for rect in map(self._whole_pixels, lit) if rect is not None]
        self.image.paste(self.image.point(lambda value: value // 2))
        for rect, part in kept:
            self.image.paste(part, rect)

    def bolder(self) -> Marks:
        """The same with half as wide again a line."""
        return replace(self, pen=replace(self.pen, line=round(self.pen.line * 1.5)))

    def _outline(self, finding: Finding, colour: Rgb) -> Rect | None:
        """Draw one finding; returns what its label is put beside, or None where nothing of it is in the picture."""
        match finding:
            case Box():
                rect = self._around(finding)
                assert rect is not None
                draw_rectangle(self.image, rect, self.pen, colour)
                return rect
            case Point():
                rect = self._around(finding)
                draw_ring(self.image, self.at(finding.x, finding.y), _RING * self.pen.line, self.pen, colour)
                return rect
            case Box3D():
                return draw_lines(self.image, self._edges(finding), self.pen, colour)

    def _around(self, finding: Finding) -> Rect | None:
        """Left, top, right, bottom of a finding in pixels of the drawing."""
        match finding:
            case Box():
                seen = finding.clamped(*self.size)
                return *self.at(seen.x1, seen.y1), *self.at(seen.x2, seen.y2)
            case Point():
                (x, y), radius = self.at(finding.x, finding.y), _RING * self.pen.line
                return x - radius, y - radius, x + radius, y + radius
            case Box3D():
                return around([end for line in self._edges(finding) for end in line])

    def _edges(self, finding: Box3D) -> list[Line]:
        lines = [(self.at(*start), self.at(*end)) for start, end in wireframe(finding, self.camera)]
        return [cut for line in lines if (cut := clipped(line, *self.image.size)) is not None]

    def _is_seen(self, rect: Rect) -> bool:
        return rect[0] <= self.image.width and rect[1] <= self.image.height and rect[2] >= 0 and rect[3] >= 0

    def _whole_pixels(self, rect: Rect | None) -> tuple[int, int, int, int] | None:
        """The part of a rectangle that lies in the drawing; None where nothing does."""
        if rect is None or not self._is_seen(rect):
            return None
        left, top = max(0, round(rect[0])), max(0, round(rect[1]))
        right, bottom = min(self.image.width, round(rect[2])), min(self.image.height, round(rect[3]))
        return (left, top, right, bottom) if left < right and top < bottom else None

    def _label(self, index: int, finding: Finding, anchor: Rect, *, named_apart: bool) -> Label | None:
        """What is written at a finding: its label, with the id where others have the same one; the id where no font has it."""
        name, number = one_line(finding.label, _LONGEST), one_line(finding.id, _LONGEST) or str(index + 1)
        texts: tuple[str, ...]
        if self.numbered:
            texts = (f"{index + 1} {name}".strip(),)
        else:
            texts = (f"{name} {number}".strip() if named_apart else name, number)
        for text in texts:
            if text and (font := font_for(text, self.pen.text)) is not None:
                fitting = shortened(text, font, self.image.width)
                return Label(fitting, font, colour_for(index, finding), anchor) if fitting else None
        self.unwritten.append(index)
        return None
