"""Which camera a picture was taken with, and how that is known: the user's word before the file's, the file's before a guess.

However it is known, the model was not told it: the metres of a 3D box stay the model's estimate. The camera only says where
in the picture such a box has to be seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from backend.language import _
from backend.scene import Calibration, Intrinsics, Picture
from backend.spatial.camera import UNEVEN, USUAL_HFOV, Camera

NARROWEST, WIDEST = 1.0, 175.0
"""Degrees across that a pinhole camera may have: a telescope, and what is left of a fisheye once it is made straight."""


@dataclass(frozen=True, slots=True)
class GivenCamera:
    """What the user says of the camera: a field of view, a focal length or a calibration."""

    hfov: float | None = None
    """Degrees across."""
    focal: float | None = None
    """Pixels of the upright original."""
    centre: tuple[float, float] | None = None
    """Principal point in pixels of the upright original; None: the middle."""
    note: str = ""
    """What had to be decided to make one focal length of it."""
    calibration: Calibration | None = None
    """It is scaled to pictures of another size, and refused for those of another shape."""

    @classmethod
    def parsed(cls, text: str) -> GivenCamera:
        """From FX, or FX,FY, or FX,CX,CY, or FX,FY,CX,CY in pixels of the upright original.

        Raises ValueError, with a sentence for the user, where it is none of these or where FX and FY are more than 2 % apart.
        """
        try:
            numbers = [float(part) for part in text.split(",")]
        except ValueError:
            raise ValueError("it is not made of numbers with commas between them") from None
        if not 1 <= len(numbers) <= 4:
            raise ValueError(_("it holds {count} numbers").format(count=len(numbers)))
        if not all(map(math.isfinite, numbers)):
            raise ValueError("it holds a number that is not finite")
        lengths = numbers[: 1 if len(numbers) % 2 else 2]
        if min(lengths) <= 0:
            raise ValueError("a focal length is positive")
        focal = sum(lengths) / len(lengths)
        if max(lengths) - min(lengths) > UNEVEN * max(lengths):
            raise ValueError(
                _("its two focal lengths are more than 2 % apart, which a picture with square pixels does not have")
            )
        note = (
            "" if min(lengths) == max(lengths) else _("the mean of two focal lengths is used: {focal:g} px").format(focal=focal)
        )
        return cls(focal=focal, centre=(numbers[-2], numbers[-1]) if len(numbers) > 2 else None, note=note)

    def of(self, width: float, height: float) -> Camera:
        """For a picture of that size. Raises ValueError where no picture can have been taken so."""
        if self.calibration is not None:
            try:
                camera = Camera.calibrated(self.calibration.resized(round(width), round(height)))
            except ValueError as error:
                raise ValueError(
                    _("{calibration} is not of this picture: {error}").format(
                        calibration=self.calibration.source or _("the calibration"), error=error
                    )
                ) from None
        elif self.focal is None:
            camera = Camera.from_hfov(width, height, USUAL_HFOV if self.hfov is None else self.hfov)
        else:
            cx, cy = self.centre or (width / 2, height / 2)
            camera = Camera(width, height, self.focal, cx, cy)
        if not NARROWEST <= camera.hfov <= WIDEST:
            raise ValueError(
                _("{hfov:.3g}° across is no field of view of a camera (it lies between {narrowest:g}° and {widest:g}°)").format(
                    hfov=camera.hfov, narrowest=NARROWEST, widest=WIDEST
                )
            )
        if abs(camera.cx - width / 2) > 2 * width or abs(camera.cy - height / 2) > 2 * height:
            raise ValueError(
                _("a principal point at {cx:g},{cy:g} is nowhere near a picture of {width}×{height} px").format(
                    cx=camera.cx, cy=camera.cy, width=width, height=height
                )
            )
        return camera

    def __str__(self) -> str:
        if (made := self.calibration) is not None:
            return _("{calibration}, made for {width}×{height} px").format(
                calibration=made.source or _("calibrated"), width=made.width, height=made.height
            )
        if self.focal is None:
            return _("given: {hfov:g}° across").format(hfov=self.hfov)
        middle = (
            ""
            if self.centre is None
            else _(", centre {centre:g},{centre_2:g} px").format(centre=self.centre[0], centre_2=self.centre[1])
        )
        return _("given: focal length {focal:g} px{middle}").format(focal=self.focal, middle=middle)


@dataclass(frozen=True, slots=True)
class KnownCamera:
    """A picture's camera, and how it is known."""

    camera: Camera
    source: str
    """For the reader."""
    assumed: bool = False
    """It is a guess: nothing that follows from its focal length alone is certain."""
    notes: tuple[str, ...] = ()

    @property
    def intrinsics(self) -> Intrinsics:
        """As an answer publishes it."""
        camera = self.camera
        return Intrinsics(camera.focal, camera.cx, camera.cy, self.source, camera.aspect, camera.distortion)


def camera_of(picture: Picture, given: GivenCamera | None = None) -> KnownCamera:
    """The picture's camera: what the user gave, else what the file holds in pixels (HEIC) or EXIF tells, else 60° across.

    Raises ValueError where `given` cannot be this picture's.
    """
    width, height = picture.width, picture.height
    if given is not None:
        return KnownCamera(given.of(width, height), str(given), notes=(given.note,) if given.note else ())
    if picture.calibration is not None:
        return KnownCamera(Camera.calibrated(picture.calibration), picture.calibration.source)
    if picture.focal_35mm is not None:
        equivalent = _("{focal_35mm:.3g} mm (35 mm equivalent), from EXIF").format(focal_35mm=picture.focal_35mm)
        return KnownCamera(Camera.from_exif35(picture.focal_35mm, width, height), equivalent)
    notes = (picture.focal_note,) if picture.focal_note else ()
    return KnownCamera(
        Camera.from_hfov(width, height),
        _("{usual_hfov:g}° across, assumed").format(usual_hfov=USUAL_HFOV),
        assumed=True,
        notes=notes,
    )
