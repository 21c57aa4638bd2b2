"""Findings as the shapes that SVG draws, in pixels of the upright original."""

from __future__ import annotations

from dataclasses import dataclass

from backend.export.palette import colour_for
from backend.language import _
from backend.scene import Box, Box3D, Finding, Point
from backend.spatial.box3d import wireframe
from backend.spatial.camera import Camera


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding in its picture."""

    kind: str
    """box, point or solid."""
    colour: str
    """#rrggbb, as on every overlay."""
    where: str
    """Its place in words and numbers, for the table."""
    rect: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """x, y, width and height, inside the picture."""
    path: str = ""
    """A solid box's edges, as SVG writes a path."""
    label: tuple[float, float] = (0.0, 0.0)
    """Where its name begins."""


def marks(finding: Finding, place: int, size: tuple[int, int], camera: Camera | None) -> Mark:
    """How finding number `place` (from 0) of an answer is drawn in a picture of that size."""
    colour = "#" + "".join(f"{tone:02x}" for tone in colour_for(place, finding))
    match finding:
        case Box():
            seen = finding.clamped(*size)
            where = f"x {finding.x1:.0f}–{finding.x2:.0f}, y {finding.y1:.0f}–{finding.y2:.0f} px"
            rect = tuple(round(value, 1) for value in (seen.x1, seen.y1, seen.width, seen.height))
            return Mark("box", colour, where, (rect[0], rect[1], rect[2], rect[3]), label=(rect[0], rect[1]))
        case Point():
            where = f"x {finding.x:.0f}, y {finding.y:.0f} px"
            spot = (round(finding.x, 1), round(finding.y, 1))
            return Mark("point", colour, where, (*spot, 0.0, 0.0), label=spot)
        case Box3D():
            (x, y, z), (across, up, deep) = finding.centre, finding.size
            where = _("({x:.2f}, {y:.2f}, {z:.2f}) m, {across:.2f} × {up:.2f} × {deep:.2f} m, the model's estimate").format(
                x=x, y=y, z=z, across=across, up=up, deep=deep
            )
            lines = [] if camera is None else wireframe(finding, camera)
            path = "".join(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" for (x1, y1), (x2, y2) in lines)
            ends = [end for line in lines for end in line]
            corner = (min(x for x, _y in ends), min(y for _x, y in ends)) if ends else (0.0, 0.0)
            return Mark("solid", colour, where, path=path, label=corner)
