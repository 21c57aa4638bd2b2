"""Every way to look at a picture, without colour and without Unicode: nothing is drawn that such a terminal has not got."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backend.scene import Box, Box3D, Finding, Point
from backend.spatial.camera import Camera
from backend.spatial.place_plan import merged
from backend.terminal import Graphics
from tests.tui.preview.pictures import plain
from tests.tui.preview.test_changes import AFTER, BEFORE, MOVED, STILL
from tests.tui.preview.test_trails import walking
from tui.preview.canvas import Frame
from tui.preview.capabilities import Capabilities
from tui.preview.changes import ChangesDrawn
from tui.preview.from_above import FromAbove
from tui.preview.pixels import PixelFrame
from tui.preview.place_sheet import PlaceSheet
from tui.preview.render import draw_layer, render, sampled
from tui.preview.sheets import draw_sheet
from tui.preview.timeline import ContactSheet, FilmLine, draw_thumbs, draw_timeline
from tui.preview.trails import Trails
from tui.preview.views import Layer, Sheet

NONE: frozenset[int] = frozenset()
LIT = frozenset({0})
PICTURE = plain(200, 100, (200, 90, 20))
SOLID = Box3D((0, 0.8, 6), (1.4, 0.8, 1.4), 0, 0.4, 0, "cup")
FINDINGS: tuple[Finding, ...] = (Box(20, 20, 90, 80, "a box"), Point(150, 50, "a point"), SOLID)
THUMBS = tuple(plain(160, 90, (40 * n, 0, 200)) for n in range(6))


def sheet(drawn: Sheet) -> Callable[[Capabilities], Frame]:
    return lambda seen: draw_sheet(drawn, (60, 30), seen, LIT, lambda: None)


def layer(drawn: Layer) -> Callable[[Capabilities], Frame]:
    return lambda seen: draw_layer(sampled(PICTURE, 60, 15, seen), drawn, LIT, seen)


VIEWS: dict[str, Callable[[Capabilities], Frame]] = {
    "picture": lambda seen: render(PICTURE, FINDINGS, 60, 15, seen, LIT),
    "above": sheet(FromAbove((SOLID,), Camera.from_hfov(640, 480))),
    "map": sheet(PlaceSheet(merged([("one.png", (SOLID,), None, (640, 480))]))),
    "frames": sheet(ContactSheet(THUMBS)),
    "tracks": layer(Trails((walking("t1", "cup", y=40),), 5.0)),
    "changes": layer(ChangesDrawn((MOVED,), {"b1": BEFORE, "b2": AFTER}, STILL, later=True)),
    "timeline": lambda seen: draw_timeline(
        FilmLine(9.0, 2.0, (3.0,), ((1.0, 4.0),), ((5.0, 0),), (0.0, 6.0), (1.0, 8.0)), 60, seen
    ),
    "thumbs": lambda seen: draw_thumbs(THUMBS, 60, 4, seen),
}
EACH = pytest.mark.parametrize("draw", VIEWS.values(), ids=VIEWS)


@EACH
@pytest.mark.parametrize("graphics", ["kitty", "sixel", "half-blocks", None])
def test_without_colour_no_cell_has_one(draw: Callable[[Capabilities], Frame], graphics: Graphics | None) -> None:
    frame = draw(Capabilities(colour=False, graphics=graphics))
    assert not isinstance(frame, PixelFrame), "its pixels would have colours"
    assert all(run.foreground is None and run.background is None for row in frame.rows for run in row)
    assert frame.text().strip()


@EACH
@pytest.mark.parametrize("colour", [True, False])
def test_without_unicode_every_character_is_ascii(draw: Callable[[Capabilities], Frame], colour: bool) -> None:
    frame = draw(Capabilities(colour=colour, unicode=False))
    assert frame.text().isascii()
    assert frame.text().strip()


@EACH
def test_with_both_there_is_colour(draw: Callable[[Capabilities], Frame]) -> None:
    assert any(run.foreground is not None or run.background is not None for row in draw(Capabilities()).rows for run in row)
