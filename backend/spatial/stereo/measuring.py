"""Disparity → depth: Z = f · B / d, over the left picture as it was given, and as points in space.

Depth is along the left camera's axis. Of a pair that had to be rectified it is carried back, so that it lies over the picture
that the user knows and that things are found in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backend.scene import DepthMap, DepthUnit
from backend.spatial.stereo.matching import disparity, steps_for
from backend.spatial.stereo.pair import Pair
from backend.spatial.stereo.rows import RowCheck, checked

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

STEP = 0.25
"""Pixels of disparity: about the error of a match, and the measure of what a distance is worth."""


@dataclass(frozen=True, slots=True, eq=False)
class Stereo:
    """What a pair says."""

    depth: DepthMap
    """Over the left picture; NaN where both pictures do not show the same."""
    points: npt.NDArray[np.float32] = field(repr=False)
    """Shape (N, 3): X right, Y down, Z forward from the left camera, in the map's unit."""
    colours: npt.NDArray[np.uint8] = field(repr=False)
    """Shape (N, 3): RGB."""
    reach: float
    """f · B: pixels times the map's unit. Depth is this divided by the disparity."""
    rows: RowCheck
    notes: tuple[str, ...] = ()

    @property
    def valid(self) -> float:
        """Share of the left picture of which depth is known, 0…1."""
        import numpy as np

        return float(np.isfinite(self.depth.values).mean())

    def error(self, distance: float) -> float:
        """What a quarter of a pixel is worth at that distance, in the map's unit: Z² / (f · B) · 1/4."""
        return distance * distance / self.reach * STEP


def measure(pair: Pair, names: tuple[str, str] = ("left", "right"), *, calibrated: bool = False) -> Stereo:
    """Depth of everything that both pictures show. Raises PairRefused where the pair is not what it claims to be."""
    import cv2
    import numpy as np

    rows = checked(pair, names, calibrated=calibrated)
    left, right = (np.asarray(cv2.cvtColor(side, cv2.COLOR_RGB2GRAY), dtype=np.uint8) for side in (pair.left, pair.right))
    shifts = disparity(left, right, steps_for(left.shape[1], rows.largest), reverse=pair.reverse)
    if pair.known is not None:
        shifts[~_covered(pair, shifts)] = np.nan
    reach = pair.focal * (1.0 if pair.baseline is None else pair.baseline)
    along = reach / shifts.astype(float)
    rays = _rays(pair, along.shape)
    places = rays * along[..., None]
    if pair.turned is not None:
        places = places @ pair.turned  # the transposed of a rotation is its inverse
    known = np.isfinite(along) & (places[..., 2] > 0)
    values = np.where(known, places[..., 2], np.nan)
    if pair.places is not None:
        values = _carried(values, pair.places)
    unit = DepthUnit.UP_TO_SCALE if pair.baseline is None else DepthUnit.METRES
    depth = DepthMap(values.astype(np.float32), unit, pair.width, pair.height, pair.source)
    notes = (rows.note,) if rows.note else ()
    return Stereo(depth, places[known].astype(np.float32), pair.left[known], reach, rows, notes)


def _rays(pair: Pair, shape: tuple[int, ...]) -> Array:
    """Directions of the grid's pixels, Z = 1, shape (rows, columns, 3)."""
    import numpy as np

    x, y = np.meshgrid((np.arange(shape[1]) + 0.5 - pair.cx) / pair.focal, (np.arange(shape[0]) + 0.5 - pair.cy) / pair.focal)
    return np.stack([x, y, np.ones_like(x)], axis=-1)


def _covered(pair: Pair, shifts: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Where both pictures have pixels: a grid reaches beyond them."""
    import numpy as np

    assert pair.known is not None
    here, there = pair.known
    rows, columns = np.indices(shifts.shape)
    shifted = np.nan_to_num(shifts, nan=0.0)
    at = np.rint(columns + shifted if pair.reverse else columns - shifted).astype(int)
    inside = (at >= 0) & (at < shifts.shape[1])
    covered: npt.NDArray[np.bool_] = here & inside & there[rows, np.clip(at, 0, shifts.shape[1] - 1)]
    return covered


def _carried(values: Array, places: Array) -> Array:
    """The grid's values at these places (rows, columns, 2) of it, the nearest pixel's; NaN outside."""
    import numpy as np

    columns, rows = np.rint(places[..., 0]).astype(int), np.rint(places[..., 1]).astype(int)
    inside = (columns >= 0) & (columns < values.shape[1]) & (rows >= 0) & (rows < values.shape[0])
    made = np.full(places.shape[:2], np.nan)
    made[inside] = values[rows[inside], columns[inside]]
    return made
