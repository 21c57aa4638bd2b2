"""How far away everything in a perspective scene is, exactly: every face is a plane, and along a plane 1/Z is linear in pixels.

With P = Z·(a, b, 1), a = (u − W/2)/f and b = (v − H/2)/f, the plane n·P = c gives 1/Z = (n·(a, b, 1))/c (Hartley and Zisserman,
Multiple View Geometry, 2nd ed., section 2.2: lines and planes under a pinhole). The ground is b/1.2 m, the sky 0: infinitely
far.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from backend.synthetic.perspective import CAMERA_HEIGHT, Solid, SolidScene

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_Point3 = tuple[float, float, float]


def true_inverse(scene: SolidScene, width: int, height: int) -> npt.NDArray[np.float32]:
    """1/Z (Z along the camera's axis, metres) at the middle of every pixel of a map of that size stretched over the scene.

    Shape (height, width); 0 where the sky is seen. Outlines are cut as `SolidScene.render` cuts them, so that of the scene's
    own size the map lies on the picture pixel for pixel.
    """
    import numpy as np

    focal = scene.width / (2 * scene.half_view)
    across = ((np.arange(width) + 0.5) / width * scene.width - scene.width / 2) / focal
    down = ((np.arange(height) + 0.5) / height * scene.height - scene.height / 2) / focal
    inverse = np.repeat(np.maximum(down, 0)[:, None] / CAMERA_HEIGHT, width, axis=1)
    shrunk = width / scene.width, height / scene.height
    for item in scene.objects:
        for corners, (nx, ny, nz), c in _planes(item):
            mask = Image.new("1", (width, height))
            seen = [scene.project(*corner) for corner in corners]
            ImageDraw.Draw(mask).polygon([(round(x * shrunk[0] - 0.5), round(y * shrunk[1] - 0.5)) for x, y in seen], fill=1)
            covered = np.asarray(mask, dtype=bool)
            plane = (nx * across[None, :] + ny * down[:, None] + nz) / c
            inverse[covered] = np.maximum(plane, 0)[covered]
    return inverse.astype(np.float32)


def _planes(item: Solid) -> list[tuple[list[_Point3], _Point3, float]]:
    """Corners (metres), normal n and n·P of every face that the camera sees, in the order in which they are painted."""
    corners, top = item.footprint, CAMERA_HEIGHT - item.size[1]
    faces: list[tuple[list[_Point3], _Point3, float]] = []
    for (x1, z1), (x2, z2) in zip(corners, (*corners[1:], corners[0]), strict=True):
        nx, nz = z2 - z1, x1 - x2
        if (c := nx * x1 + nz * z1) < 0:
            upright = [(x1, CAMERA_HEIGHT, z1), (x2, CAMERA_HEIGHT, z2), (x2, top, z2), (x1, top, z1)]
            faces.append((upright, (nx, 0.0, nz), c))
    if top > 0:
        faces.append(([(x, top, z) for x, z in corners], (0.0, 1.0, 0.0), top))
    return faces
