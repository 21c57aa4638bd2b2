"""Text that is read in a picture by a network of its own: RapidOCR, whose models come in its wheel, so that nothing is fetched.

What comes back are lines of text with their places, as findings that say who found them (`found_by` is `ocr`). A network of
this kind finds letters of ten pixels and more; a picture that is larger than it is shown is read in tiles as well, so that
small print in it stays as large as it is.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from backend.errors import SightlineError
from backend.extras import need
from backend.language import _
from backend.media.images import as_image
from backend.sanitise import one_line
from backend.scene import Box, Corners, Picture

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]

Quad = Sequence[tuple[float, float]]
"""Four corners around a line, in pixels of the upright original."""

LEAST_SCORE = 0.5
"""Mean certainty of a line's characters below which it is not kept."""
TILE = 1600
"""Longer side of what is read at once, pixels; the detector reduces what is larger than 2000."""
_LEAST_LIKELY = 0.3
"""Mean likelihood of a place from which it is read at all. Less than RapidOCR has by itself (0.5): a short word that is
alone in a large picture is found with 0.3 and then read with certainty, and what is no text fails `LEAST_SCORE`."""
OVERLAP = 0.2
"""Share of a tile that the next one repeats, so that a line which one of them cuts is whole in another."""
MOST_TILES = 24
"""Of one picture; beyond that tiles grow, and are reduced."""
_MOST_SIDE = 2000
"""Pixels to which a longer side is reduced: the reader's own limit, kept before it copies."""
_NARROWEST = 48
"""Pixels to which what is narrower is widened: the detector cannot read a strip of two rows."""
_MOST_SHAPE = 3
"""Longer by shorter side, beyond which the shorter one is widened: the detector enlarges the shorter side to 736 pixels, be
the longer one what it may, so that a strip of 3 × 200 would take it minutes."""
_SAME = 0.5
"""Share of the smaller of two lines that lies in the other, from which they are one."""
_UPRIGHT = 3.0
"""Degrees of tilt that are not worth telling."""
_LONGEST = 400
"""Characters of a line that are kept."""


class ReaderFailure(SightlineError):
    """The text reader failed on a picture. Exit code 5."""


class WordReader:
    """The networks, loaded. Safe to use from several threads, one after the other."""

    def __init__(self, *, threads: int = 0) -> None:
        """`threads`: of the CPU, 0 as many as there are. Raises MissingExtra without RapidOCR or ONNX Runtime."""
        need("onnxruntime", extra="ocr", to=_("read text in pictures"))
        need("rapidocr", extra="ocr", to=_("read text in pictures"))
        from rapidocr import RapidOCR

        settings = {"Global.log_level": "critical", "Global.text_score": LEAST_SCORE, "Det.box_thresh": _LEAST_LIKELY}
        if threads:
            settings["EngineConfig.onnxruntime.intra_op_num_threads"] = threads
        self._reader = RapidOCR(params=settings)
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)  # what is found, or not, is ours to say
        self._lock = threading.Lock()

    def read(self, picture: Picture) -> tuple[Box, ...]:
        """The lines of text in a picture, from top to bottom: places in pixels of the upright original, the text as their
        label, made safe to show, and how sure the reader is as their confidence. A line that is tilted has its angle in
        degrees, clockwise, among its attributes. Ids are `w1`, `w2`, …

        Raises ReaderFailure.
        """
        import numpy as np

        image = as_image(picture)
        across, down = picture.width / image.width, picture.height / image.height
        lines: list[tuple[Box, Quad]] = []
        for left, top, right, bottom in _tiles(*image.size):
            part = image.crop((left, top, right, bottom))
            shrunk = max(1.0, max(part.size) / _MOST_SIDE)
            if shrunk > 1:
                part = part.resize((max(1, round(part.width / shrunk)), max(1, round(part.height / shrunk))))
            pixels = np.asarray(part)[:, :, ::-1]  # the networks learnt blue first
            least = max(_NARROWEST, math.ceil(max(part.size) / _MOST_SHAPE))
            missing = [(0, max(0, least - side)) for side in pixels.shape[:2]]
            pixels = np.ascontiguousarray(np.pad(pixels, (*missing, (0, 0)), mode="edge"))
            wider, higher = (right - left) / part.width, (bottom - top) / part.height
            for corners, text, score in self._lines(pixels):
                placed = [((x * wider + left) * across, (y * higher + top) * down) for x, y in corners]
                line = _line(placed, text, score).clamped(picture.width, picture.height)
                lines.append((line, placed))
        kept = sorted(_once(lines), key=_reading_order)
        return tuple(_numbered(kept))

    def _lines(self, pixels: Pixels) -> Iterator[tuple[list[tuple[float, float]], str, float]]:
        """Corners, text and certainty of each line in these pixels."""
        try:
            with self._lock:
                found: Any = self._reader(pixels)
        except Exception as error:  # three libraries, each with errors of its own
            reason = one_line(f"{type(error).__name__}: {error}", 200)
            raise ReaderFailure(
                _("the text reader failed: {reason}").format(reason=reason), cure=_("give another picture, or do without it")
            ) from error
        if found.boxes is None or found.txts is None:
            return
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            if text.strip():
                yield [(float(x), float(y)) for x, y in corners], text, float(score)


