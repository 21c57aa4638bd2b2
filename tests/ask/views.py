"""Views onto blank pictures, for tests that need a frame and no pixels."""

from __future__ import annotations

from backend.scene import Picture, Units, View


def blank_view(
    width: int = 1000, height: int = 1000, units: Units = Units.REL1000, raster: tuple[int, int] | None = None
) -> View:
    picture = Picture("blank.png", width, height, b"", "0" * 64)
    across, down = raster or (width, height)
    return View(picture, picture.whole(), across, down, units)
