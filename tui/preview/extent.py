"""How far a finding reaches in the picture: what has to be seen of it, and what an enlargement goes towards."""

from __future__ import annotations

from backend.scene import Box, Finding, Point
from backend.spatial.box3d import wireframe
from backend.spatial.camera import Camera

Corners = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels of the upright original."""


def extent(finding: Finding, camera: Camera) -> Corners | None:
    """The rectangle around a finding; None for a solid of which nothing lies before the camera."""
    match finding:
        case Box():
            return finding.corners
        case Point():
            return finding.x, finding.y, finding.x, finding.y
    ends = [end for line in wireframe(finding, camera) for end in line]
    if not ends:
        return None
    across, down = zip(*ends, strict=True)
    return min(across), min(down), max(across), max(down)
