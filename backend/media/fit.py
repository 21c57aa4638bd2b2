"""Which raster a window becomes: as many 32×32 cells as the budget allows, as near to its aspect as they can be.

Stretched to exact multiples of 32 with Pillow's BICUBIC, never letterboxed: llama.cpp then leaves the pixels alone and
0…1000 of the answer is linear in the window. Small windows are enlarged to the budget too; a model grounds better on
more tokens, even interpolated ones. The demo model was trained under exactly this rule.
"""

from __future__ import annotations

import math

from backend.language import _
from backend.media.images import as_image
from backend.scene import Picture, Raster, Units, View, Window

CELL = 32
"""Side in pixels of the square that one image token covers."""


def plan(picture: Picture, window: Window | None, max_tokens: int, min_tokens: int = 1, units: Units = Units.REL1000) -> View:
    """How `window` (the whole picture if None; pixels of the upright original) is shown within a budget of image tokens."""
    if not 1 <= min_tokens <= max_tokens:
        raise ValueError(
            _("an image token budget needs 1 ≤ min ≤ max, not {min_tokens} … {max_tokens}").format(
                min_tokens=min_tokens, max_tokens=max_tokens
            )
        )
    seen = picture.whole() if window is None else _inside(window, picture)
    columns, rows = grid(seen.width, seen.height, max_tokens, min_tokens)
    return View(picture, seen, columns * CELL, rows * CELL, units)


def grid(width: float, height: float, max_tokens: int, min_tokens: int = 1) -> tuple[int, int]:
    """Columns and rows of cells: the nearest to `width`:`height` with at most `max_tokens` cells."""
    per_pixel = math.sqrt(max_tokens / (width * height))
    columns, rows = max(1, round(width * per_pixel)), max(1, round(height * per_pixel))
    aspect = width / height
    while columns * rows > max_tokens:
        columns, rows = min(_fewer(columns, rows), key=lambda cells: _distortion(cells, aspect))
    while columns * rows < min_tokens:
        larger = [cells for cells in ((columns + 1, rows), (columns, rows + 1)) if cells[0] * cells[1] <= max_tokens]
        if not larger:
            break
        columns, rows = min(larger, key=lambda cells: _distortion(cells, aspect))
    return columns, rows


def raster(view: View) -> Raster:
    """The pixels that the model is given: the view's window, cropped and stretched in one resampling, and mirrored if it is."""
    later = b"" if view.picture.later is None else _pixels(view.picture.later, view)
    return Raster(view.raster_width, view.raster_height, _pixels(view.picture, view), later)


def _pixels(picture: Picture, view: View) -> bytes:
    """What the view shows of a picture, be it its own or the frame that is merged with that."""
    stored_width, stored_height = picture.stored_size
    across, down = stored_width / picture.width, stored_height / picture.height
    window = view.window
    box = (
        window.left * across,
        window.top * down,
        min((window.left + window.width) * across, stored_width),
        min((window.top + window.height) * down, stored_height),
    )
    image = as_image(picture)
    size = (view.raster_width, view.raster_height)
    if size != image.size or box != (0, 0, *image.size):
        from PIL import Image

        image = image.resize(size, Image.Resampling.BICUBIC, box=box)
    if view.mirrored:
        from PIL import ImageOps

        image = ImageOps.mirror(image)
    return image.tobytes()


def _fewer(columns: int, rows: int) -> list[tuple[int, int]]:
    """The grid with one column less, and with one row less; neither side ever falls below one cell."""
    return [cells for cells in ((columns - 1, rows), (columns, rows - 1)) if min(cells) >= 1]


def _distortion(cells: tuple[int, int], aspect: float) -> float:
    """How far a grid's aspect is from the wanted one, as a ratio's logarithm; 0 is undistorted."""
    return abs(math.log(cells[0] / cells[1] / aspect))


def _inside(window: Window, picture: Picture) -> Window:
    """The part of `window` that lies in the picture."""
    left, top = max(0.0, window.left), max(0.0, window.top)
    right = min(float(picture.width), window.left + window.width)
    bottom = min(float(picture.height), window.top + window.height)
    if right <= left or bottom <= top:
        raise ValueError(
            _("{window} shows nothing of a picture of {width}×{height}").format(
                window=window, width=picture.width, height=picture.height
            )
        )
    return Window(left, top, right - left, bottom - top)
