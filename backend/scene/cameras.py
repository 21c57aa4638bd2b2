"""Calibrated cameras: what a calibration file says, and how a lens bends what it shows.

Numbers are as OpenCV and ROS write them: x right, y down, and *the middle of the first pixel at 0*. The rest of the program
has the picture's corner at 0; `backend.spatial.camera` adds the half pixel, once. Sources of the lens models: Brown 1966 and
OpenCV's “Camera Calibration and 3D Reconstruction” (also its rational and thin prism terms), Kannala and Brandt 2006 (fisheye).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from backend.language import _

Row = tuple[float, float, float]
Matrix = tuple[Row, Row, Row]

STRETCHED = 0.02
"""Share by which the two sides may be scaled differently; whole pixels round."""
_STEEPEST = 87.5
"""Degrees from the axis up to which lenses are looked at; a pinhole's picture has no place for more than 90."""


class LensModel(StrEnum):
    """How coefficients are meant."""

    PINHOLE = "pinhole"
    """No distortion."""
    BROWN = "brown-conrady"
    """k1, k2, p1, p2[, k3]: OpenCV's usual ones, ROS's plumb_bob."""
    RATIONAL = "rational polynomial"
    """k1, k2, p1, p2, k3, k4, k5, k6[, s1, s2, s3, s4]."""
    FISHEYE = "fisheye"
    """k1, k2, k3, k4 of the angle from the axis: cv2.fisheye, ROS's equidistant."""


@dataclass(frozen=True, slots=True)
class Distortion:
    """What a lens does to X / Z and Y / Z before the focal length makes pixels of them.

    The polynomials hold where they were fitted, which is in the picture. Where one turns back (so that something far outside
    would be seen inside again), it is continued straight outwards instead.
    """

    model: LensModel = LensModel.PINHOLE
    coefficients: tuple[float, ...] = ()
    """In OpenCV's order, so that OpenCV can be handed them."""

    def __bool__(self) -> bool:
        """Whether it does anything."""
        return self.model is LensModel.FISHEYE or any(self.coefficients)

    def distort(self, x: float, y: float) -> tuple[float, float]:
        """From where a pinhole shows a point to where the lens shows it, both at a focal length of 1."""
        if not self:
            return x, y
        radius = math.hypot(x, y)
        scale = self._radius(radius) / radius if radius else 1.0
        dx, dy = self._tangential(x, y)
        return x * scale + dx, y * scale + dy

    def undistort(self, x: float, y: float) -> tuple[float, float]:
        """The inverse of `distort`: exact for the radial part, iterated for the tangential one."""
        if not self:
            return x, y
        at = (x, y)
        for __ in range(30):
            dx, dy = self._tangential(*at)
            radius = math.hypot(x - dx, y - dy)
            scale = self._straight_radius(radius) / radius if radius else 0.0
            last, at = at, ((x - dx) * scale, (y - dy) * scale)
            if math.dist(last, at) < 1e-12 * (1 + radius):
                break
        return at

    def mirrored(self) -> Self:
        """For a picture with left and right exchanged."""
        if self.model is LensModel.FISHEYE or len(self.coefficients) < 4:
            return self
        k1, k2, p1, p2, *rest = self.coefficients
        if len(rest) > 4:
            rest[4:6] = [-rest[4], -rest[5]]
        return replace(self, coefficients=(k1, k2, p1, -p2, *rest))

    def turned(self) -> Self:
        """For a picture turned clockwise by a right angle."""
        if self.model is LensModel.FISHEYE or len(self.coefficients) < 4:
            return self
        k1, k2, p1, p2, *rest = self.coefficients
        if len(rest) > 4:
            rest[4:8] = [-rest[6], -rest[7], rest[4], rest[5]]
        return replace(self, coefficients=(k1, k2, p2, -p1, *rest))

    def _radius(self, radius: float) -> float:
        """Where the lens shows a pinhole's radius."""
        last = _turning(self)
        return self._polynomial(radius) if radius <= last else self._polynomial(last) + radius - last

    def _straight_radius(self, shown: float) -> float:
        """The inverse of `_radius`, by bisection: it grows everywhere."""
        low, high = 0.0, _turning(self)
        edge = self._polynomial(high)
        if shown >= edge:
            return high + shown - edge
        for __ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self._polynomial(middle) < shown else (low, middle)
        return (low + high) / 2

    def _polynomial(self, radius: float) -> float:
        if self.model is LensModel.FISHEYE:
            angle = math.atan(radius)
            square, scale = angle * angle, 1.0
            for power, k in enumerate(self.coefficients, 1):
                scale += k * square**power
            return angle * scale
        k1, k2, __, __, k3, k4, k5, k6, *_ = (*self.coefficients, *(0.0,) * 8)
        square = radius * radius
        above = 1 + square * (k1 + square * (k2 + square * k3))
        below = 1 + square * (k4 + square * (k5 + square * k6))
        return radius * above / below if below else math.inf

    def _tangential(self, x: float, y: float) -> tuple[float, float]:
        """Decentring and thin prism; past the polynomial's end as at its end."""
        if self.model is LensModel.FISHEYE:
            return 0.0, 0.0
        __, __, p1, p2, __, __, __, __, s1, s2, s3, s4, *_ = (*self.coefficients, *(0.0,) * 12)
        if not (p1 or p2 or s1 or s2 or s3 or s4):
            return 0.0, 0.0
        radius, last = math.hypot(x, y), _turning(self)
        if radius > last:
            x, y, radius = x * last / radius, y * last / radius, last
        square = radius * radius
        return (
            2 * p1 * x * y + p2 * (square + 2 * x * x) + square * (s1 + square * s2),
            p1 * (square + 2 * y * y) + 2 * p2 * x * y + square * (s3 + square * s4),
        )


