"""A place from above, as cells: footprints of its things, the cameras with what they see, and a scale.

The cells' side of `backend.export.place_map`. The metres are the model's estimate, and the sheet says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.cells import set_cell_size

from backend.export.palette import colour_of
from backend.language import _
from backend.sanitise import one_line
from backend.spatial.place_plan import PlacePlan
from backend.spatial.topdown import Spot, round_step
from tui.preview.canvas import Canvas, Frame, packed
from tui.preview.capabilities import Capabilities
from tui.preview.chips import Chip, draw_chips, place_chips
from tui.preview.geometry import Fit
from tui.preview.wireframe import draw_segments

_REACH = 1.5
"""Metres along which a camera's field of view is drawn."""
_SMALLEST = 2.0
"""Metres that are shown at least."""
_MARGIN = 0.5
"""Metres around everything."""
_PAGE = 1000.0
"""Units of the page's longer side."""
_INK = 0xA8B0B8


@dataclass(frozen=True, slots=True, eq=False)
class PlaceSheet:
    """The plan; selected are things by their places in it."""

    plan: PlacePlan

    def frame(self, size: tuple[int, int], capabilities: Capabilities, selected: frozenset[int]) -> Frame:
        columns, rows = size
        canvas, colour = Canvas(columns, rows), _INK if capabilities.colour else None
        if rows < 4 or columns < 12 or not self.plan.cameras:
            return canvas.frozen()
        wedges = [((one.x, one.z), *(one.placed((side * _REACH, _REACH)) for side in one.sides)) for one in self.plan.cameras]
        spots = [*(spot for thing in self.plan.things for spot in thing.hull), *(spot for wedge in wedges for spot in wedge)]
        left, near = min(x for x, _z in spots) - _MARGIN, min(z for _x, z in spots) - _MARGIN
        width = max(_SMALLEST, max(x for x, _z in spots) + _MARGIN - left)
        depth = max(_SMALLEST, max(z for _x, z in spots) + _MARGIN - near)
        scale = _PAGE / max(width, depth)
        fit = Fit.into(max(1, round(width * scale)), max(1, round(depth * scale)), columns, rows - 2)

        def at(spot: Spot) -> Spot:
            return (spot[0] - left) * scale, (near + depth - spot[1]) * scale

        def polygon(hull: tuple[Spot, ...], ink: int | None, *, bold: bool = False) -> None:
            ends = tuple((at(one), at(other)) for one, other in zip(hull, (*hull[1:], *hull[:1]), strict=True))
            draw_segments(canvas, fit, ends, ink, unicode=capabilities.unicode, bold=bold)

        for number, (one, wedge) in enumerate(zip(self.plan.cameras, wedges, strict=True), 1):
            polygon(wedge, colour)
            column, row = fit.cell(*at((one.x, one.z)))
            canvas.put(column, row, "▲" if capabilities.unicode else "^", colour, bold=True)
            canvas.write(column + 1, row, set_cell_size(f"{number}", 1), colour)
        chips = []
        for index in sorted(range(len(self.plan.things)), key=lambda index: index in selected):
            thing = self.plan.things[index]
            ink = packed(colour_of(index)) if capabilities.colour else None
            polygon(thing.hull, ink, bold=index in selected)
            across, down = zip(*map(at, thing.hull), strict=True)
            box = fit.box(min(across), min(down), max(across), max(down))
            chips.append(Chip(index + 1, one_line(thing.label, 40), box, ink, index in selected))
        placed = place_chips(fit, tuple(chips), colour=capabilities.colour)
        draw_chips(canvas, placed, selected=False)
        draw_chips(canvas, placed, selected=True)
        self._legend(canvas, fit, scale, capabilities)
        return canvas.frozen()

    def _legend(self, canvas: Canvas, fit: Fit, scale: float, capabilities: Capabilities) -> None:
        """A bar of whole metres, whose metres they are, and which camera took what."""
        colour = _INK if capabilities.colour else None
        step = round_step(_PAGE / scale / 5)
        long = max(1, round(step * scale / fit.width * fit.columns))
        bar = ("━" if capabilities.unicode else "=") * min(long, canvas.width // 2)
        said = _("{bar} {step:g} m, the model's estimate; seen from above").format(bar=bar, step=step)
        canvas.write(0, canvas.height - 2, set_cell_size(said, canvas.width), colour)
        cameras = "  ".join(f"{number} {one_line(Path(one.name).name, 30)}" for number, one in enumerate(self.plan.cameras, 1))
        canvas.write(0, canvas.height - 1, set_cell_size(cameras, canvas.width), colour)
