"""Where labels go: beside their finding, inside the picture, and over as little as possible of each other and of the findings.

Every label has a handful of places around its anchor. They are tried in the order in which people look for a label, and
the one that hides least is taken; hiding another label counts far more than hiding a part of another finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from backend.export.palette import CASING, Rgb, ink_on
from backend.export.strokes import Rect

_LABEL_WEIGHT = 20.0
"""How much worse it is to hide a pixel of a label than one inside another finding."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text that belongs to an anchor: the box of a finding, or the spot of a point."""

    text: str
    font: FreeTypeFont
    colour: Rgb
    anchor: Rect


def draw_labels(image: Image.Image, labels: Sequence[Label]) -> None:
    """Place and draw every label that the picture has room for."""
    for label, chip in arranged(labels, image.size):
        _draw_chip(image, label, chip)


def arranged(labels: Sequence[Label], picture: tuple[int, int]) -> list[tuple[Label, Rect]]:
    """Every label that a picture of that size has room for, with its place.

    Small findings, having the least choice, go first. Once labels would cover more than the whole picture, a further one
    could only hide others.
    """
    anchors = np.array([label.anchor for label in labels], dtype=float).reshape(-1, 4)
    placed: list[tuple[Label, Rect]] = []
    room = float(picture[0] * picture[1])
    for label in sorted(labels, key=lambda label: _area(label.anchor)):
        size = _chip_size(label)
        if size[0] <= picture[0] and size[1] <= picture[1] and size[0] * size[1] <= room:
            taken = np.array([chip for _, chip in placed], dtype=float).reshape(-1, 4)
            hidden = partial(_hidden, taken=taken, anchors=anchors)
            placed.append((label, min(_places(label.anchor, size, picture), key=hidden)))
            room -= size[0] * size[1]
    return placed


def shortened(text: str, font: FreeTypeFont, width: float) -> str:
    """`text`, cut with an ellipsis so that its chip fits into `width` pixels."""
    width -= 2 * margin(font) + 1
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text}…" if text else ""


def margin(font: FreeTypeFont) -> int:
    """Space around the text of a chip, pixels."""
    return max(2, round(font.size / 5))


def _chip_size(label: Label) -> tuple[int, int]:
    ascent, descent = label.font.getmetrics()
    space = margin(label.font)
    return round(label.font.getlength(label.text)) + 2 * space + 1, ascent + descent + space


def _places(anchor: Rect, size: tuple[int, int], picture: tuple[int, int]) -> Iterator[Rect]:
    """Places for a chip, best first, each moved into the picture."""
    left, top, right, bottom = anchor
    width, height = size
    corners = (
        (left, top - height),  # above, flush left: where most programs put it
        (right - width, top - height),
        (left, bottom),
        (right - width, bottom),
        (left, top),  # inside
        (right - width, top),
        (left, bottom - height),
        (right - width, bottom - height),
        (right, top),  # beside
        (left - width, top),
        (right, bottom - height),
        (left - width, bottom - height),
        ((left + right - width) / 2, (top + bottom - height) / 2),
    )
    for x, y in corners:
        moved_x, moved_y = min(max(0, round(x)), picture[0] - width), min(max(0, round(y)), picture[1] - height)
        yield moved_x, moved_y, moved_x + width, moved_y + height


def _hidden(place: Rect, taken: NDArray[np.float64], anchors: NDArray[np.float64]) -> float:
    """What a chip at `place` would cover, in pixels weighed by how much they are missed: the smaller a finding, the more."""
    labels = float(_overlaps(place, taken).sum())
    inner = (place[0] + 1, place[1] + 1, place[2] - 1, place[3] - 1)  # chips lie on whole pixels: touching is not covering
    findings = float((_overlaps(inner, anchors) / np.maximum(1.0, _areas(anchors))).sum())
    return labels * _LABEL_WEIGHT + findings * _area(place)


def _draw_chip(image: Image.Image, label: Label, chip: Rect) -> None:
    left, top, right, bottom = chip
    canvas = ImageDraw.Draw(image)
    canvas.rectangle(
        (left, top, right - 1, bottom - 1), fill=label.colour, outline=CASING, width=max(1, margin(label.font) // 3)
    )
    ascent, descent = label.font.getmetrics()
    baseline = top + (bottom - top - ascent - descent) / 2 + ascent
    canvas.text((left + margin(label.font), baseline), label.text, ink_on(label.colour), label.font, anchor="ls")


def _area(rect: Rect) -> float:
    return max(0.0, rect[2] - rect[0]) * max(0.0, rect[3] - rect[1])


def _areas(rects: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of rows of left, top, right, bottom."""
    across, down = rects[:, 2] - rects[:, 0], rects[:, 3] - rects[:, 1]
    areas: NDArray[np.float64] = np.maximum(0.0, across) * np.maximum(0.0, down)
    return areas


def _overlaps(rect: Rect, others: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many pixels each of the others shares with it."""
    return _areas(np.concatenate((np.maximum(others[:, :2], rect[:2]), np.minimum(others[:, 2:], rect[2:])), axis=1))
