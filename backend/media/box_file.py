"""Boxes found frame by frame by whatever found them: a JSON file in the place of a model.

    {"width": 384, "height": 288, "frames": [
      {"time": 0.0, "boxes": [{"label": "red circle", "bbox": [10, 20, 60, 70], "confidence": 0.9}]}]}

Times are seconds, boxes x1, y1, x2, y2 in pixels; size and confidence may be missing. The truth.json of drawn films is one as
well: it holds such an object for each film, and `things` with a `name`, of which those that are not `visible` are left out.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from backend.errors import UsageError
from backend.language import _
from backend.sanitise import one_line, quoted
from backend.scene import Box

_MOST_BYTES = 256 * 2**20


class BoxFileError(UsageError):
    """A file of boxes that cannot be read, or says something that is no box; names the file. Exit code 2."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            _("{path} is no file of boxes: {reason}").format(path=quoted(path), reason=_(reason)),
            cure=_('write {"frames": [{"time": 0.0, "boxes": [{"label": "cup", "bbox": [x1, y1, x2, y2]}]}]}'),
        )


@dataclass(frozen=True, slots=True)
class FoundThen:
    """What was found in one frame."""

    time: float
    """Seconds."""
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class BoxFile:
    """All frames, in the order of time."""

    frames: tuple[FoundThen, ...]
    size: tuple[int, int] | None
    """Width and height of the pictures, pixels; None where it does not tell."""

    @property
    def fps(self) -> float | None:
        """Frames a second on average; None of a single one."""
        span = self.frames[-1].time - self.frames[0].time
        return (len(self.frames) - 1) / span if span > 0 else None


def read_boxes(path: Path, source: str) -> BoxFile:
    """The boxes of the film or folder of that name. Raises BoxFileError."""
    told = _loaded(path)
    if "frames" not in told:
        if source not in told:
            raise BoxFileError(path, _("it has neither frames nor an entry for {source}").format(source=quoted(source)))
        entry = told[source]
        told = entry if isinstance(entry, dict) else {}
    frames = told.get("frames")
    if not isinstance(frames, list) or not frames:
        raise BoxFileError(path, _("it holds no frame"))
    found = sorted((_frame(path, number, frame) for number, frame in enumerate(frames, 1)), key=lambda frame: frame.time)
    for before, after in pairwise(found):
        if before.time == after.time:
            raise BoxFileError(path, _("two of its frames have the time {time:g} s").format(time=after.time))
    return BoxFile(tuple(found), _size(path, told))


def _loaded(path: Path) -> dict[str, object]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BoxFileError(path, _("it is too large"))
        told = json.loads(path.read_bytes())
    except OSError as error:
        raise BoxFileError(path, error.strerror or one_line(str(error), 120)) from None
    except (ValueError, RecursionError) as error:
        raise BoxFileError(path, _("it is not JSON ({error})").format(error=one_line(str(error), 80))) from None
    if not isinstance(told, dict):
        raise BoxFileError(path, _("it is no JSON object"))
    return told


def _size(path: Path, told: dict[str, object]) -> tuple[int, int] | None:
    width, height = told.get("width"), told.get("height")
    if width is None and height is None:
        return None
    if not all(isinstance(side, int) and not isinstance(side, bool) and side > 0 for side in (width, height)):
        raise BoxFileError(path, _("its width and height are no size of a picture"))
    assert isinstance(width, int)
    assert isinstance(height, int)
    return width, height


def _frame(path: Path, number: int, frame: object) -> FoundThen:
    if not isinstance(frame, dict) or not _is_number(frame.get("time")):
        raise BoxFileError(path, _("frame {number} has no time in seconds").format(number=number))
    listed = frame.get("boxes", frame.get("things"))
    if not isinstance(listed, list):
        raise BoxFileError(path, _("frame {number} has no list of boxes").format(number=number))
    return FoundThen(
        float(frame["time"]),
        tuple(_box(path, number, one) for one in listed if not (isinstance(one, dict) and one.get("visible") is False)),
    )


def _box(path: Path, number: int, told: object) -> Box:
    if not isinstance(told, dict):
        raise BoxFileError(path, _("frame {number} lists something that is no box").format(number=number))
    corners, label, sure = told.get("bbox"), told.get("label", told.get("name", "")), told.get("confidence")
    if not isinstance(corners, list) or len(corners) != 4 or not all(map(_is_number, corners)):
        raise BoxFileError(path, _("a box of frame {number} has no four numbers x1, y1, x2, y2").format(number=number))
    if not isinstance(label, str) or not (sure is None or _is_number(sure)):
        raise BoxFileError(path, _("a box of frame {number} has a label or a confidence that is none").format(number=number))
    (xa, xb), (ya, yb) = sorted(corners[0::2]), sorted(corners[1::2])
    return Box(xa, ya, xb, yb, label, confidence=None if sure is None else float(sure))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
