"""A camera: X right, Y down, Z forward, its focal length in pixels, and what its lens bends where that was calibrated.

Nothing in a picture states its focal length for certain; where neither its file nor the user gives one, 60° across is
assumed (SPATIAL.md), which is between a phone's main lens (about 70°) and a normal lens (about 40°). Pictures stay as they
were taken: it is the points of the camera frame that a lens bends on their way into them, so that everything which is drawn or
measured there stays in pixels of the upright original.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Self

from backend.language import _
from backend.scene import Calibration, Distortion, Intrinsics, Window
from backend.scene.cameras import UNDISTORTED

FILM_DIAGONAL = math.hypot(36, 24)
"""Of the 35 mm frame that EXIF's equivalent focal length refers to, millimetres (CIPA DCG-001 compares diagonals)."""
USUAL_HFOV = 60.0
"""Degrees across, when nothing better is known."""

UNEVEN = 0.02
"""Share by which the two axes may be scaled differently: whole pixels round, but a stretched picture has two focal lengths."""

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
    aspect: float = 1.0
    """Focal length down, in units of `focal`."""
    distortion: Distortion = UNDISTORTED

    @classmethod
    def from_hfov(cls, width: float, height: float, degrees: float = USUAL_HFOV) -> Self:
        """From the horizontal field of view: f = W / (2 · tan(hfov / 2)); principal point at the centre."""
        if not 0 < degrees < 180:
            raise ValueError(_("a field of view lies between 0° and 180°, not at {degrees}°").format(degrees=degrees))
        return cls(width, height, width / (2 * math.tan(math.radians(degrees) / 2)), width / 2, height / 2)

    @classmethod
    def from_exif35(cls, f35: float, width: float, height: float) -> Self:
        """From EXIF's FocalLengthIn35mmFilm (millimetres): f = f35 · √(W² + H²) / 43.27."""
        if not (f35 > 0 and math.isfinite(f35)):
            raise ValueError(_("a focal length is positive, not {f35} mm").format(f35=f35))
        return cls(width, height, f35 * math.hypot(width, height) / FILM_DIAGONAL, width / 2, height / 2)

    @classmethod
    def of(cls, intrinsics: Intrinsics, width: float, height: float) -> Self:
        """The camera that an answer names, for its picture's size."""
        lens = intrinsics.distortion
        return cls(width, height, intrinsics.focal, intrinsics.cx, intrinsics.cy, intrinsics.aspect, lens)

    @classmethod
    def calibrated(cls, made: Calibration) -> Self:
        """From a calibration, which counts from the middle of the first pixel rather than from its corner."""
        aspect = made.fy / made.fx
        return cls(made.width, made.height, made.fx, made.cx + 0.5, made.cy + 0.5, aspect, made.distortion)

    @property
    def hfov(self) -> float:
        """Horizontal field of view in degrees: of a centred principal point, or through a calibrated lens from edge to edge."""
        if not self.distortion:
            return math.degrees(2 * math.atan(self.width / (2 * self.focal)))
        left, right = self.sides
        return math.degrees(math.atan(right) - math.atan(left))

    @property
    def vfov(self) -> float:
        """Vertical field of view in degrees."""
        return self.turned().hfov

    @property
    def sides(self) -> tuple[float, float]:
        """X at Z = 1 of the picture's left and right edge: −W/2f and W/2f where the principal point is in the middle."""
        left, right = -self.cx / self.focal, (self.width - self.cx) / self.focal
        return self.distortion.undistort(left, 0.0)[0], self.distortion.undistort(right, 0.0)[0]

    def refocused(self, focal: float) -> Self:
        """With another focal length, and everything else as it is."""
        return replace(self, focal=focal)

    def cropped(self, window: Window) -> Self:
        """For a part of the picture alone: the principal point moves, the focal length stays."""
        return replace(self, width=window.width, height=window.height, cx=self.cx - window.left, cy=self.cy - window.top)

    def resized(self, width: float, height: float) -> Self:
        """For the picture scaled to that size: everything scales. Raises ValueError where the axes scale differently."""
        across, down = width / self.width, height / self.height
        if abs(across - down) > UNEVEN * max(across, down):
            raise ValueError(
                _("{width:g}×{height:g} stretched to {width_2:g}×{height_2:g} has two focal lengths").format(
                    width=self.width, height=self.height, width_2=width, height_2=height
                )
            )
        return replace(
            self, width=width, height=height, focal=self.focal * (across + down) / 2, cx=self.cx * across, cy=self.cy * down
        )

    def turned(self, quarters: int = 1) -> Self:
        """For the picture turned clockwise by so many right angles: the axes are swapped, and what was left is on top."""
        if quarters % 4 == 0:
            return self
        once = replace(
            self,
            width=self.height,
            height=self.width,
            focal=self.focal * self.aspect,
            cx=self.height - self.cy,
            cy=self.cx,
            aspect=1 / self.aspect,
            distortion=self.distortion.turned(),
        )
        return once.turned(quarters % 4 - 1)

    def mirrored(self) -> Self:
        """For the picture with left and right exchanged."""
        return replace(self, cx=self.width - self.cx, distortion=self.distortion.mirrored())

    def project(self, point: Vector) -> tuple[float, float]:
        """Pixels at which a point in front of the camera (Z > 0) is seen; they may lie outside the picture."""
        x, y, z = point
        if z <= 0:
            raise ValueError(_("a point at Z = {z} is not in front of the camera").format(z=z))
        across, down = self.distortion.distort(x / z, y / z)
        return self.cx + self.focal * across, self.cy + self.focal * self.aspect * down

    def direction(self, across: float, down: float) -> tuple[float, float]:
        """X and Y at Z = 1 of what is seen at these pixels: the inverse of `project`."""
        return self.distortion.undistort((across - self.cx) / self.focal, (down - self.cy) / (self.focal * self.aspect))
