"""The three frames that a place can be told in. Which one is meant is always said.

*camera*: X right, Y down, Z forward of whoever looks at the picture. *object*: as if somebody sat in the thing and faced
where it is headed. *viewer*: somebody who stands in the scene. Qwen's 3D boxes have no front face (the official cookbook
defines none: a box turned by half a turn is the same box), so that “to the car's left” stays undetermined until somebody
tells the heading; what it would be either way can be said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from backend.scene import Box3D
from backend.spatial.camera import Vector


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody upright in the scene, or an object whose heading is known."""

    at: Vector
    """Metres in the camera frame."""
    heading: float
    """Where they face: radians about Y from the camera's own direction, positive to the right, as `Box3D.yaw` turns Z."""

    @classmethod
    def inside(cls, box: Box3D, *, facing_away: bool) -> Viewer:
        """As if somebody sat in the object and faced along its own Z axis, away from the camera or towards it."""
        away = math.cos(box.yaw) >= 0
        return cls(box.centre, box.yaw if away == facing_away else box.yaw + math.pi)

    def sees(self, point: Vector) -> Vector:
        """A point of the camera frame in the viewer's: X to their right, Y down, Z before them, metres from where they are."""
        sin, cos = math.sin(self.heading), math.cos(self.heading)
        dx, dy, dz = (a - b for a, b in zip(point, self.at, strict=True))
        return cos * dx - sin * dz, dy, sin * dx + cos * dz
