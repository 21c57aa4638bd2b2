"""A pinhole camera: X right, Y down, Z forward, one focal length in pixels, no distortion.

Nothing in a picture states its focal length for certain; where neither EXIF nor the user gives one, 60° across is
assumed (SPATIAL.md), which is between a phone's main lens (about 70°) and a normal lens (about 40°).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

FILM_DIAGONAL = math.hypot(36, 24)
"""Of the 35 mm frame that EXIF's equivalent focal length refers to, millimetres (CIPA DCG-001 compares diagonals)."""
USUAL_HFOV = 60.0
"""Degrees across, when nothing better is known."""

Vector = tuple[float, float, float]
"""Metres in the camera frame."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Intrinsics for a picture of `width` × `height` pixels; `focal`, `cx`, `cy` in pixels of the upright original."""

    width: float
    height: float
    focal: float
    cx: float
    cy: float

    @classmethod
    def from_hfov(cls, width: float, height: float, degrees: float = USUAL_HFOV) -> Self:
        """From the horizontal field of view: f = W / (2 · tan(hfov / 2)); principal point at the centre."""
        if not 0 < degrees < 180:
            raise ValueError(f"a field of view lies between 0° and 180°, not at {degrees}°")
        return cls(width, height, width / (2 * math.tan(math.radians(degrees) / 2)), width / 2, height / 2)

    @classmethod
    def from_exif35(cls, f35: float, width: float, height: float) -> Self:
        """From EXIF's FocalLengthIn35mmFilm (millimetres): f = f35 · √(W² + H²) / 43.27."""
        if not f35 > 0:
            raise ValueError(f"a focal length is positive, not {f35} mm")
        return cls(width, height, f35 * math.hypot(width, height) / FILM_DIAGONAL, width / 2, height / 2)

    @property
    def hfov(self) -> float:
        """Horizontal field of view in degrees, of a centred principal point."""
        return math.degrees(2 * math.atan(self.width / (2 * self.focal)))

    def project(self, point: Vector) -> tuple[float, float]:
        """Pixels at which a point in front of the camera (Z > 0) is seen; they may lie outside the picture."""
        x, y, z = point
        if z <= 0:
            raise ValueError(f"a point at Z = {z} is not in front of the camera")
        return self.cx + self.focal * x / z, self.cy + self.focal * y / z
