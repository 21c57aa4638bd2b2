"""The vocabulary: what is seen (`pictures`, `depth`), what was found in it (`findings`) and what is said about that (`claims`).

Pure data, which everything above shares. Coordinates are pixels of the upright original, everywhere.
"""

from backend.scene.claims import AskedAgain, Check, Claim, Relation, Ruling, Span, Tag, Verdict, Witness
from backend.scene.depth import DepthMap, DepthUnit
from backend.scene.findings import Attribute, Box, Box3D, Corners, Finding, Point, SecondLook
from backend.scene.pictures import Intrinsics, Picture, Raster, Units, View, Window

__all__ = [
    "AskedAgain",
    "Attribute",
    "Box",
    "Box3D",
    "Check",
    "Claim",
    "Corners",
    "DepthMap",
    "DepthUnit",
    "Finding",
    "Intrinsics",
    "Picture",
    "Point",
    "Raster",
    "Relation",
    "Ruling",
    "SecondLook",
    "Span",
    "Tag",
    "Units",
    "Verdict",
    "View",
    "Window",
    "Witness",
]
