"""A decoded frame → a Picture: upright, square pixels, RGB, no larger than wanted, in one conversion."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from backend.errors import UnreadableFilm
from backend.language import _
from backend.scene import Picture
from backend.scene.moments import stamp

if TYPE_CHECKING:
    from pathlib import Path

    from av.video.frame import VideoFrame
    from PIL.Image import Transpose

    from backend.media.film.info import FilmInfo

_HD_LINES = 720
"""From so many lines on a film that does not name its colour matrix is taken for BT.709, below for BT.601: what players do."""
_UNSPECIFIED = 2
_ONE = 1 << 16
"""1.0 in the fixed point of a display matrix."""

Turn = tuple[int, int, int, int]
"""Signs of the display matrix's a, b, c, d: (x, y) is shown at (a·x + c·y, b·x + d·y)."""

UPRIGHT: Turn = (1, 0, 0, 1)
_ROTATIONS: dict[Turn, tuple[int, bool]] = {
    UPRIGHT: (0, False),
    (0, 1, -1, 0): (90, False),
    (-1, 0, 0, -1): (180, False),
    (0, -1, 1, 0): (270, False),
    (-1, 0, 0, 1): (0, True),
    (1, 0, 0, -1): (180, True),
    (0, 1, 1, 0): (90, True),
    (0, -1, -1, 0): (270, True),
}
"""Degrees clockwise, and whether mirrored left to right after it."""


def turn(frame: VideoFrame) -> Turn:
    """How the film says that this frame is to be turned; upright for a turn by anything but quarters."""
    import numpy as np
    from av.sidedata.sidedata import Type

    held: Any = frame.side_data  # PyAV's own types call it a mapping of strings
    said = next((data for data in held if data.type is Type.DISPLAYMATRIX), None)
    if said is None:
        return UPRIGHT
    a, b, __, c, d = np.frombuffer(bytes(said), "<i4")[:5]
    found = _signed(a), _signed(b), _signed(c), _signed(d)
    return found if found in _ROTATIONS else UPRIGHT


def rotation(turned: Turn) -> tuple[int, bool]:
    """Degrees clockwise, and whether mirrored left to right after it."""
    return _ROTATIONS[turned]


def picture(frame: VideoFrame, time: float, info: FilmInfo, path: Path | None, turned: Turn, most_pixels: int) -> Picture:
    """The frame as a Picture whose pixels are reduced to `most_pixels` at most; coordinates stay those of the film.

    Raises UnreadableFilm where its colours cannot be converted.
    """
    import av
    from av.video.reformatter import Interpolation
    from PIL import Image

    reduced = min(1.0, (most_pixels / (info.width * info.height)) ** 0.5)
    width, height = max(1, round(info.width * reduced)), max(1, round(info.height * reduced))
    lying = rotation(turned)[0] in (90, 270)
    across, down = (height, width) if lying else (width, height)
    exact = Interpolation.ACCURATE_RND | Interpolation.BITEXACT
    try:
        rgb = frame.reformat(
            across,
            down,
            "rgb24",
            src_colorspace=("ITU709" if frame.height >= _HD_LINES else "ITU601") if frame.colorspace == _UNSPECIFIED else None,
            interpolation=(Interpolation.AREA if across < frame.width else Interpolation.BICUBIC) | exact,
        )
    except av.FFmpegError as error:
        reason = _("its frame at {stamp} says of its colours what nobody can convert ({reason})").format(
            stamp=stamp(time), reason=error.strerror
        )
        raise UnreadableFilm(info.name, reason, cure=_("convert it to MP4 with H.264")) from error
    plane = rgb.planes[0]
    image = Image.frombuffer("RGB", (across, down), bytes(plane), "raw", "RGB", plane.line_size, 1)
    step = _transpose(turned)
    if step is not None:
        image = image.transpose(step)
    pixels = image.tobytes()
    stored = (width, height) if (width, height) != (info.width, info.height) else (0, 0)
    return Picture(
        name=f"{info.name}@{stamp(time)}",
        width=info.width,
        height=info.height,
        rgb=pixels,
        sha256=hashlib.sha256(b"%dx%d:" % (width, height) + pixels).hexdigest(),
        path=path,
        stored_width=stored[0],
        stored_height=stored[1],
        time=time,
    )


def _signed(value: int) -> int:
    return 0 if abs(value) < _ONE // 2 else 1 if value > 0 else -1


def _transpose(turned: Turn) -> Transpose | None:
    from PIL.Image import Transpose

    steps = {
        (0, 1, -1, 0): Transpose.ROTATE_270,  # Pillow counts against the clock
        (-1, 0, 0, -1): Transpose.ROTATE_180,
        (0, -1, 1, 0): Transpose.ROTATE_90,
        (-1, 0, 0, 1): Transpose.FLIP_LEFT_RIGHT,
        (1, 0, 0, -1): Transpose.FLIP_TOP_BOTTOM,
        (0, 1, 1, 0): Transpose.TRANSPOSE,
        (0, -1, -1, 0): Transpose.TRANSVERSE,
    }
    return steps.get(turned)
