"""The 3D boxes of an answer from above, as cells: the camera's wedge, lines of equal distance, numbered footprints.

Drawn with the same lines and chips as the picture, so that it works wherever the picture does, and a finding keeps its number
and its colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from backend.export.palette import colour_of
from backend.language import N_, _, ngettext
from backend.scene import Box3D, Finding
from backend.spatial.camera import Camera
from backend.spatial.topdown import Plan, Spot, plan
from tui.preview.canvas import Canvas, Frame, packed
from tui.preview.capabilities import Capabilities
from tui.preview.chips import Chip, draw_chips, place_chips
from tui.preview.geometry import CellBox, Fit
from tui.preview.views import Page
from tui.preview.wireframe import draw_segments

if TYPE_CHECKING:
    from PIL.Image import Image

PAGE = 1000.0
"""Units of the page's longer side; the page is fitted into the cells as a picture is."""
UNIT = N_("m, the model's estimate")
_RULE, _WEDGE = 0x707880, 0xA8B0B8
_LEAST_COLUMNS, _LEAST_ROWS = 12, 5
"""Without so much room nothing is written at the edges."""


def has_solids(findings: tuple[Finding, ...]) -> bool:
    """Whether there is anything to be seen from above."""
    return any(isinstance(finding, Box3D) for finding in findings)


@dataclass(frozen=True, slots=True)
class FromAbove:
    """The page for an answer's findings."""

    findings: tuple[Finding, ...]
    camera: Camera

    def frame(self, size: tuple[int, int], capabilities: Capabilities, selected: frozenset[int]) -> Frame:
        return draw_plan(self.findings, self.camera, size, selected, capabilities)

    def painted(self, page: Page, selected: frozenset[int]) -> Image | None:
        from backend.export.topdown import paint_topdown

        return paint_topdown(page.size, self.findings, self.camera, page.pen, page.paper, selected)


def draw_plan(
    findings: tuple[Finding, ...],
    camera: Camera,
    size: tuple[int, int],
    selected: frozenset[int],
    capabilities: Capabilities,
) -> Frame:
    """The frame of `size` (columns, rows); findings that are no 3D boxes only keep their numbers. `selected` are drawn bold."""
    page = _Page.of(plan(findings, camera), size, capabilities)
    page.rules()
    chips: list[Chip] = []
    for one in sorted(page.plan.footprints, key=lambda one: one.index in selected):
        colour = packed(colour_of(one.index)) if capabilities.colour else None
        page.polygon(one.hull, colour, bold=one.index in selected)
        chips.append(Chip(one.index + 1, one.label, page.around(one.hull), colour, one.index in selected))
    placed = place_chips(page.fit, tuple(chips), colour=capabilities.colour)
    draw_chips(page.canvas, placed, selected=False)
    draw_chips(page.canvas, placed, selected=True)
    page.legend()
    return page.canvas.frozen()


@dataclass(frozen=True, slots=True)
class _Page:
    """Cells, and how metres fall on them."""

    plan: Plan
    canvas: Canvas
    fit: Fit
    scale: float
    """Units of the page in a metre."""
    capabilities: Capabilities

    @classmethod
    def of(cls, shown: Plan, size: tuple[int, int], capabilities: Capabilities) -> _Page:
        columns, rows = size
        scale = PAGE / max(shown.width, shown.depth)
        legend = 2 if columns >= _LEAST_COLUMNS and rows >= _LEAST_ROWS else 0
        fit = Fit.into(max(1, round(shown.width * scale)), max(1, round(shown.depth * scale)), columns, rows - legend)
        return cls(shown, Canvas(columns, rows), fit, scale, capabilities)

    def line(self, *ends: tuple[Spot, Spot], colour: int | None, bold: bool = False) -> None:
        segments = tuple((self.plan.at(start, self.scale), self.plan.at(end, self.scale)) for start, end in ends)
        draw_segments(self.canvas, self.fit, segments, colour, unicode=self.capabilities.unicode, bold=bold)

    def polygon(self, hull: tuple[Spot, ...], colour: int | None, *, bold: bool) -> None:
        self.line(*zip(hull, (*hull[1:], *hull[:1]), strict=True), colour=colour, bold=bold)

    def around(self, hull: tuple[Spot, ...]) -> CellBox:
        across, down = zip(*(self.plan.at(spot, self.scale) for spot in hull), strict=True)
        return self.fit.box(min(across), min(down), max(across), max(down))

    def rules(self) -> None:
        """The field of view, lines of equal distance within it with their metres, and the camera."""
        coloured = self.capabilities.colour
        left, right = self.plan.sides
        for z in self.plan.distances:
            self.line(((left * z, z), (right * z, z)), colour=_RULE if coloured else None)
        self.line(*self.plan.wedge, colour=_WEDGE if coloured else None, bold=True)
        column, row = self.fit.cell(*self.plan.at((0.0, 0.0), self.scale))
        self.canvas.put(column, row, "▲" if self.capabilities.unicode else "^", _WEDGE if coloured else None, bold=True)
        for z in self.plan.distances:
            text = f"{z:g}"
            end, row = self.fit.cell(*self.plan.at((right * z, z), self.scale))
            at = min(end + 1, self.canvas.width - len(text))  # beside the wedge; where it has left the page, beside that
            self.canvas.write(max(0, at), row, text, _WEDGE if coloured else None)

    def legend(self) -> None:
        """Metres to the sides below the page, and whose metres they are."""
        canvas, colour = self.canvas, _WEDGE if self.capabilities.colour else None
        if canvas.width < _LEAST_COLUMNS or canvas.height < _LEAST_ROWS:
            return
        row, free = self.fit.top + self.fit.rows, 0
        for x in self.plan.offsets:
            text = f"{x:g}"
            at = self.fit.cell(self.plan.at((x, 0.0), self.scale)[0], 0.0)[0] - len(text) // 2
            if at >= free and at + len(text) <= canvas.width:
                canvas.write(at, row, text, colour)
                free = at + len(text) + 1
        far, count = "", self.plan.left_out
        if count:
            far = ngettext("; {count} too far to be drawn", "; {count} too far to be drawn", count).format(count=count)
        said = f"{_(UNIT)}{far}"
        said = set_cell_size(said, min(cell_len(said), canvas.width))
        canvas.write(max(0, (canvas.width - cell_len(said)) // 2), row + 1, said, colour)
