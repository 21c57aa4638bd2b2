"""What a HEIC file holds beside its picture: the camera it was taken with, and how far everything was.

Both are said in the file's own terms, and taken no further than they go. A depth image is numbers from 0 to 255 and a message
that says what they mean (ITU-T H.265, G.14.2.3): uniform in 1 / distance or in distance, between a nearest and a farthest, are
distances; disparity, which phones with two lenses write, orders and does not measure. HEVC names no unit; files mean metres.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from backend.language import _
from backend.scene import Calibration, DepthMap, DepthUnit

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

_UNIFORM_INVERSE, _UNIFORM_DISPARITY, _UNIFORM_Z = 0, 1, 2
_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
_SHAPE = 0.03
"""Share by which the shapes of picture and depth may differ; whole blocks round."""


def calibration_of(info: Mapping[Any, Any], width: int, height: int) -> Calibration | None:
    """The camera that a file's `cmin` property tells, scaled to a picture of that size as it is shown; None where it tells none
    that can be."""
    heif = info.get("heif")
    said = heif.get("camera_intrinsic_matrix") if isinstance(heif, Mapping) else None
    if not isinstance(said, Mapping):
        return None
    try:
        fx, fy, cx, cy = (
            float(said[name]) for name in ("focal_length_x", "focal_length_y", "principal_point_x", "principal_point_y")
        )
        # It counts from the picture's corner, and a calibration from the middle of the first pixel.
        made = Calibration(width, height, fx, fy, cx - 0.5, cy - 0.5, source=_("the camera that the HEIC file names"))
    except (KeyError, TypeError, ValueError):
        return None
    return made if 0 <= cx <= width and 0 <= cy <= height and max(fx, fy) <= 2 * min(fx, fy) else None


def is_heic(data: bytes) -> bool:
    """Whether that is the beginning of such a file, by the brand that it names (ISO/IEC 23008-12, 10.2)."""
    return data[4:8] == b"ftyp" and data[8:12] in _BRANDS


def thumbnail_in(data: bytes) -> Image.Image | None:
    """The largest thumbnail in the data of such a file, upright (libheif turns it as its own properties say) and RGB; None
    where there is none. Raises what libheif does of damaged data."""
    import pillow_heif

    shown = pillow_heif.open_heif(io.BytesIO(data))
    sides = shown.info.get("thumbnails") or []
    if not sides:
        return None
    small: Image.Image = shown[shown.primary_index].get_thumbnail(sides.index(max(sides))).to_pillow().convert("RGB")
    return small


def depth_of(info: Mapping[Any, Any], width: int, height: int) -> tuple[DepthMap | None, str]:
    """The depth image of a file, `info` being what Pillow says of it, for a picture of that size as it is shown; or why the one
    that is there cannot be used (empty where there is none). Raises what libheif does of damaged data."""
    import numpy as np

    held = info.get("depth_images") or []
    if not held:
        return None, ""
    across, down = held[0].size
    if abs(across / down * height / width - 1) > _SHAPE or across * down > width * height:  # before it takes any memory
        return None, _("its depth image of {width}×{height} px has another shape than the picture, and was ignored").format(
            width=across, height=down
        )
    image, said = held[0].to_pillow(), held[0].info.get("metadata") or {}
    shares = np.asarray(image.convert("L"), np.float32) / np.float32(255)
    kind, near, far = said.get("representation_type"), said.get("z_near"), said.get("z_far")
    measured = near is not None and far is not None and 0 < near < far
    source = _("the depth image of the HEIC file, {width}×{height} px").format(width=image.width, height=image.height)
    if kind == _UNIFORM_DISPARITY or (kind == _UNIFORM_INVERSE and not measured):
        source = _("{source}: it orders and does not measure").format(source=source)
        return DepthMap(shares, DepthUnit.INVERSE, width, height, source), ""
    if kind not in (_UNIFORM_INVERSE, _UNIFORM_Z) or not measured:
        return None, _("the file does not say what the numbers of its depth image mean, and it was ignored")
    assert near is not None
    assert far is not None
    values = _metres(shares, float(near), float(far), inverse=kind == _UNIFORM_INVERSE)
    source = _("{source}, from {near:.3g} to {far:.3g} m as it says").format(source=source, near=near, far=far)
    return DepthMap(values, DepthUnit.METRES, width, height, source), ""


def _metres(shares: npt.NDArray[np.float32], near: float, far: float, *, inverse: bool) -> npt.NDArray[np.float32]:
    """255 is the nearest where it is the inverse that is uniform, and the farthest where it is the distance."""
    import numpy as np

    if inverse:
        return np.asarray(1 / (shares * (1 / near - 1 / far) + 1 / far), np.float32)
    return np.asarray(near + shares * (far - near), np.float32)
