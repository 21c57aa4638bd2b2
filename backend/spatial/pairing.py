"""Which rectangle belongs to which solid box: the one of the same name, and of several the one that it covers best."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from backend.scene import Box, Box3D
from backend.spatial.box3d import outline
from backend.spatial.camera import Camera


def paired(solids: Sequence[Box3D], boxes: Sequence[Box], cameras: Sequence[Camera]) -> dict[str, Box]:
    """The rectangle of each solid box, by its id; no rectangle twice, and none where the names or the pictures differ.

    `cameras`: one for each picture. Of all pairs the one with the largest IoU is taken first; pairs that do not overlap at all
    come last, in the order of their distance, so that a solid box in a wrong place still meets the rectangle it is wrong about.
    """
    by_name: defaultdict[tuple[int, str], list[Box]] = defaultdict(list)
    for box in boxes:
        by_name[_name(box)].append(box)
    offers = sorted(
        (
            (*_mismatch(projected(solid, cameras[solid.picture]), box), solid.id, box)
            for solid in solids
            for box in by_name[_name(solid)]
        ),
        key=lambda offer: offer[:2],
    )
    pairs: dict[str, Box] = {}
    taken: set[str] = set()
    for _, _, solid_id, box in offers:
        if solid_id not in pairs and box.id not in taken:
            pairs[solid_id] = box
            taken.add(box.id)
    return pairs


def projected(solid: Box3D, camera: Camera) -> Box | None:
    """The rectangle around what is seen of a solid box, cut at the picture's edge; None where all of it is behind the camera.

    One that lies beside the picture is cut to a line on its edge.
    """
    seen = outline(solid, camera)
    return None if seen is None else seen.clamped(camera.width, camera.height)


def _name(finding: Box | Box3D) -> tuple[int, str]:
    return finding.picture, finding.label.strip().casefold()


def _mismatch(seen: Box | None, box: Box) -> tuple[float, float]:
    """Sorted by this, pairs come best first."""
    return (1.0, math.inf) if seen is None else (1 - seen.iou(box), math.dist(seen.centre, box.centre))
