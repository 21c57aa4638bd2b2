"""Drawn perspective scenes in the words of an answer: true 3D boxes, true rectangles, and the camera that saw them."""

from __future__ import annotations

import math

from backend.scene import Box, Box3D
from backend.spatial.camera import Camera
from backend.spatial.known_camera import KnownCamera
from backend.synthetic.perspective import SolidScene


def true_solids(scene: SolidScene) -> list[Box3D]:
    return [
        Box3D(item.centre3d, item.size, 0.0, item.yaw * math.pi, 0.0, item.name, id=f"s{n}")
        for n, item in enumerate(scene.objects, 1)
    ]


def true_boxes(scene: SolidScene) -> list[Box]:
    return [Box(*item.box, item.name, id=f"b{n}") for n, item in enumerate(scene.objects, 1)]


def camera(scene: SolidScene, degrees: float = 60, *, assumed: bool = False) -> KnownCamera:
    return KnownCamera(Camera.from_hfov(scene.width, scene.height, degrees), f"{degrees}° across", assumed)


def sigma(scene: SolidScene) -> float:
    """1 % of the longer side, which is assumed of a model that was not measured."""
    return max(1.0, 0.01 * max(scene.width, scene.height))
