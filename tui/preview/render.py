"""(Picture, findings, cells, capabilities) → frame: the one way in which a picture gets into the terminal.

Sampling is split off because it is the slow part and does not depend on what was found: boxes that arrive in a stream
are drawn over the same sampled pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from backend.export.palette import colour_for
from backend.scene import Box, Box3D, Finding, Picture, Point
from backend.spatial.box3d import Segment, wireframe
from backend.spatial.camera import Camera
from tui.preview.canvas import Canvas, Frame, packed
from tui.preview.capabilities import Capabilities
from tui.preview.chips import Chip, PlacedChip, draw_chips, place_chips
from tui.preview.geometry import CellBox, Fit
from tui.preview.marks import draw_box, draw_point, edges
from tui.preview.raster import coarse, paint, sample, spotlight
from tui.preview.viewport import WHOLE, Room, Viewport
from tui.preview.views import FineLayer, Layer
from tui.preview.wireframe import draw_segments, visible

Selection = frozenset[int]
"""Indices of the findings that are lit up; the rest of the picture is darkened."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A picture brought to the resolution of the cells it will be shown in."""

    columns: int
    rows: int
    fit: Fit
    pixels: bytes


def sampled(picture: Picture, columns: int, rows: int, capabilities: Capabilities, viewport: Viewport = WHOLE) -> Sampled:
    """Bring what is looked at of the picture to `columns` × `rows` cells, keeping its shape."""
    room = Room(picture.width, picture.height, columns, rows, capabilities.aspect)
    part = None if viewport.is_whole else viewport.window(room)
    fit = Fit.into(picture.width, picture.height, columns, rows, capabilities.aspect, part)
    return Sampled(columns, rows, fit, sample(picture, fit, capabilities))


def in_cells(source: Sampled, capabilities: Capabilities) -> Sampled:
    """What was sampled in pixels of the screen, at the resolution of characters."""
    if not capabilities.in_pixels:
        return source
    return replace(source, pixels=coarse(source.pixels, source.fit, capabilities, capabilities.in_cells))


def draw(
    source: Sampled,
    findings: tuple[Finding, ...],
    selected: Selection,
    capabilities: Capabilities,
    camera: Camera | None = None,
    *,
    picture: int | None = None,
) -> Frame:
    """The frame: pixels, then outlines, then labels. `camera`: for solid boxes; 60° across if None. `picture`: of which of the
    answer's pictures findings are drawn, under the numbers that they have among all."""
    camera = camera or Camera.from_hfov(source.fit.width, source.fit.height)
    here = [(index, finding) for index, finding in enumerate(findings) if picture is None or finding.picture == picture]
    if not capabilities.in_pixels:
        return _draw_cells(source, here, selected, capabilities, camera)[0]
    from tui.preview import device  # brings numpy, and the drawing of exports

    frame, chips = _draw_cells(in_cells(source, capabilities), here, selected, capabilities.in_cells, camera)
    if not device.can_be_drawn(source.fit, capabilities):
        return frame
    image, unwritten = device.marked(source.pixels, source.fit, here, selected, capabilities, camera)
    written = tuple(chip for chip in chips if chip.chip.number in {index + 1 for index in unwritten})
    return device.on_top_of(frame, image, source.fit, capabilities, written)


def _draw_cells(
    source: Sampled, here: list[tuple[int, Finding]], selected: Selection, capabilities: Capabilities, camera: Camera
) -> tuple[Frame, tuple[PlacedChip, ...]]:
    canvas = Canvas(source.columns, source.rows)
    paint(canvas, source.pixels, source.fit, capabilities)
    placed = (_Mark.of(index, finding, source.fit, capabilities, camera) for index, finding in here)
    marks = [mark for mark in placed if mark is not None]
    chips = place_chips(
        source.fit,
        tuple(mark.chip(selected=mark.number - 1 in selected) for mark in marks),
        colour=capabilities.colour,
    )
    lit = [mark for mark in marks if mark.number - 1 in selected]
    for mark in marks:
        if mark not in lit:
            mark.draw(canvas, source.fit, capabilities, selected=False)
    draw_chips(canvas, chips, selected=False)
    if lit:
        spotlight(canvas, source.fit, tuple(mark.place for mark in lit))
    for mark in lit:
        mark.draw(canvas, source.fit, capabilities, selected=True)
    draw_chips(canvas, chips, selected=True)
    return canvas.frozen(), chips


