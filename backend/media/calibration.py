"""Calibration files → cameras: what OpenCV's programs, its tutorials and ROS call the numbers, and what cannot be a camera.

    read_calibration(path, size)         one camera
    read_stereo(path, other, size)       two, and how they stand to each other

A file that says for which pictures it was made is scaled to others by whoever uses it (`Calibration.resized`); one that does
not is taken to have been made for pictures of `size`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from backend.errors import CalibrationError
from backend.language import N_, _
from backend.media.calibration_file import entries
from backend.sanitise import one_line
from backend.scene import Calibration, Distortion, LensModel, StereoCalibration
from backend.scene.cameras import Matrix, Row

UNEVEN = 2.0
"""Most that the two focal lengths may differ by, as a factor: an anamorphic lens; beyond it a number was mistyped."""

_CAMERA = ("camera_matrix", "camera_mat", "intrinsic_matrix", "intrinsics", "mtx", "k", "m")
_BENT = (
    "distortion_coefficients",
    "distortion_coeffs",
    "dist_coefficients",
    "dist_coeffs",
    "dist_coef",
    "distortion",
    "dist",
    "d",
)
_MODEL = ("distortion_model", "camera_model")
_ROTATION = ("rotation_matrix", "rotation", "r")
_TRANSLATION = ("translation_vector", "translation", "t")
_RECTIFICATION = ("rectification_matrix", "rectification", "r")
_PROJECTION = ("projection_matrix", "projection", "p")
_SIDES = (("1", "left", "l", "0"), ("2", "right", "r", "1"))
"""What a pair's names begin or end with; where the left one is called 0, the right one is called 1."""
_LENSES = {
    "plumb_bob": LensModel.BROWN,
    "brown_conrady": LensModel.BROWN,
    "radtan": LensModel.BROWN,
    "rational_polynomial": LensModel.RATIONAL,
    "equidistant": LensModel.FISHEYE,
    "fisheye": LensModel.FISHEYE,
    "kannala_brandt": LensModel.FISHEYE,
    "none": LensModel.PINHOLE,
    "": LensModel.PINHOLE,
}
_LENGTHS = {
    LensModel.PINHOLE: (0,),
    LensModel.BROWN: (0, 4, 5),
    LensModel.RATIONAL: (8, 12, 14),
    LensModel.FISHEYE: (4,),
}


_CURE = N_("calibrate again, or tell the camera with --fov or --intrinsics")


class _Unusable(Exception):
    """What is wrong with the file, in words that go on from its name."""

    def __init__(self, reason: str, cure: str = _CURE) -> None:
        super().__init__(reason)
        self.cure = cure


def read_calibration(path: str | Path, size: tuple[int, int] | None = None) -> Calibration:
    """The camera of a file. `size`: of the pictures that it is for, where the file does not say.

    Raises CalibrationError, and MissingExtra where the file is YAML and nothing reads it.
    """
    path = Path(path)
    found = _named(entries(path))
    try:
        return _camera(found, "", path, size)
    except (_Unusable, ValueError) as error:
        for sides in zip(*_SIDES, strict=True):
            if all(isinstance(_value(found, _CAMERA, side), Mapping | list) for side in sides):
                cure = _("give the calibration of one camera here; pairs are for sightline stereo")
                raise CalibrationError(path, _("it is of a pair of cameras"), cure=cure) from error
        raise CalibrationError(path, str(error), cure=getattr(error, "cure", _CURE)) from error


def read_stereo(path: str | Path, other: str | Path | None = None, size: tuple[int, int] | None = None) -> StereoCalibration:
    """The pair of cameras of a file; or of two: OpenCV's intrinsics and extrinsics, or ROS's camera_info left and right.

    `size`: of the pictures that it is for, where the files do not say. Raises as `read_calibration` does.
    """
    path = Path(path)
    first = _named(entries(path))
    second = None if other is None else _named(entries(Path(other)))
    try:
        if second is not None and _value(first, _PROJECTION) is not None and _value(second, _PROJECTION) is not None:
            assert other is not None
            return _from_ros(first, second, path, Path(other), size)
        return _pair({**first, **(second or {})}, path, size)
    except (_Unusable, ValueError) as error:
        raise CalibrationError(path, str(error), cure=getattr(error, "cure", _CURE)) from error


