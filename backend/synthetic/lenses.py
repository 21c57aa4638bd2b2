"""Perspective scenes seen through lenses that bend: the picture, and the rectangles that things have in it.

The scene is drawn as a pinhole shows it, larger than the picture, and every cell of the picture is then taken from where the
lens takes it (`Distortion.undistort`). Within a cell of 8 pixels that is linear to a few hundredths of a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PIL import Image

from backend.scene import Calibration
from backend.synthetic.perspective import CAMERA_HEIGHT, Solid, SolidScene
from backend.synthetic.scenes import Corners

_CELL = 8
_PIECES = 16
"""Points along an edge, of which a rectangle is the bounds."""


@dataclass(frozen=True, slots=True)
class Bent:
    """A scene and the calibrated camera that sees it; the scene's own camera only has to see more."""

    scene: SolidScene
    camera: Calibration

    def render(self) -> Image.Image:
        """As the camera's lens shows it."""
        width, height = self.camera.width, self.camera.height
        sources: dict[tuple[int, int], tuple[float, float]] = {}
        cells = []
        for top in range(0, height, _CELL):
            for left in range(0, width, _CELL):
                right, bottom = min(left + _CELL, width), min(top + _CELL, height)
                corners = ((left, top), (left, bottom), (right, bottom), (right, top))  # in the order that Pillow wants
                for corner in corners:
                    if corner not in sources:
                        sources[corner] = self._source(*corner)
                cells.append(((left, top, right, bottom), tuple(at for corner in corners for at in sources[corner])))
        drawn = self.scene.render()
        return drawn.transform((width, height), Image.Transform.MESH, cells, Image.Resampling.BILINEAR)

    def box(self, item: Solid) -> Corners:
        """Around a thing's edges in the picture, not cut at its sides."""
        levels = (CAMERA_HEIGHT, CAMERA_HEIGHT - item.size[1])
        ring = [*item.footprint, item.footprint[0]]
        spots = []
        for (x1, z1), (x2, z2) in pairwise(ring):
            for piece in range(_PIECES):
                share = piece / _PIECES
                spots += [(x1 + share * (x2 - x1), y, z1 + share * (z2 - z1)) for y in levels]
                spots.append((x1, levels[0] + share * (levels[1] - levels[0]), z1))
        across, down = zip(*(self._seen(*spot) for spot in spots), strict=True)
        return min(across), min(down), max(across), max(down)

    def shows_all(self) -> bool:
        """Whether no thing is cut by the picture's edge."""
        boxes = [self.box(item) for item in self.scene.objects]
        width, height = self.camera.width, self.camera.height
        return all(x1 > 1 and y1 > 1 and x2 < width - 1 and y2 < height - 1 for x1, y1, x2, y2 in boxes)

    def _seen(self, x: float, y: float, z: float) -> tuple[float, float]:
        """Pixels from the picture's corner; the calibration counts from the middle of the first one."""
        camera = self.camera
        across, down = camera.distortion.distort(x / z, y / z)
        return camera.cx + 0.5 + camera.fx * across, camera.cy + 0.5 + camera.fy * down

    def _source(self, across: float, down: float) -> tuple[float, float]:
        """Where the drawn scene has what the picture shows there."""
        camera = self.camera
        x, y = camera.distortion.undistort((across - camera.cx - 0.5) / camera.fx, (down - camera.cy - 0.5) / camera.fy)
        return self.scene.project(x, y, 1.0)
