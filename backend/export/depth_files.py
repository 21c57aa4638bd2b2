"""Depth maps as files for other programs: NumPy's own, and the 16-bit PNG in millimetres that ROS and depth data sets use."""

from __future__ import annotations

import io
from pathlib import Path

from backend.errors import UsageError
from backend.export.saving import save, write
from backend.language import _
from backend.scene import DepthMap, DepthUnit

FARTHEST_MM = 65535
"""What 16 bits hold; what is farther counts as not known."""


def save_array(path: Path, depth: DepthMap) -> None:
    """The numbers as they are (.npy, float32, NaN where nothing is known). Raises NotSaved."""
    import numpy as np

    content = io.BytesIO()
    np.save(content, depth.values.astype(np.float32))
    write(content.getbuffer(), path)


def save_millimetres(path: Path, depth: DepthMap) -> None:
    """A 16-bit grey PNG: millimetres, 0 where nothing is known (ROS REP 118). Raises NotSaved, UsageError for other units."""
    import numpy as np
    from PIL import Image

    if depth.unit is not DepthUnit.METRES:
        raise UsageError(_("only metres can be written as millimetres"), cure=_("write the numbers themselves, as .npy"))
    millimetres = np.rint(np.nan_to_num(depth.values.astype(np.float64) * 1000, nan=0.0, posinf=0.0))
    millimetres[(millimetres < 0) | (millimetres > FARTHEST_MM)] = 0
    save(Image.fromarray(millimetres.astype(np.uint16)), path)
