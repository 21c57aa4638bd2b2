"""The scene from above as a picture of its own: the camera's field of view, distances, and the footprint of every 3D box.

Numbers and colours are those of the overlay. The metres are the model's estimate, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from backend.export.ground_page import LIGHT, GroundPage, Paper
from backend.export.palette import colour_of
from backend.export.saving import check_destination, save
from backend.export.strokes import Pen
from backend.language import _, ngettext
from backend.sanitise import one_line
from backend.scene import Finding
from backend.spatial.camera import Camera
from backend.spatial.topdown import Plan, plan

__all__ = ["draw_topdown", "paint_topdown", "save_topdown"]

_LONGER_SIDE = 960
"""Pixels of the page's longer side, without its margins."""
_SHORTEST_SIDE = 320
_MARGIN = 52
_LETTER = 14
_PAPER, _SEEN = LIGHT.page, LIGHT.seen
_LONGEST = 40
_LEAST = 40
"""Pixels of ground that a page shows at least; on a smaller one nothing would be told apart."""


def draw_topdown(findings: Sequence[Finding], camera: Camera, source: str = "") -> Image.Image:
    """The page for the 3D boxes among `findings` of one picture; finding `i` has the palette's colour `i` and number i + 1.

    `source`: how the camera is known, for the line above.
    """
    shown = plan(findings, camera)
    scale = _LONGER_SIDE / max(shown.width, shown.depth)
    width, height = (max(_SHORTEST_SIDE, round(side * scale)) + 2 * _MARGIN for side in (shown.width, shown.depth))
    page = GroundPage(shown.near, shown.far, (width, height), _MARGIN, Pen.for_picture(width, height))
    known = _("camera: {how}").format(how=one_line(source, 60)) if source else ""
    _fill(page, shown, known, _LETTER, frozenset())
    return page.image


def paint_topdown(
    size: tuple[int, int], findings: Sequence[Finding], camera: Camera, pen: Pen, paper: Paper, selected: frozenset[int]
) -> Image.Image | None:
    """The same on a page of that `size` in pixels, the indices `selected` drawn bolder; None where there is no room, or no font
    for what has to be written."""
    shown, margin = plan(findings, camera), 3 * pen.text
    if min(size) - 2 * margin < _LEAST:
        return None
    page = GroundPage(shown.near, shown.far, size, margin, pen, paper)
    _fill(page, shown, "", pen.text, selected)
    return None if page.unwritten else page.image


def save_topdown(path: str | Path, findings: Sequence[Finding], camera: Camera, source: str = "") -> None:
    """Draw and write, in the format of the suffix. Raises UsageError or NotSaved."""
    path = Path(path)
    check_destination(path)
    save(draw_topdown(findings, camera, source), path)


def _fill(page: GroundPage, shown: Plan, known: str, letter: int, selected: frozenset[int]) -> None:
    """Everything that stands on the page; `letter`: height of what is written at its edges."""
    _ground(page, shown, letter)
    labels = []
    for one in sorted(shown.footprints, key=lambda one: one.index in selected):
        number = f"{one.index + 1}"
        texts = (f"{number} {one_line(one.label, _LONGEST)}".strip(), number)
        labels.append(page.stand(one.hull, colour_of(one.index), texts, bold=one.index in selected))
    page.put(labels)
    far = ""
    if shown.left_out:
        far = ngettext("{count} too far away to be drawn", "{count} too far away to be drawn", shown.left_out)
    left, middle = page.inner[0], page.margin / 2
    said = "; ".join(filter(None, (known, far.format(count=shown.left_out))))
    page.write(_("m, the model's estimate; seen from above"), (left, middle - 4 if said else middle), "lb", letter)
    if said:
        page.write(said, (left, middle + 2), "lt", letter)


def _ground(page: GroundPage, shown: Plan, letter: int) -> None:
    """The wedge that the camera sees, lines of equal distance across it, ticks, and the camera."""
    page.seen_from([(0.0, 0.0), *(side[1] for side in shown.wedge)])
    brush = ImageDraw.Draw(page.image)
    for z in shown.distances:
        left, right = (page.at((side * z, z)) for side in shown.sides)
        brush.line((*left, *right), fill=page.paper.rule)
    page.blank_margins()
    brush.rectangle(page.inner, outline=page.paper.rule)
    for z in shown.distances:
        page.write(f"{z:g}", (page.inner[0] - 6, page.at((0.0, z))[1]), "rm", letter)
    for x in shown.offsets:
        page.write(f"{x:g}", (page.at((x, 0.0))[0], page.inner[3] + 6), "mt", letter)
    page.camera((0.0, 0.0))
