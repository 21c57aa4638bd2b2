"""Findings drawn on a picture's pixels of the screen, by the code that draws them into exported files."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image
from rich.cells import cell_len

from backend.export.overlay import Marks
from backend.export.strokes import Pen
from backend.scene import Finding
from backend.spatial.camera import Camera
from tui.preview.canvas import Frame
from tui.preview.capabilities import Capabilities
from tui.preview.chips import PlacedChip
from tui.preview.geometry import Fit
from tui.preview.kitty import MOST_CELLS, KittyPicture
from tui.preview.pixels import Patch, PixelFrame, Pixels
from tui.preview.sixel import SixelPicture
from tui.preview.views import Ground


def can_be_drawn(fit: Fit, capabilities: Capabilities) -> bool:
    """Whether the picture can be shown in pixels there."""
    return capabilities.protocol == "sixel" or (capabilities.protocol == "kitty" and max(fit.columns, fit.rows) <= MOST_CELLS)


def marked(
    rgb: bytes,
    fit: Fit,
    findings: Sequence[tuple[int, Finding]],
    selected: frozenset[int],
    capabilities: Capabilities,
    camera: Camera,
) -> tuple[Image.Image, frozenset[int]]:
    """The sampled pixels with `findings` (index, finding) drawn in; what is `selected` stays light and the rest goes dark. And
    the indices of those whose labels no font here can write, so that the terminal has to."""
    on = ground(rgb, fit, capabilities)
    marks = Marks(on.image, on.at, on.size, camera, on.pen, numbered=True)
    marks.draw([one for one in findings if one[0] not in selected])
    lit = [one for one in findings if one[0] in selected]
    if lit:
        marks.spotlight([finding for _, finding in lit])
        marks.bolder().draw(lit)
    return on.image, frozenset(marks.unwritten)


def ground(rgb: bytes, fit: Fit, capabilities: Capabilities) -> Ground:
    """The sampled pixels, to be drawn on."""
    across, down = capabilities.dots
    image = Image.frombytes("RGB", (fit.columns * across, fit.rows * down), rgb)

    def at(x: float, y: float) -> tuple[float, float]:
        return (fit.column(x) - fit.left) * across, (fit.row(y) - fit.top) * down

    return Ground(image, at, (fit.width, fit.height), pen_for(capabilities))


def pen_for(capabilities: Capabilities) -> Pen:
    """Letters as high as the terminal's own, and lines in proportion: the picture is looked at from as far away."""
    height = capabilities.cell[1]
    line = max(2, round(height / 9))
    return Pen(line, max(1, round(line / 2)), max(10, round(height * 0.62)))


def on_top_of(
    frame: Frame, image: Image.Image, fit: Fit, capabilities: Capabilities, written: Sequence[PlacedChip] = ()
) -> Frame:
    """The frame with the picture in its place as this terminal takes it, but for the chips that are `written` in cells; all of
    it in cells where these and the picture cannot be on the screen together."""
    if written and capabilities.tmux_draws:
        return frame
    cells = fit.columns, fit.rows
    pixels: Pixels
    if capabilities.protocol == "kitty":
        pixels = KittyPicture.of(image, cells, in_tmux=capabilities.in_tmux, thrifty=capabilities.far)
    else:
        pixels = SixelPicture.of(image, cells, capabilities.cell, in_tmux=capabilities.tmux_draws)
    place = Patch(fit.left, fit.top, fit.left + fit.columns, fit.top + fit.rows)
    holes = tuple(Patch(chip.column, chip.row, chip.column + cell_len(chip.text), chip.row + 1) for chip in written)
    return PixelFrame(frame.width, frame.height, frame.rows, pixels, place, tuple(sorted(holes, key=lambda hole: hole.left)))
