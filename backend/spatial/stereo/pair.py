"""Two pictures on one grid, on whose rows they show the same: what matching needs, and the way back from it.

A pair that is rectified already lies on the left picture's own pixels. Any other is brought there by its calibration: both
cameras are turned about their own centres until their axes are parallel and square to the line between them, halfway
between how they looked (Fusiello, Trucco and Verri, A compact algorithm for rectification of stereo pairs, 2000); so cameras
above each other serve as well. OpenCV only moves the pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from backend.extras import need
from backend.language import _
from backend.sanitise import quoted
from backend.scene import Calibration, LensModel, Picture, StereoCalibration
from backend.spatial.camera import Camera
from backend.spatial.stereo.refusal import PairRefused

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Pixels = npt.NDArray[np.uint8]
    """Shape (rows, columns, 3): RGB."""
    Mask = npt.NDArray[np.bool_]

MOST_SIDE = 1600
"""Pixels of the longer side that are matched: more take memory and time with the third power of it."""
STEEPEST = 45.0
"""Degrees between the line from camera to camera and square to where they look, beyond which one is before the other."""
LARGEST = 2.0
"""Times the left picture's sides that a grid may have; turned cameras need more than their picture has."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Pixels of both pictures, shape (rows, columns, 3), and the camera of this grid."""

    left: Pixels
    right: Pixels
    focal: float
    """Pixels of the grid."""
    cx: float
    cy: float
    """Principal point of both, pixels of the grid, its corner at 0."""
    baseline: float | None
    """Metres from the left camera to the right one; None: not known, and lengths are in baselines."""
    width: int
    height: int
    """Of the left picture's upright original."""
    source: str = ""
    """For the reader: how the camera and the baseline are known."""
    turned: Array | None = field(default=None, repr=False)
    """Shape (3, 3): from directions of the left camera to the grid's; None: they are the same."""
    places: Array | None = field(default=None, repr=False)
    """Shape (rows, columns, 2): where on the grid each pixel of the (reduced) left picture is; None: at the same place."""
    known: tuple[Mask, Mask] | None = field(default=None, repr=False)
    """What of the grid each picture covers; None: all."""
    reverse: bool = False
    """The first picture's camera stands to the right of the other: shifts go the other way."""


def rectified_pair(left: Picture, right: Picture, camera: Camera, baseline: float | None, source: str = "") -> Pair:
    """A pair that is rectified as it is. `camera`: the left one's. Raises PairRefused and MissingExtra."""
    _same_size(left, right)
    require_length(baseline)
    if camera.distortion:
        raise PairRefused(
            _("the camera's lens bends its picture, and a rectified pair is straight"),
            cure=_("give the calibration of both cameras, and the pair is rectified by it"),
        )
    pixels, other = pixels_of(left), pixels_of(right)
    scale = pixels.shape[1] / left.width
    focal, cx, cy = camera.focal * scale, camera.cx * scale, camera.cy * scale
    return Pair(pixels, other, focal, cx, cy, baseline, left.width, left.height, source)


def calibrated_pair(
    left: Picture, right: Picture, calibration: StereoCalibration, baseline: float | None = None, source: str = ""
) -> Pair:
    """A pair as it was taken, rectified by its calibration. `baseline`: metres, where the calibration's unit is another.

    Raises PairRefused and MissingExtra.
    """
    _same_size(left, right)
    require_length(baseline)
    length = calibration.baseline if baseline is None else baseline
    return _turned_pair(left, right, calibration, length, source or calibration.left.source, free=False)


def free_pair(
    first: Picture, second: Picture, calibration: StereoCalibration, source: str, length: float | None = None
) -> Pair:
    """Two free views whose motion is known up to its length, as a calibration. `length`: metres, where it is known.

    Raises PairRefused where the camera went ahead rather than aside, and MissingExtra.
    """
    require_length(length)
    return _turned_pair(first, second, calibration, length, source, free=True)


