"""Where pictures and boxes land among the cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.preview.geometry import Fit

SIDE = st.integers(1, 20_000)
CELLS = st.integers(1, 250)
SHARE = st.floats(0, 1)


@given(SIDE, SIDE, CELLS, CELLS)
def test_a_picture_fits_is_centred_and_keeps_its_shape(width: int, height: int, columns: int, rows: int) -> None:
    fit = Fit.into(width, height, columns, rows)
    assert 1 <= fit.columns <= columns
    assert 1 <= fit.rows <= rows
    assert abs(2 * fit.left + fit.columns - columns) <= 1
    assert abs(2 * fit.top + fit.rows - rows) <= 1
    scale = min(columns / width, 2 * rows / height)
    assert abs(fit.columns - max(1, width * scale)) <= 0.5 + 1e-6
    assert abs(fit.rows - max(1, height * scale / 2)) <= 0.5 + 1e-6


@given(SIDE, SIDE, CELLS, CELLS, SHARE, SHARE, SHARE, SHARE)
def test_a_box_covers_the_cells_of_everything_in_it(
    width: int, height: int, columns: int, rows: int, xa: float, ya: float, xb: float, yb: float
) -> None:
    fit = Fit.into(width, height, columns, rows)
    x1, x2 = sorted((xa * width, xb * width))
    y1, y2 = sorted((ya * height, yb * height))
    box = fit.box(x1, y1, x2, y2)
    assert box.width >= 1
    assert box.height >= 1
    for column, row in ((box.left, box.top), (box.right, box.bottom), fit.cell((x1 + x2) / 2, (y1 + y2) / 2)):
        assert fit.holds(column, row)
        assert box.left <= column <= box.right
        assert box.top <= row <= box.bottom
    # No edge is drawn more than a cell away from where it belongs.
    assert abs(fit.column(x1) - box.left) <= 1 + 1e-6
    assert abs(fit.column(x2) - (box.right + 1)) <= 1 + 1e-6
    assert abs(fit.row(y1) - box.top) <= 1 + 1e-6
    assert abs(fit.row(y2) - (box.bottom + 1)) <= 1 + 1e-6


@given(SIDE, SIDE, CELLS, CELLS)
def test_the_whole_picture_is_every_one_of_its_cells(width: int, height: int, columns: int, rows: int) -> None:
    fit = Fit.into(width, height, columns, rows)
    box = fit.box(0, 0, width, height)
    assert (box.left, box.top, box.width, box.height) == (fit.left, fit.top, fit.columns, fit.rows)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_what_lies_outside_is_drawn_on_the_edge(x1: float, y1: float, x2: float, y2: float) -> None:
    fit = Fit.into(640, 480, 80, 24)
    box = fit.box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    assert fit.holds(box.left, box.top)
    assert fit.holds(box.right, box.bottom)
