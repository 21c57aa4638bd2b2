"""What EXIF says of the lens, brought to the one number that survives resizing and turning: the 35 mm equivalent.

FocalLengthIn35mmFilm is taken where it is given; else the real focal length is compared with the sensor's size, which
follows from its resolution. Equivalents compare diagonals, so it does not matter how the camera was held. What cannot be
is not used: 0 stands for “unknown”, and a picture that was cropped since no longer has the field of view that EXIF tells.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from backend.language import _

FILM_DIAGONAL = math.hypot(36, 24)
"""Millimetres (CIPA DCG-001)."""
SHORTEST, LONGEST = 4.0, 3000.0
"""35 mm equivalents that lenses have, millimetres: below a circular fisheye's and above a superzoom's nothing is made."""
CROPPED = 0.03
"""Share by which the sides' ratio may differ from the one that EXIF gives; rounding to whole blocks stays below it."""

EXIF_IFD = 0x8769
_FOCAL, _FOCAL_35MM = 0x920A, 0xA405
_PIXELS_ACROSS, _PIXELS_DOWN = 0xA002, 0xA003
_RESOLUTION_ACROSS, _RESOLUTION_DOWN, _RESOLUTION_UNIT = 0xA20E, 0xA20F, 0xA210
_UNITS = {2: 25.4, 3: 10.0, 4: 1.0, 5: 0.001}
"""Millimetres in FocalPlaneResolutionUnit; 4 and 5 are not in the standard but in use. The inch unless it says otherwise."""


def focal_35mm(tags: Mapping[int, Any], width: int, height: int) -> tuple[float | None, str]:
    """The 35 mm equivalent in millimetres, None where there is none to believe, and why what is there was not believed.

    `tags`: the Exif IFD; `width`, `height`: of the picture as the file holds it, pixels.
    """
    stated = tags.get(_FOCAL_35MM)
    equivalent = _number(stated) or _from_sensor(tags, width, height)
    if equivalent is None:
        return None, "" if stated is None else _("EXIF's 35 mm equivalent of {stated} was ignored").format(
            stated=_shown(stated)
        )
    if not SHORTEST <= equivalent <= LONGEST:
        return None, _("EXIF's focal length, {equivalent:.4g} mm as 35 mm equivalent, cannot be and was ignored").format(
            equivalent=equivalent
        )
    across, down = _number(tags.get(_PIXELS_ACROSS)), _number(tags.get(_PIXELS_DOWN))
    if across and down and abs(_ratio(across, down) / _ratio(width, height) - 1) > CROPPED:
        return None, _(
            "EXIF's focal length was ignored: the picture was cropped since ({across:.0f}×{down:.0f} px when taken)"
        ).format(across=across, down=down)
    return equivalent, ""


def _from_sensor(tags: Mapping[int, Any], width: int, height: int) -> float | None:
    """From the real focal length and the sensor's resolution, which is that of the picture when it was taken."""
    focal, resolution = _number(tags.get(_FOCAL)), _number(tags.get(_RESOLUTION_ACROSS))
    if focal is None or resolution is None:
        return None
    unit = tags.get(_RESOLUTION_UNIT)
    millimetres = _UNITS.get(unit, 25.4) if isinstance(unit, int) else 25.4
    across = (_number(tags.get(_PIXELS_ACROSS)) or width) / resolution
    down = (_number(tags.get(_PIXELS_DOWN)) or height) / (_number(tags.get(_RESOLUTION_DOWN)) or resolution)
    return focal * FILM_DIAGONAL / (math.hypot(across, down) * millimetres)


def _number(value: Any) -> float | None:
    """A positive finite number, whatever EXIF holds instead of one (0/0, text, several numbers)."""
    try:
        number = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if 0 < number < math.inf else None


def _ratio(a: float, b: float) -> float:
    """Of the longer side to the shorter: some programs turn a picture and leave its EXIF."""
    return max(a, b) / min(a, b)


def _shown(value: Any) -> str:
    """A value from EXIF in a few characters, whatever it is."""
    return repr(value)[:20] if isinstance(value, bytes | str | tuple) else f"{value} mm"[:20]