def pixels_of(picture: Picture) -> Pixels:
    """Its pixels, shape (rows, columns, 3), reduced where there are more than are matched. Raises MissingExtra."""
    need("cv2", extra="depth", to=_("measure a stereo pair"))
    import cv2
    import numpy as np

    width, height = picture.stored_size
    pixels = np.frombuffer(picture.rgb, dtype=np.uint8).reshape(height, width, 3)
    scale = MOST_SIDE / max(width, height)
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return pixels


def _same_size(left: Picture, right: Picture) -> None:
    if (left.width, left.height) != (right.width, right.height):
        raise PairRefused(
            _("the pictures have different sizes: {name} {width}×{height} px, {name_2} {width_2}×{height_2} px").format(
                name=quoted(left.name),
                width=left.width,
                height=left.height,
                name_2=quoted(right.name),
                width_2=right.width,
                height_2=right.height,
            ),
            cure=_(
                "give both as the cameras took them, or as one program rectified them; two views of different cameras: --free"
            ),
        )


def require_length(baseline: float | None) -> None:
    """Refuse a distance of the cameras (metres) that is none."""
    if baseline is not None and not (baseline > 0 and math.isfinite(baseline)):
        raise PairRefused(
            _("a baseline of {baseline:g} m measures nothing: it is the distance between the two cameras").format(
                baseline=baseline
            ),
            cure=_("measure it from lens to lens and give it in metres, such as --baseline 0.12"),
        )


def _turned_pair(
    left: Picture, right: Picture, calibration: StereoCalibration, baseline: float | None, source: str, *, free: bool
) -> Pair:
    import cv2
    import numpy as np

    pictures = [pixels_of(picture) for picture in (left, right)]
    cameras = []
    for side, camera, pixels in zip(("left", "right"), (calibration.left, calibration.right), pictures, strict=True):
        try:
            cameras.append(camera.resized(pixels.shape[1], pixels.shape[0]))
        except ValueError as error:
            raise PairRefused(
                _("the calibration of the {side} camera is not of these pictures: {error}").format(side=side, error=error),
                cure=_("give the calibration that was made with these cameras at this shape of picture"),
            ) from None
    rotation = np.array(calibration.rotation, dtype=float)
    to_right = -rotation.T @ np.array(calibration.translation, dtype=float)
    to_right /= np.linalg.norm(to_right)
    reverse = bool(abs(to_right[0]) > abs(to_right[1]) and to_right[0] < 0)
    if reverse and not free:
        raise PairRefused(
            _("the calibration puts the right camera to the left of the left one"),
            cure=_("swap the two pictures and the two cameras of the file, or calibrate again with the pictures in order"),
        )
    turned = _parallel(-to_right if reverse else to_right, rotation)
    focal = math.sqrt(cameras[0].fx * cameras[0].fy)
    size, middle = _grid(cameras, (turned, turned @ rotation.T), focal, pictures[0].shape)
    matrix = np.array([[focal, 0, middle[0]], [0, focal, middle[1]], [0, 0, 1]])
    moved, known = [], []
    for pixels, camera, turn in zip(pictures, cameras, (turned, turned @ rotation.T), strict=True):
        across, down = _sources(camera, turn, matrix, size)
        moved.append(np.asarray(cv2.remap(pixels, across, down, cv2.INTER_LINEAR), dtype=np.uint8))
        rows, columns = pixels.shape[:2]
        known.append((across >= 0) & (across <= columns - 1) & (down >= 0) & (down <= rows - 1))
    return Pair(
        moved[0],
        moved[1],
        focal,
        middle[0] + 0.5,
        middle[1] + 0.5,
        baseline,
        left.width,
        left.height,
        source,
        turned,
        _places(cameras[0], turned, matrix, pictures[0].shape),
        (known[0], known[1]),
        reverse,
    )


