"""Which part of a picture is seen, and where things lie in it: original → cell → original."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.scene import Box, Point
from tests.tui.preview.pictures import picture, plain
from tui.preview.canvas import Frame
from tui.preview.capabilities import Capabilities
from tui.preview.geometry import Fit
from tui.preview.render import draw, sampled
from tui.preview.viewport import STEP, STRIDE, WHOLE, Room, Viewport

SIDE = st.integers(2, 20_000)
CELLS = st.integers(2, 250)
SHARE = st.floats(0, 1)
ZOOM = st.floats(1, 200)
ROOMS = st.builds(Room, SIDE, SIDE, CELLS, CELLS, st.sampled_from((1.0, 2.0, 2.4)))


def fit_of(room: Room, viewport: Viewport) -> Fit:
    return Fit.into(room.width, room.height, room.columns, room.rows, room.aspect, viewport.window(room))


@given(ROOMS, SHARE, SHARE, ZOOM)
def test_what_is_seen_lies_in_the_picture_and_has_the_shape_of_the_cells(room: Room, x: float, y: float, zoom: float) -> None:
    seen = Viewport(x, y, zoom).window(room)
    assert seen.left >= 0
    assert seen.top >= 0
    assert seen.left + seen.width <= room.width * (1 + 1e-9)
    assert seen.top + seen.height <= room.height * (1 + 1e-9)
    scale = room.scale * zoom
    assert seen.width == pytest.approx(min(room.width, room.columns / scale))
    assert seen.height == pytest.approx(min(room.height, room.aspect * room.rows / scale))


@given(ROOMS, SHARE, SHARE, ZOOM, SHARE, SHARE)
def test_a_point_comes_back_from_its_cell(room: Room, x: float, y: float, zoom: float, across: float, down: float) -> None:
    fit = fit_of(room, Viewport(x, y, zoom))
    seen = fit.seen
    px, py = seen.left + across * seen.width, seen.top + down * seen.height
    back = fit.pixel(fit.column(px), fit.row(py))
    assert back == pytest.approx((px, py), abs=1e-6 * max(room.width, room.height))
    column, row = fit.cell(px, py)
    assert fit.holds(column, row)
    left, top = fit.pixel(column, row)
    right, bottom = fit.pixel(column + 1, row + 1)
    slack = 1e-6 * max(room.width, room.height)
    assert left - slack <= px <= right + slack
    assert top - slack <= py <= bottom + slack


@given(ROOMS, SHARE, SHARE, ZOOM, SHARE, SHARE, SHARE, SHARE)
def test_an_edge_is_drawn_where_it_is_or_not_at_all(
    room: Room, x: float, y: float, zoom: float, xa: float, ya: float, xb: float, yb: float
) -> None:
    fit = fit_of(room, Viewport(x, y, zoom))
    seen = fit.seen
    (x1, x2), (y1, y2) = sorted((xa * room.width, xb * room.width)), sorted((ya * room.height, yb * room.height))
    outline = fit.outline(x1, y1, x2, y2)
    apart = x2 < seen.left or x1 > seen.left + seen.width or y2 < seen.top or y1 > seen.top + seen.height
    assert (outline is None) == apart
    if outline is None:
        return
    for at, place, edge, first, last in (
        (outline.left, fit.column(x1), x1, seen.left, fit.left),
        (outline.top, fit.row(y1), y1, seen.top, fit.top),
    ):
        assert (at == last - 1) if edge < first else abs(at - place) <= 1 + 1e-6
    for at, place, edge, end, last in (
        (outline.right, fit.column(x2), x2, seen.left + seen.width, fit.left + fit.columns),
        (outline.bottom, fit.row(y2), y2, seen.top + seen.height, fit.top + fit.rows),
    ):
        assert (at == last) if edge > end else abs(at + 1 - place) <= 1 + 1e-6


@given(ROOMS, SHARE, SHARE, ZOOM, st.sampled_from((-1, 0, 1)), st.sampled_from((-1, 0, 1)))
def test_panning_moves_by_a_share_of_what_is_seen_until_the_edge(
    room: Room, x: float, y: float, zoom: float, across: int, down: int
) -> None:
    before = Viewport(x, y, zoom).settled(room)
    was, now = before.window(room), before.panned(room, STRIDE * across, STRIDE * down).window(room)
    assert now.left == pytest.approx(min(max(was.left + STRIDE * across * was.width, 0), room.width - was.width), abs=1e-3)
    assert now.top == pytest.approx(min(max(was.top + STRIDE * down * was.height, 0), room.height - was.height), abs=1e-3)
    back = before.panned(room, 10, 10).panned(room, -STRIDE, 0).window(room)
    assert back.left < room.width - was.width or was.width == pytest.approx(room.width)


@given(ROOMS, st.integers(1, 12))
def test_zooming_in_and_out_again_ends_with_the_whole_picture(room: Room, steps: int) -> None:
    most = room.most(1)
    viewport = WHOLE
    for _ in range(steps):
        viewport = viewport.zoomed(room, STEP, most)
        assert 1 < viewport.zoom <= most
    for _ in range(steps):
        viewport = viewport.zoomed(room, 1 / STEP, most)
    assert viewport.zoom == pytest.approx(1) or viewport.is_whole
    assert WHOLE.zoomed(room, 1 / STEP, most) == WHOLE


@given(ROOMS, ZOOM, SHARE, SHARE, SHARE, SHARE)
def test_what_is_looked_for_comes_into_view(room: Room, zoom: float, xa: float, ya: float, xb: float, yb: float) -> None:
    (x1, x2), (y1, y2) = sorted((xa * room.width, xb * room.width)), sorted((ya * room.height, yb * room.height))
    viewport = Viewport(zoom=zoom).settled(room)
    after = viewport.showing(room, (x1, y1, x2, y2))
    assert after.zoom == viewport.zoom
    seen = after.window(room)
    slack = 1e-6 * max(room.width, room.height)
    assert seen.left - slack <= (x1 + x2) / 2 <= seen.left + seen.width + slack or x2 - x1 > seen.width
    assert x2 >= seen.left - slack
    assert x1 <= seen.left + seen.width + slack
    assert after.showing(room, (x1, y1, x2, y2)) == after


def test_what_is_in_view_moves_nothing_and_nonsense_moves_nothing() -> None:
    room = Room(1000, 1000, 40, 20)
    viewport = Viewport(0.5, 0.5, 4.0)
    assert viewport.showing(room, (450, 450, 550, 550)) is viewport
    assert viewport.showing(room, (math.nan, 0, math.inf, 0)) is viewport


def drawn(viewport: Viewport, *findings: Box | Point, colour: tuple[int, int, int] = (90, 120, 150)) -> Frame:
    source = sampled(plain(400, 400, colour), 40, 20, Capabilities(), viewport)
    return draw(source, findings, frozenset(), Capabilities())


def test_a_box_cut_by_the_window_is_open_where_it_goes_on() -> None:
    lines = drawn(Viewport(0.25, 0.25, 2.0), Box(50, 50, 350, 350)).text().splitlines()
    assert "┌" in "".join(lines), "its upper left corner is in view"
    assert not set("".join(lines)) & set("┐┘└"), "its other corners are not"
    assert lines[-1].count("│") == 1
    assert "─" not in lines[-1]


def test_what_is_not_in_view_is_neither_drawn_nor_numbered() -> None:
    frame = drawn(Viewport(0.25, 0.25, 2.0), Box(300, 300, 390, 390, "cup"), Point(399, 10, "handle"))
    assert set(frame.text()) <= {"▀", "\n"}
    seen = drawn(Viewport(0.75, 0.75, 2.0), Box(300, 300, 390, 390, "cup"), Point(399, 10, "handle")).text()
    assert "1 cup" in seen
    assert "handle" not in seen


@given(SHARE, SHARE, st.sampled_from((2.0, 4.0)))
def test_the_pixels_are_those_of_the_part(x: float, y: float, zoom: float) -> None:
    """Red tells the column and green the row of each pixel, so that what is sampled says where it is from."""
    side = 64
    gradient = picture([[(4 * column, 4 * row, 0) for column in range(side)] for row in range(side)])
    room = Room(side, side, 32, 16)
    viewport = Viewport(x, y, zoom).settled(room)
    seen = viewport.window(room)
    source = sampled(gradient, 32, 16, Capabilities(), viewport)
    assume(source.fit.columns == 32)
    for column, row in ((0, 0), (31, 0), (0, 31), (31, 31), (16, 16)):
        at = 3 * (row * 32 + column)
        red, green = source.pixels[at], source.pixels[at + 1]
        px = seen.left + (column + 0.5) / 32 * seen.width - 0.5
        py = seen.top + (row + 0.5) / 32 * seen.height - 0.5
        assert red == pytest.approx(4 * min(max(px, 0), side - 1), abs=4)
        assert green == pytest.approx(4 * min(max(py, 0), side - 1), abs=4)
