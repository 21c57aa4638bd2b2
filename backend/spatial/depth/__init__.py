"""What a depth map says of findings: how far each is, which is nearer, and, where some distances are known, metres."""

from backend.spatial.depth.anchors import Anchor, known_distances, solid_anchors
from backend.spatial.depth.ordering import Order, nearest_first, order
from backend.spatial.depth.sampling import FindingDepth, depth_of, measured, shows_depth
from backend.spatial.depth.scale import FitRefused, Scale, fitted, in_metres
from backend.spatial.depth.testimony import witness_of

__all__ = [
    "Anchor",
    "FindingDepth",
    "FitRefused",
    "Order",
    "Scale",
    "depth_of",
    "fitted",
    "in_metres",
    "known_distances",
    "measured",
    "nearest_first",
    "order",
    "shows_depth",
    "solid_anchors",
    "witness_of",
]