def _parallel(along: Array, rotation: Array) -> Array:
    """Common axes (3, 3), as rows in the left camera's frame: X along the baseline, Z as near as can be to where both look."""
    import numpy as np

    ahead = np.array([0.0, 0.0, 1.0])
    looks = ahead + rotation.T @ ahead
    looks /= np.linalg.norm(looks)
    if abs(float(looks @ along)) > math.sin(math.radians(STEEPEST)):
        raise PairRefused(
            _(
                "one camera stands before the other rather than beside it: rows that show the same cannot "
                "be made of such a pair"
            ),
            cure=_("take the second picture a step to the side"),
        )
    down = np.cross(looks, along)
    down /= np.linalg.norm(down)
    made: Array = np.stack([along, down, np.cross(along, down)])
    return made


def _grid(
    cameras: list[Calibration], turns: tuple[Array, Array], focal: float, shape: tuple[int, ...]
) -> tuple[tuple[int, int], tuple[float, float]]:
    """Columns and rows of a grid that holds what both pictures show of the left one's rows, and its principal point."""
    import numpy as np

    spans = []
    for camera, turn in zip(cameras, turns, strict=True):
        seen = Camera.calibrated(camera)
        edge = [(x * camera.width, y * camera.height) for x in (0, 0.5, 1) for y in (0, 0.5, 1) if (x, y) != (0.5, 0.5)]
        rays = np.array([(*seen.direction(x, y), 1.0) for x, y in edge]) @ turn.T
        if rays[:, 2].min() < 0.1:
            raise PairRefused(
                _("the two cameras look too differently to be made parallel"),
                cure=_("take both pictures in about the same direction"),
            )
        flat = rays[:, :2] / rays[:, 2:] * focal
        spans.append((flat.min(axis=0), flat.max(axis=0)))
    low = np.minimum(spans[0][0], [spans[1][0][0], spans[0][0][1]])
    high = np.maximum(spans[0][1], [spans[1][1][0], spans[0][1][1]])
    longest = LARGEST * max(shape[:2])
    size = np.ceil(np.minimum(high - low, longest)).astype(int)
    return (int(size[0]), int(size[1])), (float(-low[0] - 0.5), float(-low[1] - 0.5))


def _lens(camera: Calibration) -> tuple[Array, Array]:
    """Matrix and coefficients as OpenCV takes them."""
    import numpy as np

    coefficients = camera.distortion.coefficients or (0.0,) * 4
    return np.array(camera.matrix, dtype=float), np.array(coefficients, dtype=float)


def _sources(camera: Calibration, turn: Array, matrix: Array, size: tuple[int, int]) -> tuple[Any, Any]:
    """Columns and rows of the picture that each pixel of the grid is taken from."""
    import cv2

    make = cv2.fisheye.initUndistortRectifyMap if _is_fisheye(camera) else cv2.initUndistortRectifyMap
    across, down = make(*_lens(camera), turn, matrix, size, cv2.CV_32FC1)
    return across, down


def _places(camera: Calibration, turn: Array, matrix: Array, shape: tuple[int, ...]) -> Array:
    """Where on the grid each pixel of the picture is, shape (rows, columns, 2), from the middle of the first pixel."""
    import cv2
    import numpy as np

    rows, columns = shape[:2]
    points = np.stack(np.meshgrid(np.arange(columns, dtype=float), np.arange(rows, dtype=float)), axis=-1).reshape(-1, 1, 2)
    enough = (cv2.TERM_CRITERIA_MAX_ITER + cv2.TERM_CRITERIA_EPS, 40, 1e-7)
    if _is_fisheye(camera):
        straight = cv2.fisheye.undistortPoints(points, *_lens(camera), None, turn, matrix, enough)
    else:
        straight = cv2.undistortPoints(points, *_lens(camera), None, turn, matrix, enough)
    return np.asarray(straight, dtype=float).reshape(rows, columns, 2)


def _is_fisheye(camera: Calibration) -> bool:
    return camera.distortion.model is LensModel.FISHEYE
