"""Tracks and changes on a picture in pixels of the screen."""

from __future__ import annotations

import numpy as np

from backend.export.palette import colour_of
from backend.scene import ChangeKind
from tests.tui.preview.decoders import Kitty, Pixels
from tests.tui.preview.pictures import plain
from tests.tui.preview.test_changes import AFTER, BEFORE, GONE, MOVED, STILL
from tests.tui.preview.test_trails import walking
from tui.preview.capabilities import Capabilities
from tui.preview.changes import KINDS, ChangesDrawn
from tui.preview.kitty import KittyPicture
from tui.preview.pixels import PixelFrame
from tui.preview.render import draw_layer, sampled
from tui.preview.trails import Trails
from tui.preview.viewport import Viewport
from tui.preview.views import FineLayer, Layer

FINE = Capabilities(graphics="kitty")
NONE: frozenset[int] = frozenset()


def shown(layer: Layer, selected: frozenset[int] = NONE, viewport: Viewport | None = None) -> Pixels:
    """Over a black picture of 200 × 100 pixels, shown three times as large."""
    assert isinstance(layer, FineLayer)
    source = sampled(plain(200, 100, (0, 0, 0)), 60, 15, FINE, viewport or Viewport())
    frame = draw_layer(source, layer, selected, FINE)
    assert isinstance(frame, PixelFrame)
    assert isinstance(frame.pixels, KittyPicture)
    terminal = Kitty()
    terminal.read(frame.pixels.transmission())
    return terminal.pictures[frame.pixels.number]


def is_coloured(pixels: Pixels, x: int, y: int, colour: tuple[int, int, int]) -> bool:
    """Whether that colour is within three pixels of a place of the original."""
    part = pixels[max(0, 3 * y - 3) : 3 * y + 4, max(0, 3 * x - 3) : 3 * x + 4]
    return bool((np.abs(part - np.array(colour)).max(-1) < 30).any())


def test_a_track_has_its_box_and_its_way() -> None:
    pixels = shown(Trails((walking("t1", "cup", y=40),), 5.0))
    assert pixels.shape == (300, 600, 3)
    assert is_coloured(pixels, 130, 40, colour_of(0))
    assert is_coloured(pixels, 120, 60, colour_of(0))  # two seconds ago
    assert not is_coloured(pixels, 50, 60, colour_of(0))
    assert is_coloured(shown(Trails((walking("t1", "cup", y=40),), 5.0), frozenset((0,))), 50, 60, colour_of(0))


def test_a_track_that_is_not_there_is_drawn_where_it_is_selected() -> None:
    early = Trails((walking("t1", "cup", y=40),), 90.0)
    assert not shown(early).any()
    assert shown(early, frozenset((0,))).any()


def test_what_moved_has_its_place_its_way_and_where_it_was() -> None:
    pixels = shown(ChangesDrawn((MOVED,), {"b1": BEFORE, "b2": AFTER}, STILL, later=True))
    colour = KINDS[ChangeKind.MOVED]
    assert is_coloured(pixels, 110, 50, colour)  # the box
    assert is_coloured(pixels, 80, 40, colour)  # the arrow
    edge = [is_coloured(pixels, 10, y, colour) for y in range(20, 60)]
    assert any(edge)
    assert (np.abs(pixels[60:180, 30:32] - np.array(colour)).max(-1) >= 30).any(), "where it was is dashed"


def test_what_is_gone_is_crossed_out() -> None:
    pixels = shown(ChangesDrawn((GONE,), {"b1": BEFORE}, STILL, later=False))
    assert is_coloured(pixels, 30, 40, KINDS[ChangeKind.DISAPPEARED])


def test_of_what_lies_outside_the_part_that_is_seen_nothing_is_drawn() -> None:
    right = Viewport(0.9, 0.5, 4.0)
    assert not shown(ChangesDrawn((GONE,), {"b1": BEFORE}, STILL, later=False), viewport=right).any()
    assert not shown(Trails((walking("t1", "cup", y=40),), 0.0), viewport=right).any()