UNDISTORTED = Distortion()


@functools.lru_cache(maxsize=64)
def _turning(distortion: Distortion) -> float:
    """The pinhole's radius at which the lens's stops growing, to a quarter of a degree."""
    last, grown, steps = 0.0, 0.0, int(_STEEPEST * 4)
    for step in range(1, steps + 1):
        radius = math.tan(math.radians(step / 4))
        shown = distortion._polynomial(radius)
        if not grown < shown < math.inf:
            break
        last, grown = radius, shown
    return last


@dataclass(frozen=True, slots=True)
class Calibration:
    """One camera, as it was calibrated for pictures of `width` × `height` pixels.

    Raises ValueError, with words for the user, for numbers that no camera has.
    """

    width: int
    height: int
    fx: float
    fy: float
    """Focal lengths, pixels."""
    cx: float
    cy: float
    """Principal point, pixels from the middle of the first pixel."""
    distortion: Distortion = UNDISTORTED
    source: str = ""
    """For the reader: which file it is from."""

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(_("a picture of {width}×{height} px has no camera").format(width=self.width, height=self.height))
        numbers = (self.fx, self.fy, self.cx, self.cy, *self.distortion.coefficients)
        if not all(map(math.isfinite, numbers)):
            raise ValueError(_("it holds a number that is not finite"))
        if min(self.fx, self.fy) <= 0:
            raise ValueError(
                _("its focal lengths are {fx:g} and {fy:g} px, and a focal length is positive").format(fx=self.fx, fy=self.fy)
            )

    @property
    def matrix(self) -> Matrix:
        """OpenCV's camera matrix."""
        return (self.fx, 0.0, self.cx), (0.0, self.fy, self.cy), (0.0, 0.0, 1.0)

    def resized(self, width: int, height: int) -> Self:
        """For the same picture scaled to that size. Raises ValueError where its sides are scaled differently."""
        across, down = width / self.width, height / self.height
        if abs(across - down) > STRETCHED * max(across, down):
            raise ValueError(
                _("it was made for pictures of {width}×{height} px, and {width_2}×{height_2} px is another shape").format(
                    width=self.width, height=self.height, width_2=width, height_2=height
                )
            )
        return replace(
            self,
            width=width,
            height=height,
            fx=self.fx * across,
            fy=self.fy * down,
            cx=(self.cx + 0.5) * across - 0.5,
            cy=(self.cy + 0.5) * down - 0.5,
        )


@dataclass(frozen=True, slots=True)
class StereoCalibration:
    """Two cameras and how they stand to each other: x of the right camera = `rotation` · x of the left one + `translation`.

    OpenCV's convention (stereoCalibrate). Raises ValueError where the two make no pair.
    """

    left: Calibration
    right: Calibration
    rotation: Matrix
    translation: Row
    """In the unit that the calibration was made with; metres where nobody says otherwise."""

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (*self.translation, *(value for row in self.rotation for value in row)))):
            raise ValueError(_("its rotation or translation holds a number that is not finite"))
        for i, a in enumerate(self.rotation):
            for j, b in enumerate(self.rotation):
                if abs(sum(p * q for p, q in zip(a, b, strict=True)) - (i == j)) > 1e-3:
                    raise ValueError(
                        _("its rotation matrix is not a rotation: rows are not of length 1 and square to each other")
                    )
        if _determinant(self.rotation) < 0:
            raise ValueError(_("its rotation matrix mirrors, which no rotation does"))
        if self.baseline < 1e-9:
            raise ValueError(_("its baseline is zero: both cameras would be in one place, and nothing could be measured"))

    @property
    def baseline(self) -> float:
        """Distance of the two cameras, in the translation's unit."""
        return math.hypot(*self.translation)


def _determinant(rows: Matrix) -> float:
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