def _pair(found: Mapping[str, Any], path: Path, size: tuple[int, int] | None) -> StereoCalibration:
    """From names with a side each, as in OpenCV's stereo_calib (M1, D1, M2, D2, R, T)."""
    for left, right in zip(*_SIDES, strict=True):
        if _value(found, _CAMERA, left) is not None and _value(found, _CAMERA, right) is not None:
            rotation, translation = _value(found, _ROTATION), _value(found, _TRANSLATION)
            if rotation is None or translation is None:
                raise _Unusable(_("it says nothing of how its two cameras stand to each other (R and T)"))
            return StereoCalibration(
                _camera(found, left, path, size),
                _camera(found, right, path, size),
                _three_by_three(rotation, "rotation"),
                _row(_numbers(translation, "translation"), "translation"),
            )
    raise _Unusable(_("it is not of a pair of cameras: there is no camera matrix for each side"))


def _from_ros(
    left: Mapping[str, Any], right: Mapping[str, Any], path: Path, other: Path, size: tuple[int, int] | None
) -> StereoCalibration:
    """From two camera_info: both are rotated into common axes, in which the right one's projection holds −fx · baseline."""
    to_left = _three_by_three(_value(left, _RECTIFICATION), _("rectification matrix"))
    to_right = _three_by_three(_value(right, _RECTIFICATION), _("rectification matrix"))
    projection = _numbers(_value(right, _PROJECTION), _("projection matrix"))
    if len(projection) != 12 or projection[0] <= 0:
        raise _Unusable(_("its projection matrix is not 3×4, or has no focal length"))
    back = tuple(zip(*to_right, strict=True))
    shift = projection[3] / projection[0]
    rotation = tuple(_row([sum(back[i][k] * to_left[k][j] for k in range(3)) for j in range(3)], "rotation") for i in range(3))
    return StereoCalibration(
        _camera(left, "", path, size),
        _camera(right, "", other, size),
        (rotation[0], rotation[1], rotation[2]),
        _row([row[0] * shift for row in back], "translation"),
    )


def _camera(found: Mapping[str, Any], side: str, path: Path, size: tuple[int, int] | None) -> Calibration:
    """One camera, checked for what no camera is."""
    given = _value(found, _CAMERA, side)
    if given is None:
        raise _Unusable(_("it holds no camera matrix (camera_matrix or K)"))
    (fx, skew, cx), (below, fy, cy), last = _three_by_three(given, _("camera matrix"))
    if max(abs(skew), abs(below)) > 0.01 * abs(fx) or last != (0.0, 0.0, 1.0):
        raise _Unusable(_("its camera matrix is not of the form fx 0 cx, 0 fy cy, 0 0 1"))
    stated = _size(found, side) or size
    if stated is None:
        said = _("it does not say for which size of pictures it was made")
        raise _Unusable(said, _("add image_width and image_height to it"))
    width, height = stated
    made = Calibration(width, height, fx, fy, cx, cy, _distortion(found, side), f"calibration {one_line(path.name, 60)}")
    if max(fx, fy) > UNEVEN * min(fx, fy):
        raise _Unusable(_("its focal lengths, {fx:g} and {fy:g} px, are too far apart for one lens").format(fx=fx, fy=fy))
    if not (-0.5 <= cx <= width - 0.5 and -0.5 <= cy <= height - 0.5):
        raise _Unusable(
            _("its principal point, {cx:g},{cy:g}, lies outside a picture of {width}×{height} px").format(
                cx=cx, cy=cy, width=width, height=height
            )
        )
    return made


def _distortion(found: Mapping[str, Any], side: str) -> Distortion:
    """The lens: by its model's name where there is one, else by how many coefficients there are."""
    given = _value(found, _BENT, side)
    coefficients = [] if given is None else _numbers(given, "distortion")
    stated = _value(found, _MODEL, side) or _value(found, _MODEL)
    if stated is not None and str(stated).lower() != "pinhole":
        name = str(stated).lower().replace("-", "_").replace(" ", "_")
        if name not in _LENSES:
            known = ", ".join(name for name in _LENSES if name)
            raise _Unusable(
                _("its distortion model “{stated}” is not known (known are {known})").format(
                    stated=one_line(str(stated), 40), known=known
                )
            )
        model = _LENSES[name]
    elif str(_value(found, ("fisheye_model", "fisheye"), side) or 0).lower() in ("1", "true"):
        model = LensModel.FISHEYE
    else:
        model = LensModel.BROWN if len(coefficients) <= 5 else LensModel.RATIONAL
    if model is LensModel.PINHOLE and not any(coefficients):
        return Distortion()
    if model is LensModel.BROWN and len(coefficients) > 5:  # OpenCV pads its own with zeros
        model = LensModel.RATIONAL if any(coefficients[5:]) else model
        coefficients = coefficients if model is LensModel.RATIONAL else coefficients[:5]
    if len(coefficients) not in _LENGTHS[model]:
        wanted = " or ".join(map(str, _LENGTHS[model]))
        raise _Unusable(
            _("its {value} distortion has {count} coefficients instead of {wanted}").format(
                value=model.value, count=len(coefficients), wanted=wanted
            )
        )
    if len(coefficients) == 14 and any(coefficients[12:]):
        raise _Unusable(_("its sensor is tilted (τx, τy), which is not supported"))
    if model is not LensModel.FISHEYE and not any(coefficients):
        return Distortion()
    return Distortion(model, tuple(coefficients[:12]))


