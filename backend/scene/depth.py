"""Depth for every pixel of a picture, and what its numbers mean: only metres are distances."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class DepthUnit(StrEnum):
    """What a depth map's numbers are."""

    INVERSE = "inverse"
    """Larger is nearer, up to an unknown scale and offset (MiDaS, Depth Anything): it orders, it does not measure."""
    UP_TO_SCALE = "up to scale"
    """Distance along the camera's axis in units that nobody knows: two free views of one scene."""
    METRES = "metres"
    """Distance along the camera's axis; `source` says by what it became metres."""


@dataclass(frozen=True, slots=True, eq=False)
class DepthMap:
    """Depth along the camera's axis, seen over a whole picture."""

    values: npt.NDArray[np.float32] = field(repr=False)
    """Rows from the top, shape (rows, columns): the picture's own size or smaller, stretched over all of it. NaN: not known."""
    unit: DepthUnit
    width: int
    height: int
    """Of the upright original that it lies over, pixels."""
    source: str
    """For the reader: which network, or which pair of pictures, and what its scale comes from."""
