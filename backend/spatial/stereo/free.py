"""Two free views: how the camera moved, and from that depth, all of it up to scale.

The motion makes a calibration of which only the length is missing, so both views can be rectified and matched like a pair. A
camera that went ahead rather than aside gives no such pair: then only the marks that the motion was found from have a depth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.scene import Calibration, DepthMap, DepthUnit, Picture, StereoCalibration
from backend.spatial.camera import Camera
from backend.spatial.stereo.measuring import Stereo, measure
from backend.spatial.stereo.pair import free_pair, pixels_of
from backend.spatial.stereo.refusal import PairRefused
from backend.spatial.stereo.rows import RowCheck
from backend.spatial.two_views import RelativePose, relative_pose

if TYPE_CHECKING:
    import numpy as np

SOURCE = "two free views: distances in lengths of the camera's way, which nobody knows"


@dataclass(frozen=True, slots=True, eq=False)
class FreeViews:
    """How the camera moved, and the depth that follows: None where the pose is not `enough`."""

    pose: RelativePose
    stereo: Stereo | None
    dense: bool
    """Every pixel was matched; else only the marks have a depth."""


def measure_free(first: Picture, second: Picture, camera: Camera, other: Camera | None = None) -> FreeViews:
    """Pose and depth over the first picture. `camera`: the first's, and the second's where there is no `other`.

    Raises MissingExtra.
    """
    other = other or camera
    pose = relative_pose(first, second, camera, other)
    if not pose.enough:
        return FreeViews(pose, None, dense=False)
    calibration = StereoCalibration(_calibration(camera), _calibration(other), pose.rotation, pose.translation)
    try:
        made = measure(free_pair(first, second, calibration, SOURCE), (first.name, second.name), calibrated=True)
    except PairRefused as refused:
        return FreeViews(pose, _of_marks(first, pose, camera, f"only marks have a depth: {refused.message}"), dense=False)
    return FreeViews(pose, made, dense=True)


def _calibration(camera: Camera) -> Calibration:
    """The camera as a calibration, which counts from the middle of the first pixel."""
    size = round(camera.width), round(camera.height)
    down = camera.focal * camera.aspect
    return Calibration(*size, camera.focal, down, camera.cx - 0.5, camera.cy - 0.5, camera.distortion)


def _of_marks(picture: Picture, pose: RelativePose, camera: Camera, note: str) -> Stereo:
    """A map that is known at the marks alone."""
    import numpy as np

    pixels = pixels_of(picture)
    rows, columns = pixels.shape[:2]
    values = np.full((rows, columns), np.nan, dtype=np.float32)
    places = np.array([point.place for point in pose.points], dtype=np.float32).reshape(-1, 3)
    seen = np.array([point.seen for point in pose.points]).reshape(-1, 2) * (columns / picture.width, rows / picture.height)
    at = _within(seen[:, 1], rows), _within(seen[:, 0], columns)
    values[at] = places[:, 2]
    depth = DepthMap(values, DepthUnit.UP_TO_SCALE, picture.width, picture.height, SOURCE)
    reach = camera.focal * columns / picture.width
    return Stereo(depth, places, pixels[at], reach, RowCheck(pose.matches, None, None), (note,))


def _within(places: np.ndarray, size: int) -> np.ndarray:
    import numpy as np

    return np.clip(places.astype(int), 0, size - 1)
