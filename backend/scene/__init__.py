"""The vocabulary: what is seen (`pictures`, `cameras`, `depth`), what was found in it (`findings`), what is said about that
(`claims`), and what became of it in another picture (`changes`).

Pure data, which everything above shares. Coordinates are pixels of the upright original, everywhere.
"""

from backend.scene.cameras import Calibration, Distortion, LensModel, StereoCalibration
from backend.scene.changes import CameraMotion, Change, ChangeKind, MotionKind
from backend.scene.claims import AskedAgain, Check, Claim, Relation, Ruling, Span, Tag, Verdict, Witness
from backend.scene.depth import DepthMap, DepthUnit
from backend.scene.findings import Attribute, Box, Box3D, Corners, Finding, Point, SecondLook
from backend.scene.pictures import Intrinsics, Picture, Raster, Units, View, Window

__all__ = [
    "AskedAgain",
    "Attribute",
    "Box",
    "Box3D",
    "Calibration",
    "CameraMotion",
    "Change",
    "ChangeKind",
    "Check",
    "Claim",
    "Corners",
    "DepthMap",
    "DepthUnit",
    "Distortion",
    "Finding",
    "Intrinsics",
    "LensModel",
    "MotionKind",
    "Picture",
    "Point",
    "Raster",
    "Relation",
    "Ruling",
    "SecondLook",
    "Span",
    "StereoCalibration",
    "Tag",
    "Units",
    "Verdict",
    "View",
    "Window",
    "Witness",
]
