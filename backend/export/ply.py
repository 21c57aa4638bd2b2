"""Point clouds as PLY (Greg Turk, The PLY Polygon File Format, 1994): binary, little-endian, a colour for every point.

MeshLab, CloudCompare, Blender and Open3D read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from backend.export.saving import write
from backend.sanitise import one_line

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_HEADER = """ply
format binary_little_endian 1.0
{comments}element vertex {count}
property float x
property float y
property float z
property uchar red
property uchar green
property uchar blue
end_header
"""


def ply_bytes(
    points: npt.NDArray[np.float32], colours: npt.NDArray[np.uint8], comments: Sequence[str] = ()
) -> tuple[bytes, int]:
    """The file of `points` (N, 3) with RGB `colours` (N, 3), and how many points it holds: those that are not finite are left
    out. `comments`: for whoever reads the header, such as unit and axes."""
    import numpy as np

    known = np.isfinite(points).all(axis=1)
    rows = np.empty(int(known.sum()), dtype=[("place", "<f4", 3), ("colour", "u1", 3)])
    rows["place"], rows["colour"] = points[known], colours[known]
    said = "".join(f"comment {one_line(comment, 200).encode('ascii', 'replace').decode()}\n" for comment in comments)
    return _HEADER.format(comments=said, count=len(rows)).encode("ascii") + rows.tobytes(), len(rows)


def save_ply(path: Path, points: npt.NDArray[np.float32], colours: npt.NDArray[np.uint8], comments: Sequence[str] = ()) -> int:
    """Write it, whole or not at all; returns how many points it holds. Raises NotSaved."""
    content, count = ply_bytes(points, colours, comments)
    write(content, path)
    return count
