"""A picture with its findings drawn in: boxes, rings around points, wireframes of solid boxes, and a label at each.

The colours and their order are the app's. Where no installed font can write a label (a Chinese one on a system without
Chinese fonts), the finding's id stands in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from PIL import Image

from backend.errors import UsageError
from backend.export.chips import Label, draw_labels, shortened
from backend.export.fonts import font_for
from backend.export.palette import Rgb, colour_for
from backend.export.saving import check_destination, save
from backend.export.strokes import Pen, Rect, draw_lines, draw_rectangle, draw_ring
from backend.media.images import as_image
from backend.sanitise import one_line, quoted
from backend.scene import Box, Box3D, Finding, Picture, Point
from backend.spatial.box3d import wireframe
from backend.spatial.camera import Camera
from backend.spatial.known_camera import camera_of

__all__ = ["check_destination", "draw", "save_overlay"]

_LONGEST = 40
"""Characters of a label that are written at most."""


def draw(picture: Picture, findings: Sequence[Finding], camera: Camera | None = None) -> Image.Image:
    """The picture's stored pixels with `findings` on them; finding `i` has the palette's colour `i`, text that was read one of
    its own.

    `camera`: for solid boxes, in pixels of the upright original; if None what EXIF tells of it, else 60° across and centred.
    """
    sheet = _Sheet.for_picture(picture, camera or camera_of(picture).camera)
    repeated = Counter(finding.label for finding in findings)
    labels = []
    for index, finding in enumerate(findings):
        anchor = sheet.draw(finding, colour_for(index, finding))
        if anchor is not None:
            labels.append(sheet.label(index, finding, anchor, named_apart=repeated[finding.label] > 1))
    draw_labels(sheet.image, [label for label in labels if label is not None])
    return sheet.image


def save_overlay(path: str | Path, picture: Picture, findings: Sequence[Finding], camera: Camera | None = None) -> None:
    """Draw and write, in the format of the suffix. Raises UsageError or NotSaved; the picture itself is never replaced."""
    path = Path(path)
    check_destination(path)
    if picture.path is not None and path.exists() and picture.path.exists() and path.samefile(picture.path):
        raise UsageError(f"{quoted(path)} is the picture itself, which would be lost", cure="save under another name")
    save(draw(picture, findings, camera), path)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The pixels that are drawn on, and how the original's coordinates fall on them."""

    image: Image.Image
    width: int
    height: int
    camera: Camera
    pen: Pen

    @classmethod
    def for_picture(cls, picture: Picture, camera: Camera) -> Self:
        image = as_image(picture)
        return cls(image, picture.width, picture.height, camera, Pen.for_picture(*image.size))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of the original → pixels of the drawing, which are fewer where the picture is very large."""
        return x * self.image.width / self.width, y * self.image.height / self.height

    def draw(self, finding: Finding, colour: Rgb) -> Rect | None:
        """Draw one finding; returns what its label is put beside, or None where nothing of it is in the picture."""
        match finding:
            case Box():
                seen = finding.clamped(self.width, self.height)
                rect = (*self.at(seen.x1, seen.y1), *self.at(seen.x2, seen.y2))
                draw_rectangle(self.image, rect, self.pen, colour)
                return rect
            case Point():
                x, y = self.at(finding.x, finding.y)
                radius = 3.5 * self.pen.line
                draw_ring(self.image, (x, y), radius, self.pen, colour)
                return x - radius, y - radius, x + radius, y + radius
            case Box3D():
                lines = [(self.at(*start), self.at(*end)) for start, end in wireframe(finding, self.camera)]
                return draw_lines(self.image, lines, self.pen, colour)

    def label(self, index: int, finding: Finding, anchor: Rect, *, named_apart: bool) -> Label | None:
        """What is written at a finding: its label, with the id where others have the same one; the id where no font has it."""
        name, number = one_line(finding.label, _LONGEST), one_line(finding.id, _LONGEST) or str(index + 1)
        for text in (f"{name} {number}".strip() if named_apart else name, number):
            if text and (font := font_for(text, self.pen.text)) is not None:
                fitting = shortened(text, font, self.image.width)
                return Label(fitting, font, colour_for(index, finding), anchor) if fitting else None
        return None
