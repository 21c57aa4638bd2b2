"""A place from above, as cells: footprints of its things, the cameras with what they see, and a scale.

The cells' side of `backend.export.place_map`. The metres are the model's estimate, and the sheet says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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
from tui.preview.views import Page
from tui.preview.wireframe import draw_segments

if TYPE_CHECKING:
    from PIL.Image import Image

    from backend.export.ground_page import GroundPage

_REACH = 1.5
"""Metres along which a camera's field of view is drawn."""
_SMALLEST = 2.0
"""Metres that are shown at least."""
_MARGIN = 0.5
"""Metres around everything."""
_PAGE = 1000.0
"""Units of the page's longer side."""
_INK = 0xA8B0B8


@dataclass(frozen=True, slots=True)
class PlaceSheet:
    """The plan; selected are things by their places in it."""

    plan: PlacePlan

    def frame(self, size: tuple[int, int], capabilities: Capabilities, selected: frozenset[int]) -> Frame:
        columns, rows = size
        canvas, colour = Canvas(columns, rows), _INK if capabilities.colour else None
        if rows < 4 or columns < 12 or not self.plan.cameras:
            return canvas.frozen()
        wedges = self._wedges
        (left, near), (right, far) = self._ground
        width, depth = right - left, far - near
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

    def painted(self, page: Page, selected: frozenset[int]) -> Image | None:
        from backend.export.ground_page import GroundPage

        letter = page.pen.text
        if not self.plan.cameras or min(page.size) < 10 * letter:
            return None
        ground = GroundPage(*self._ground, page.size, 3 * letter, page.pen, page.paper)
        for wedge in self._wedges:
            ground.seen_from(wedge)
        for number, one in enumerate(self.plan.cameras, 1):
            ground.camera((one.x, one.z))
            x, y = ground.at((one.x, one.z))
            ground.write(f"{number}", (x + 4 * page.pen.line, y), "lm", letter)
        labels = []
        for index in sorted(range(len(self.plan.things)), key=lambda index: index in selected):
            thing = self.plan.things[index]
            text = f"{index + 1} {one_line(thing.label, 40)}".strip()
            labels.append(ground.stand(thing.hull, colour_of(index), (text, f"{index + 1}"), bold=index in selected))
        ground.put(labels)
        self._scale(ground, letter)
        return None if ground.unwritten else ground.image

    @property
    def _wedges(self) -> Sequence[tuple[Spot, Spot, Spot]]:
        """Each camera and the ends of what it sees, metres."""
        return [
            ((one.x, one.z), one.placed((one.sides[0] * _REACH, _REACH)), one.placed((one.sides[1] * _REACH, _REACH)))
            for one in self.plan.cameras
        ]

    @property
    def _ground(self) -> tuple[Spot, Spot]:
        """Least and greatest X and Z of what is shown, metres."""
        spots = [*(spot for thing in self.plan.things for spot in thing.hull), *(spot for one in self._wedges for spot in one)]
        across, along = zip(*spots, strict=True)
        left, near = min(across) - _MARGIN, min(along) - _MARGIN
        return (left, near), (
            left + max(_SMALLEST, max(across) + _MARGIN - left),
            near + max(_SMALLEST, max(along) + _MARGIN - near),
        )

    def _scale(self, ground: GroundPage, letter: int) -> None:
        """Below the ground what `_legend` says in cells."""
        from PIL import ImageDraw

        (left, near), (right, far) = self._ground
        step = round_step(max(right - left, far - near) / 5)
        x, y = letter, ground.image.height - 2.2 * letter
        end = x + step * ground.scale
        ImageDraw.Draw(ground.image).line((x, y, end, y), fill=ground.paper.ink, width=2 * ground.pen.line)
        ground.write(_estimate(step), (end + letter, y), "lm", letter)
        ground.write(self._names, (x, ground.image.height - 0.5 * letter), "lb", letter)

    @property
    def _names(self) -> str:
        """Which camera took what."""
        return "  ".join(f"{number} {one_line(Path(one.name).name, 30)}" for number, one in enumerate(self.plan.cameras, 1))

    def _legend(self, canvas: Canvas, fit: Fit, scale: float, capabilities: Capabilities) -> None:
        """A bar of whole metres, whose metres they are, and which camera took what."""
        colour = _INK if capabilities.colour else None
        step = round_step(_PAGE / scale / 5)
        long = max(1, round(step * scale / fit.width * fit.columns))
        bar = ("━" if capabilities.unicode else "=") * min(long, canvas.width // 2)
        canvas.write(0, canvas.height - 2, set_cell_size(f"{bar} {_estimate(step)}", canvas.width), colour)
        canvas.write(0, canvas.height - 1, set_cell_size(self._names, canvas.width), colour)


def _estimate(step: float) -> str:
    """Behind a bar of so many metres."""
    return _("{bar} {step:g} m, the model's estimate; seen from above").format(bar="", step=step).strip()
