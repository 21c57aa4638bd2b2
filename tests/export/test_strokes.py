"""Lines are cut at the picture's edge before they are drawn: a projected edge may end a million pixels away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.export.palette import COLOURS
from backend.export.strokes import Line, Pen, clipped

ends = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (((10, 10), (90, 40)), ((10, 10), (90, 40))),
        (((-100, 50), (200, 50)), ((0, 50), (100, 50))),
        (((50, -25), (50, 75)), ((50, 0), (50, 50))),
        (((-50, 0), (0, -50)), None),
        (((-10, 10), (-10, 20)), None),
        (((20, 20), (20, 20)), ((20, 20), (20, 20))),
    ],
)
def test_known_lines(line: Line, wanted: Line | None) -> None:
    assert clipped(line, 100, 50) == wanted


@given(ends, ends)
def test_what_is_left_lies_in_the_picture_and_on_the_line(start: tuple[float, float], end: tuple[float, float]) -> None:
    cut = clipped((start, end), 640, 480)
    if cut is None:
        return
    across, down = end[0] - start[0], end[1] - start[1]
    for x, y in cut:
        assert -1e-6 <= x <= 640 + 1e-6
        assert -1e-6 <= y <= 480 + 1e-6
        assert abs((x - start[0]) * down - (y - start[1]) * across) <= 1e-6 * (1 + across**2 + down**2) ** 0.5 * 1e3


@pytest.mark.parametrize("size", [(1, 1), (20000, 30), (640, 480), (8000, 8000)])
def test_a_pen_is_never_invisible_and_grows_with_the_picture(size: tuple[int, int]) -> None:
    pen = Pen.for_picture(*size)
    assert pen.line >= 2
    assert pen.casing >= 1
    assert pen.text >= 11
    assert pen.line <= max(2, min(size) / 20)


def test_the_palette_holds_seven_different_colours() -> None:
    assert len(set(COLOURS)) == 7