def _tiles(width: int, height: int) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of what is read at once: the whole, and of a large picture its parts."""
    whole = (0, 0, width, height)
    if max(width, height) <= TILE:
        return [whole]
    side = TILE
    while len(_starts(width, side)) * len(_starts(height, side)) > MOST_TILES:
        side = round(side * 1.25)
    parts = [(x, y, min(x + side, width), min(y + side, height)) for y in _starts(height, side) for x in _starts(width, side)]
    return [whole, *parts] if len(parts) > 1 else [whole]


def _starts(length: int, side: int) -> list[int]:
    """Where tiles begin, so that they cover a length and repeat each other's edges."""
    if length <= side:
        return [0]
    count = math.ceil((length - side) / (side * (1 - OVERLAP))) + 1
    return [round(n * (length - side) / (count - 1)) for n in range(count)]


def _line(corners: Sequence[tuple[float, float]], text: str, score: float) -> Box:
    xs, ys = [x for x, __ in corners], [y for __, y in corners]
    tilt = math.degrees(math.atan2(corners[1][1] - corners[0][1], corners[1][0] - corners[0][0]))
    turned = (("angle", round(tilt, 1)),) if abs(tilt) > _UPRIGHT else ()
    label = one_line(text.strip(), _LONGEST)
    return Box(min(xs), min(ys), max(xs), max(ys), label, confidence=score, attributes=turned, found_by="ocr")


def _once(lines: Iterable[tuple[Box, Quad]]) -> list[Box]:
    """Lines that were read in several tiles, once: as it was read whole, which is where most of it was seen."""
    kept: list[tuple[Box, Quad]] = []
    for line, quad in sorted(lines, key=lambda read: (-len(read[0].label), -(read[0].confidence or 0.0))):
        if not any(_is_within(line.corners, other.corners) and _meet(quad, around) for other, around in kept):
            kept.append((line, quad))
    return [line for line, __ in kept]


def _meet(quad: Quad, other: Quad) -> bool:
    """Whether the middle of one lies in the other. The rectangle around a tilted line holds much that is beside the line."""
    return _holds(other, _middle(quad)) or _holds(quad, _middle(other))


def _middle(quad: Quad) -> tuple[float, float]:
    return sum(x for x, __ in quad) / len(quad), sum(y for __, y in quad) / len(quad)


def _holds(quad: Quad, point: tuple[float, float]) -> bool:
    """Whether a point lies in a convex quadrilateral: on the same side of all its edges."""
    x, y = point
    sides = [(bx - ax) * (y - ay) - (by - ay) * (x - ax) for (ax, ay), (bx, by) in zip(quad, (*quad[1:], quad[0]), strict=True)]
    return min(sides) >= 0 or max(sides) <= 0


def _is_within(line: Corners, other: Corners) -> bool:
    across = min(line[2], other[2]) - max(line[0], other[0])
    down = min(line[3], other[3]) - max(line[1], other[1])
    area = min((box[2] - box[0]) * (box[3] - box[1]) for box in (line, other))
    return across > 0 and down > 0 and across * down > _SAME * area


def _reading_order(line: Box) -> tuple[float, float]:
    """From top to bottom; what lies beside each other, within half a line, from left to right."""
    step = max(line.height / 2, 1.0)
    return round(line.centre[1] / step) * step, line.x1


def _numbered(lines: Iterable[Box]) -> Iterator[Box]:
    for number, line in enumerate(lines, 1):
        yield replace(line, id=f"w{number}")
