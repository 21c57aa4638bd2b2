"""The three frames that a place can be told in, and the ways between them. Which one is meant is always said.

*camera*: X right, Y down, Z forward of whoever looks at the picture. *object*: the box's own axes, +Z along its yaw. *viewer*:
somebody who stands in the scene and faces somewhere. Qwen's 3D boxes have no front face (the official cookbook defines none:
a box turned by half a turn is the same box), so +Z of an object is not its front, and “to the car's left” stays undetermined
until somebody tells the heading.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from backend.scene import Box3D
from backend.spatial.box3d import rotation
from backend.spatial.camera import Vector

NO_HEADING = (
    "a 3D box has no front, so its own left and right are not known without a heading; the answer is in the camera frame"
)


def to_object(point: Vector, box: Box3D) -> Vector:
    """A point of the camera frame along the box's own axes, from its middle, metres: Rᵀ · (p − centre).

    Within the box where each coordinate is at most half the size. Says nothing of left and right: see NO_HEADING.
    """
    rows = rotation(box.pitch, box.yaw, box.roll)
    dx, dy, dz = (a - b for a, b in zip(point, box.centre, strict=True))
    x, y, z = (rows[0][n] * dx + rows[1][n] * dy + rows[2][n] * dz for n in range(3))
    return x, y, z


def from_object(point: Vector, box: Box3D) -> Vector:
    """The inverse of `to_object`: R · p + centre."""
    rows = rotation(box.pitch, box.yaw, box.roll)
    x, y, z = (sum(a * b for a, b in zip(row, point, strict=True)) + c for row, c in zip(rows, box.centre, strict=True))
    return x, y, z


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody upright in the scene, or an object whose heading is known."""

    at: Vector
    """Metres in the camera frame."""
    heading: float
    """Where they face: radians about Y from the camera's own direction, positive to the right, as `Box3D.yaw` turns Z."""

    @classmethod
    def facing(cls, at: Vector, target: Vector) -> Viewer:
        """Somebody who stands at one point and looks at another. Raises ValueError where both are the same spot from above."""
        dx, dz = target[0] - at[0], target[2] - at[2]
        if math.hypot(dx, dz) < 1e-6:
            raise ValueError("who looks straight up or down has no left and right")
        return cls(at, math.atan2(dx, dz))

    @classmethod
    def inside(cls, box: Box3D, heading: float) -> Viewer:
        """As if somebody sat in the object and faced where it is headed: that one's left is the object's own."""
        return cls(box.centre, heading)

    def sees(self, point: Vector) -> Vector:
        """A point of the camera frame in the viewer's: X to their right, Y down, Z before them, metres from where they are."""
        sin, cos = math.sin(self.heading), math.cos(self.heading)
        dx, dy, dz = (a - b for a, b in zip(point, self.at, strict=True))
        return cos * dx - sin * dz, dy, sin * dx + cos * dz
