"""Two free views: how the camera moved, and from that depth, all of it up to scale.

The motion makes a calibration of which only the length is missing, so both views can be rectified and matched like a pair. A
camera that went ahead rather than aside gives no such pair: then only the marks that the motion was found from have a depth.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.language import N_, _
from backend.sanitise import quoted
from backend.scene import Calibration, DepthMap, DepthUnit, Picture, StereoCalibration
from backend.spatial.camera import Camera
from backend.spatial.stereo.measuring import Stereo, measure
from backend.spatial.stereo.pair import free_pair, pixels_of, require_length
from backend.spatial.stereo.refusal import PairRefused
from backend.spatial.stereo.rows import RowCheck
from backend.spatial.two_views import RelativePose, Trouble, relative_pose

_CURES = {
    Trouble.FEW: N_("take both pictures of the same things, sharp, with the camera turned by no more than 30° between them"),
    Trouble.DISAGREEMENT: N_("take both pictures of one scene in which nothing moves"),
    Trouble.TURNED: N_("take a step to the side between the pictures: a tenth of the distance of what matters"),
    Trouble.FLAT: N_("have things at different distances in both pictures"),
}
SOURCE = N_("two free views: distances in lengths of the camera's way, which nobody knows")


@dataclass(frozen=True, slots=True, eq=False)
class FreeViews:
    """How the camera moved, and the depth that follows."""

    pose: RelativePose
    stereo: Stereo
    dense: bool
    """Every pixel was matched; else only the marks have a depth."""


def measure_free(
    first: Picture, second: Picture, camera: Camera, other: Camera | None = None, length: float | None = None
) -> FreeViews:
    """Pose and depth over the first picture. `camera`: the first's, and the second's where there is no `other`; `length`: of
    the camera's way in metres, where it is known, which makes metres of everything.

    Raises PairRefused where the views do not tell how the camera moved, and MissingExtra.
    """
    require_length(length)
    other = other or camera
    pose = relative_pose(first, second, camera, other)
    if pose.trouble is not None:
        raise PairRefused(
            _("{name} and {name_2} tell no depth: {reason}").format(
                name=quoted(first.name), name_2=quoted(second.name), reason=pose.reason
            ),
            cure=_CURES[pose.trouble],
        )
    calibration = StereoCalibration(_calibration(camera), _calibration(other), pose.rotation, pose.translation)
    source = _(SOURCE) if length is None else _("two free views {length:g} m apart, as given").format(length=length)
    try:
        pair = free_pair(first, second, calibration, source, length)
        return FreeViews(pose, measure(pair, (first.name, second.name), calibrated=True), dense=True)
    except PairRefused as refused:
        note = _("only {count} marks have a depth: {message}").format(count=len(pose.points), message=refused.message)
        return FreeViews(pose, _of_marks(first, pose, camera, length, source, note), dense=False)


def _calibration(camera: Camera) -> Calibration:
    """The camera as a calibration, which counts from the middle of the first pixel."""
    size = round(camera.width), round(camera.height)
    down = camera.focal * camera.aspect
    return Calibration(*size, camera.focal, down, camera.cx - 0.5, camera.cy - 0.5, camera.distortion)


def _of_marks(picture: Picture, pose: RelativePose, camera: Camera, length: float | None, source: str, note: str) -> Stereo:
    """A map that is known at the marks alone."""
    import numpy as np

    pixels = pixels_of(picture)
    rows, columns = pixels.shape[:2]
    values = np.full((rows, columns), np.nan, dtype=np.float32)
    places = np.array([point.place for point in pose.points], dtype=np.float32).reshape(-1, 3) * (length or 1.0)
    seen = np.array([point.seen for point in pose.points]).reshape(-1, 2) * (columns / picture.width, rows / picture.height)
    at = tuple(np.clip(seen[:, n].astype(int), 0, size - 1) for n, size in ((1, rows), (0, columns)))
    values[at] = places[:, 2]
    unit = DepthUnit.UP_TO_SCALE if length is None else DepthUnit.METRES
    depth = DepthMap(values, unit, picture.width, picture.height, source)
    reach = camera.focal * columns / picture.width * (length or 1.0)
    return Stereo(depth, places, pixels[at], reach, RowCheck(pose.matches, None, None), (note,))
