"""Disparity by semi-global matching (Hirschmüller 2008; OpenCV's StereoSGBM), in both directions, and only what both agree on.

What one camera sees and the other does not has no disparity, and gets none: a pixel is kept where the right picture's match
leads back to it. OpenCV interpolates to sixteenths of a pixel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Grey = npt.NDArray[np.uint8]
    Disparity = npt.NDArray[np.float32]
    """Shape (rows, columns): pixels by which the right picture shows it further left; NaN: not known."""

BACK = 1.0
"""Pixels that the way there and back may differ by."""
LEAST = 1.0
"""Pixels: less is as good as infinitely far."""
_SIXTEENTHS = 16.0
_UNIQUE = 5
"""Per cent by which the best match must be better than any other that is not beside it."""
_ALL_WAYS = 6e7
"""Cells (pixels times disparities) up to which paths run in all eight directions, at four bytes a cell; beyond, in five."""
_SPECK, _JUMP = 60, 1
"""Patches of fewer pixels that stand out by more than this many pixels of disparity are dropped."""


def block_of(columns: int) -> int:
    """Side of the matched blocks, pixels, odd: small pictures have no room for large ones."""
    return 3 if columns < 700 else 5


def steps_for(columns: int, largest: float | None) -> int:
    """Disparities to be tried, a multiple of 16: a quarter more than what marks were shifted by, else a sixth of the width."""
    reach = columns / 6 if largest is None else 1.25 * largest + 8
    return 16 * max(1, min(round(columns / 2), int(reach)) // 16 + 1)


def disparity(left: Grey, right: Grey, steps: int, *, reverse: bool = False) -> Disparity:
    """Of the left picture, up to `steps` pixels; `reverse`: things are further *right* in the other picture.

    Both of shape (rows, columns). Needs OpenCV.
    """
    if reverse:
        flipped: Disparity = disparity(left[:, ::-1], right[:, ::-1], steps)[:, ::-1]
        return flipped
    import numpy as np

    there = _one_way(left, right, steps)
    back = _one_way(right[:, ::-1], left[:, ::-1], steps)[:, ::-1]
    rows, columns = np.indices(left.shape)
    matched = np.rint(columns - np.nan_to_num(there, nan=0.0)).astype(int)
    inside = np.isfinite(there) & (matched >= 0)
    led = back[rows, np.clip(matched, 0, None)]
    kept = inside & (np.abs(led - there) <= BACK) & (there >= LEAST)
    there[~kept] = np.nan
    return there


def _one_way(left: Grey, right: Grey, steps: int) -> Disparity:
    import cv2
    import numpy as np

    block, cells = block_of(left.shape[1]), left.shape[0] * (left.shape[1] + steps) * steps
    matcher = cv2.StereoSGBM.create(
        minDisparity=0,
        numDisparities=steps,
        blockSize=block,
        P1=8 * block * block,  # OpenCV's own proposal for the two smoothness penalties
        P2=32 * block * block,
        disp12MaxDiff=-1,
        preFilterCap=31,
        uniquenessRatio=_UNIQUE,
        speckleWindowSize=_SPECK,
        speckleRange=_JUMP,
        mode=cv2.StereoSGBM_MODE_HH if cells <= _ALL_WAYS else cv2.StereoSGBM_MODE_SGBM,
    )
    # The first `steps` columns are never matched: so they are given columns to the left of them, which are cut off again.
    wide = [np.pad(side, ((0, 0), (steps, 0)), mode="edge") for side in (left, right)]
    found: Disparity = matcher.compute(wide[0], wide[1]).astype(np.float32)[:, steps:] / np.float32(_SIXTEENTHS)
    found[found < 0] = np.nan
    return found
