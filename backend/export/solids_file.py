"""3D boxes as PLY (Greg Turk, The PLY Polygon File Format, 1994): eight corners and six faces each, in the colour of the
overlay.

The camera's frame: X right, Y down, Z forward, in metres as the model estimates them. Text, as there are few of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.export.palette import colour_of
from backend.sanitise import one_line
from backend.scene import Box3D, Finding
from backend.spatial.box3d import corners

_FACES = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))
"""By `corners`' indices, each seen from outside counter-clockwise in a right-handed frame."""


def solids_ply(findings: Sequence[Finding]) -> bytes:
    """The file of the 3D boxes among one picture's findings; finding `i` has the palette's colour `i`."""
    solids = [(place, one) for place, one in enumerate(findings) if isinstance(one, Box3D)]
    head = [
        *("ply", "format ascii 1.0"),
        "comment camera frame: X right, Y down, Z forward; metres, estimated by the model",
        *(f"comment {_ascii(one.id)} {_ascii(one.label)}".rstrip() for _, one in solids),
        f"element vertex {8 * len(solids)}",
        *(f"property float {axis}" for axis in "xyz"),
        *(f"property uchar {tone}" for tone in ("red", "green", "blue")),
        f"element face {6 * len(solids)}",
        "property list uchar int vertex_indices",
        "end_header",
    ]
    spots = [
        f"{x:.6g} {y:.6g} {z:.6g} {' '.join(map(str, colour_of(place)))}" for place, one in solids for x, y, z in corners(one)
    ]
    faces = [f"4 {' '.join(str(8 * at + corner) for corner in face)}" for at in range(len(solids)) for face in _FACES]
    return "\n".join((*head, *spots, *faces, "")).encode("ascii")


def _ascii(text: str) -> str:
    return one_line(text, 80).encode("ascii", "backslashreplace").decode("ascii")
