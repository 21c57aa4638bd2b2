"""What is drawn in a picture's place, a page from above or a film's frames, as this terminal takes it: in pixels of the screen
where it can, else in cells. The cells are made in any case: they are what is seen of it below a dialog."""

from __future__ import annotations

from collections.abc import Callable

from tui.preview.canvas import Frame
from tui.preview.capabilities import Capabilities
from tui.preview.geometry import Fit
from tui.preview.views import FineSheet, Page, Sheet


def draw_sheet(
    sheet: Sheet, size: tuple[int, int], capabilities: Capabilities, selected: frozenset[int], check: Callable[[], None]
) -> Frame:
    """The frame of `size` (columns, rows). Raises what `check` does, which is asked between the steps."""
    frame = sheet.frame(size, capabilities.in_cells, selected)
    if not capabilities.in_pixels or not isinstance(sheet, FineSheet):
        return frame
    from backend.export.ground_page import DARK, LIGHT
    from tui.preview import device  # brings numpy, and the drawing of exports

    columns, rows = size
    fit = Fit(columns, rows, 0, 0, columns, rows)
    if not device.can_be_drawn(fit, capabilities):
        return frame
    check()
    paper = LIGHT if capabilities.light else DARK
    image = sheet.painted(Page(columns, rows, capabilities.dots, device.pen_for(capabilities), paper), selected)
    check()
    return frame if image is None else device.on_top_of(frame, image, fit, capabilities)