def draw_layer(source: Sampled, layer: Layer, selected: Selection, capabilities: Capabilities) -> Frame:
    """The frame with something else than an answer's findings drawn over its pixels."""
    cells, plain = in_cells(source, capabilities), capabilities.in_cells
    canvas = Canvas(source.columns, source.rows)
    paint(canvas, cells.pixels, source.fit, plain)
    layer.draw(canvas, source.fit, plain, selected)
    frame = canvas.frozen()
    if not capabilities.in_pixels or not isinstance(layer, FineLayer):
        return frame
    from tui.preview import device

    if not device.can_be_drawn(source.fit, capabilities):
        return frame
    ground = device.ground(source.pixels, source.fit, capabilities)
    layer.paint(ground, selected)
    return device.on_top_of(frame, ground.image, source.fit, capabilities)


def render(
    picture: Picture,
    findings: tuple[Finding, ...],
    columns: int,
    rows: int,
    capabilities: Capabilities,
    selected: Selection = frozenset(),
) -> Frame:
    """Sample and draw in one step."""
    return draw(sampled(picture, columns, rows, capabilities), findings, selected, capabilities)


@dataclass(frozen=True, slots=True)
class _Mark:
    """One finding, placed among the cells."""

    number: int
    finding: Finding
    place: CellBox
    """What is seen of it."""
    outline: CellBox
    """Its edges, of which some may lie beside what is seen."""
    colour: int | None
    segments: tuple[Segment, ...] = ()

    @classmethod
    def of(cls, index: int, finding: Finding, fit: Fit, capabilities: Capabilities, camera: Camera) -> _Mark | None:
        """None where nothing of it is in the part of the picture that is shown."""
        colour = packed(colour_for(index, finding)) if capabilities.colour else None
        match finding:
            case Box():
                corners = finding.x1, finding.y1, finding.x2, finding.y2
                outline = fit.outline(*corners)
                return None if outline is None else cls(index + 1, finding, fit.box(*corners), outline, colour)
            case Point():
                if not fit.shows(finding.x, finding.y, finding.x, finding.y):
                    return None
                column, row = fit.cell(finding.x, finding.y)
                place = CellBox(column, row, column, row)
                return cls(index + 1, finding, place, place, colour)
            case Box3D():
                segments = tuple(wireframe(finding, camera))
                around = _around(segments, fit)
                return None if around is None else cls(index + 1, finding, around, around, colour, segments)

    def draw(self, canvas: Canvas, fit: Fit, capabilities: Capabilities, *, selected: bool) -> None:
        style = edges(unicode=capabilities.unicode, selected=selected)
        match self.finding:
            case Box():
                draw_box(canvas, self.outline, self.colour, style, bold=selected, within=fit)
            case Point():
                draw_point(canvas, self.place.left, self.place.top, self.colour, style)
            case Box3D():
                draw_segments(canvas, fit, self.segments, self.colour, unicode=capabilities.unicode, bold=selected)

    def chip(self, *, selected: bool) -> Chip:
        return Chip(self.number, self.finding.label, self.place, self.colour, selected)


def _around(segments: tuple[Segment, ...], fit: Fit) -> CellBox | None:
    """The cells around what is visible of a solid. Where nothing is, the whole picture's top left cell, so that its number is
    somewhere; of a part of the picture none."""
    inside = [cut for segment in segments if (cut := visible(segment, fit)) is not None]
    if not inside:
        return CellBox(fit.left, fit.top, fit.left, fit.top) if fit.part is None else None
    across = [x for segment in inside for x, _ in segment]
    down = [y for segment in inside for _, y in segment]
    return fit.box(min(across), min(down), max(across), max(down))
