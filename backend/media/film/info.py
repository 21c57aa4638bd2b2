"""What is known of a film before any of it is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FilmInfo:
    """A film's one picture track, as it is shown: upright, with square pixels."""

    name: str
    """What messages call it: the path as the user gave it."""
    width: int
    height: int
    """Of the upright picture, in square pixels: the frame of every coordinate."""
    duration: float
    """Seconds from the first frame to the end of the last one."""
    fps: float
    """Frames a second on average; where the rate varies, no frame need be on that grid."""
    frames: int
    frames_known: bool
    """Whether `frames` was counted; else it is duration × fps."""
    codec: str
    container: str
    rotation: int = 0
    """Degrees, clockwise, by which the stored frames are turned to stand upright: 0, 90, 180 or 270."""
    mirrored: bool = False
    """Whether they are also mirrored, after the turn."""
    notes: tuple[str, ...] = ()
    """What opening had to decide or found amiss, for the user."""

    @property
    def last(self) -> float:
        """When the last frame is first shown, as far as the average rate tells; seconds."""
        return max(0.0, self.duration - 1 / self.fps)

    def as_dict(self) -> dict[str, Any]:
        return {
            "film": self.name,
            "width": self.width,
            "height": self.height,
            "duration": round(self.duration, 3),
            "fps": round(self.fps, 3),
            "frames": self.frames,
            "frames_known": self.frames_known,
            "codec": self.codec,
            "container": self.container,
            "rotation": self.rotation,
            "mirrored": self.mirrored,
            "notes": list(self.notes),
        }
