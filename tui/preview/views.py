"""Ways to look at one picture, each a tab above it, and what those that no picture holds by itself are drawn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from backend.scene import DepthMap
from tui.preview.canvas import Canvas, Frame
from tui.preview.capabilities import Capabilities
from tui.preview.geometry import Fit

if TYPE_CHECKING:
    from PIL.Image import Image

    from backend.export.ground_page import Paper
    from backend.export.strokes import Pen


class View(Enum):
    """What stands in the picture pane."""

    PICTURE = "picture"
    DEPTH = "depth"
    """What a depth network sees of the picture."""
    ABOVE = "above"
    """The answer's 3D boxes, seen from above."""
    SHEET = "sheet"
    """Frames of the whole film beside each other."""
    TRACKS = "tracks"
    """The film's frame with what was followed, and the way that it came."""
    STEREO = "stereo"
    """The depth that two pictures tell."""
    CHANGES = "changes"
    """What became of things between two pictures, drawn on either."""
    MAP = "map"
    """The place that the picture shows a part of, seen from above."""


@runtime_checkable
class Layer(Protocol):
    """Drawn over the picture in place of an answer's findings."""

    def draw(self, canvas: Canvas, fit: Fit, capabilities: Capabilities, selected: frozenset[int]) -> None:
        """Paint it on the cells of the picture; `selected`: rows of the table that stand out."""
        ...


@dataclass(frozen=True, slots=True)
class Ground:
    """A picture in pixels of the screen, to be drawn on."""

    image: Image
    at: Callable[[float, float], tuple[float, float]]
    """Pixels of the upright original → pixels of the image; they lie outside it where only a part is shown."""
    size: tuple[int, int]
    """Width and height of the original."""
    pen: Pen


@runtime_checkable
class FineLayer(Protocol):
    """A layer that can be drawn in pixels of the screen as well as in cells."""

    def paint(self, ground: Ground, selected: frozenset[int]) -> None:
        """Draw on the picture what `draw` paints on its cells."""
        ...


@runtime_checkable
class Sheet(Protocol):
    """Drawn in the picture's place."""

    def frame(self, size: tuple[int, int], capabilities: Capabilities, selected: frozenset[int]) -> Frame:
        """The whole of it on `size` (columns, rows) cells."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """Cells that are to be filled in pixels of the screen."""

    columns: int
    rows: int
    cell: tuple[int, int]
    """Width and height of one, pixels."""
    pen: Pen
    paper: Paper

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.columns * self.cell[0], self.rows * self.cell[1]


@runtime_checkable
class FineSheet(Protocol):
    """A sheet that can be drawn in pixels of the screen as well as in cells."""

    def painted(self, page: Page, selected: frozenset[int]) -> Image | None:
        """What `frame` draws in cells; None where it must stay in cells: for want of room, or of a font."""
        ...


Study: TypeAlias = DepthMap | Layer | Sheet
"""What was found out about a picture beyond an answer; compared by identity in a frame's signature."""
