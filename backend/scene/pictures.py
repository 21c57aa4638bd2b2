"""Pictures, and how one is shown to a model: the only code that moves coordinates between frames.

A model answers in 0…1000 of the window it was shown (or in pixels of the raster it was given); people and files want
pixels of the *upright original*: the picture after EXIF rotation, the only frame anything outside the engine sees.
Every conversion passes through that original, so a wrong box can only have been made wrong here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.scene.cameras import UNDISTORTED, Calibration, Distortion

if TYPE_CHECKING:
    from backend.scene.depth import DepthMap


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture: upright, RGB, eight bits a channel."""

    name: str
    """What messages call it: the path as the user gave it, or `-` for standard input."""
    width: int
    height: int
    """Of the upright original: the frame of every coordinate."""
    rgb: bytes = field(repr=False)
    """Rows from the top, three bytes a pixel, of `stored_size`: the pixels of the original, or fewer where it is very large."""
    sha256: str
    """Of the file's bytes as they were read."""
    path: Path | None = None
    notes: tuple[str, ...] = ()
    """What decoding had to decide (first frame of an animation, 16 bits reduced to 8, scaled down …), for the user."""
    stored_width: int = 0
    stored_height: int = 0
    """Size of `rgb` where it was reduced while decoding; 0 means that of the original. Coordinates never use it."""
    focal_35mm: float | None = None
    """Focal length on 35 mm film that gives the same diagonal view, millimetres, from EXIF; None where it does not tell."""
    focal_note: str = ""
    """Why what EXIF says of the lens was not believed; for answers that need a camera."""
    calibration: Calibration | None = None
    """What the file itself says of its camera in pixels of the upright original (HEIC can); None where it says nothing."""
    depth: DepthMap | None = field(default=None, repr=False, compare=False)
    """How far everything is as the file itself says (HEIC can); None where it says nothing that can be used."""
    depth_note: str = ""
    """Why a depth image that the file holds was not used; for answers that need depth."""
    time: float | None = None
    """Seconds from the start of the film that it is a frame of; None for a picture that is a file of its own."""
    later: Picture | None = field(default=None, repr=False)
    """A later frame of the film, of the same size, that the model is shown merged with this one; findings are in this one."""

    @property
    def stored_size(self) -> tuple[int, int]:
        """Width and height of `rgb`, for whoever looks at pixels."""
        return self.stored_width or self.width, self.stored_height or self.height

    def whole(self) -> Window:
        """The window that shows everything."""
        return Window(0.0, 0.0, float(self.width), float(self.height))


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the original that the model saw: the whole picture, or a crop of it (pixels of the upright original)."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Raster:
    """The pixels a model is given: a window stretched to sides that are exact multiples of 32 (one image token each 32×32).

    Stretched rather than letterboxed, so that 0…1000 of the raster is 0…1000 of the window, linearly and per axis.
    """

    width: int
    height: int
    rgb: bytes = field(repr=False)
    later: bytes = field(default=b"", repr=False)
    """The pixels of a second frame, seen merged with the first at the price of one; empty where there is none."""

    @property
    def tokens(self) -> int:
        """Image tokens this raster costs: one per 32×32 pixels."""
        return self.width * self.height // 1024


class Units(StrEnum):
    """How a model writes coordinates."""

    REL1000 = "rel1000"
    """0…1000 of the window (Qwen2-VL, Qwen3-VL)."""
    PIXELS = "pixels"
    """Pixels of the raster it was given (Qwen2.5-VL)."""


@dataclass(frozen=True, slots=True)
class View:
    """How one picture was shown to the model: which window of it, on a raster of which size, answered in which units."""

    picture: Picture
    window: Window
    raster_width: int
    raster_height: int
    units: Units = Units.REL1000
    mirrored: bool = False
    """Whether the raster shows the window with left and right exchanged; no matter for the coordinates outside."""

    def to_original(self, x: float, y: float) -> tuple[float, float]:
        """A point in the model's units → pixels of the upright original."""
        across, down = self._sides
        return (
            self.window.left + (across - x if self.mirrored else x) / across * self.window.width,
            self.window.top + y / down * self.window.height,
        )

    def from_original(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of the upright original → a point in the model's units; the inverse of `to_original`."""
        across, down = self._sides
        along = (x - self.window.left) / self.window.width * across
        return across - along if self.mirrored else along, (y - self.window.top) / self.window.height * down

    @property
    def _sides(self) -> tuple[float, float]:
        """How far the model's units reach, across and down."""
        return (1000.0, 1000.0) if self.units is Units.REL1000 else (float(self.raster_width), float(self.raster_height))


@dataclass(frozen=True, slots=True)
class Intrinsics:
    """A camera's focal length and principal point, in pixels of the upright original, its lens, and how they are known."""

    focal: float
    cx: float
    cy: float
    source: str
    """For the reader: given by the user, calibrated, from EXIF, or assumed, with the figure it follows from."""
    aspect: float = 1.0
    """Focal length down, in units of the one across: only pixels that are not square, or an anamorphic lens, make another."""
    distortion: Distortion = UNDISTORTED

    def as_dict(self) -> dict[str, Any]:
        lens = self.distortion
        return {
            "focal": round(self.focal, 2),
            "focal_down": round(self.focal * self.aspect, 2),
            "cx": round(self.cx, 2),
            "cy": round(self.cy, 2),
            "distortion": {"model": lens.model.value, "coefficients": list(lens.coefficients)} if lens else None,
            "source": self.source,
        }