def _size(found: Mapping[str, Any], side: str) -> tuple[int, int] | None:
    """Of the pictures it was made for; None where it does not say."""
    across = _first(found, ("image_width", "width"), side)
    down = _first(found, ("image_height", "height"), side)
    both = _first(found, ("image_size", "img_size", "size", "resolution"), side)
    if isinstance(both, Mapping):
        across, down = both.get("width"), both.get("height")
    elif both is not None:
        numbers = _numbers(both, _("picture size"))
        if len(numbers) == 2:
            across, down = numbers
    if across is None or down is None:
        return None
    numbers = _numbers([across, down], _("picture size"))
    if len(numbers) != 2:
        raise _Unusable(_("its picture size has {count} numbers, and 2 are wanted").format(count=len(numbers)))
    width, height = numbers
    if not (1 <= width <= 1e6 and 1 <= height <= 1e6):
        raise _Unusable(
            _("it was made for pictures of {width:g}×{height:g} px, which there are none of").format(width=width, height=height)
        )
    return round(width), round(height)


def _named(found: Mapping[str, Any]) -> dict[str, Any]:
    """Names without case and underscores, of which people are not sure."""
    return {_plain(name): value for name, value in found.items()}


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()


def _value(found: Mapping[str, Any], names: Iterable[str], side: str = "") -> Any:
    """The first of these names that is there, with its side before or after it."""
    for name in names:
        for spelled in {_plain(name) + side: None, side + _plain(name): None}:
            if found.get(spelled) is not None:
                return found[spelled]
    return None


def _first(found: Mapping[str, Any], names: Sequence[str], side: str) -> Any:
    """Of this side, else of both."""
    of_side = _value(found, names, side)
    return of_side if of_side is not None else _value(found, names)


def _numbers(value: Any, what: str) -> list[float]:
    """All numbers of a matrix or a list, in rows. Raises _Unusable where there is something else, or NaN."""
    if isinstance(value, Mapping):
        data = value.get("data")
        if data is None:
            raise _Unusable(_("its {what} has no data").format(what=what))
        numbers = _numbers(data, what)
        rows, cols = value.get("rows"), value.get("cols")
        if rows is not None and cols is not None and math.prod(_numbers([rows, cols], what)) != len(numbers):
            raise _Unusable(
                _("its {what} of {value} has {count} numbers").format(
                    what=what, value=one_line(f"{rows}×{cols}", 20), count=len(numbers)
                )
            )
        return numbers
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    elif isinstance(value, bool) or not isinstance(value, Iterable):
        value = [value]
    made: list[float] = []
    for item in value:
        if isinstance(item, list | tuple):
            made += _numbers(item, what)
            continue
        try:
            number = float(str(item).lower().replace(".nan", "nan").replace(".inf", "inf"))  # OpenCV writes .Nan
        except ValueError:
            raise _Unusable(
                _("its {what} holds “{item}”, which is no number").format(what=what, item=one_line(str(item), 40))
            ) from None
        if not math.isfinite(number):
            raise _Unusable(_("its {what} holds a number that is not finite").format(what=what))
        made.append(number)
    return made


def _three_by_three(value: Any, what: str) -> Matrix:
    numbers = [] if value is None else _numbers(value, what)
    if len(numbers) != 9:
        raise _Unusable(_("its {what} has {count} numbers, and 3×3 are wanted").format(what=what, count=len(numbers)))
    return _row(numbers[:3], what), _row(numbers[3:6], what), _row(numbers[6:], what)


def _row(numbers: Sequence[float], what: str) -> Row:
    if len(numbers) != 3:
        raise _Unusable(_("its {what} has {count} numbers, and 3 are wanted").format(what=what, count=len(numbers)))
    return numbers[0], numbers[1], numbers[2]
