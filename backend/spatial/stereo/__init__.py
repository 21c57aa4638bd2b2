"""Depth from two pictures of one scene: a rectified pair, a calibrated one, or two free views up to scale."""

from backend.spatial.stereo.free import FreeViews, measure_free
from backend.spatial.stereo.measuring import Stereo, measure
from backend.spatial.stereo.pair import Pair, calibrated_pair, rectified_pair
from backend.spatial.stereo.refusal import PairRefused

__all__ = [
    "FreeViews",
    "Pair",
    "PairRefused",
    "Stereo",
    "calibrated_pair",
    "measure",
    "measure_free",
    "rectified_pair",
]
