"""Coordinates: every way from a model's numbers to the upright original and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scene import Box, Picture, Raster, Units, View, Window

sides = st.integers(1, 20_000)
units = st.sampled_from(Units)


@st.composite
def views(draw: st.DrawFn) -> View:
    width, height = draw(sides), draw(sides)
    picture = Picture("p.png", width, height, b"", "0" * 64)
    left, top = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    window = Window(left, top, draw(st.integers(1, width - left)), draw(st.integers(1, height - top)))
    return View(picture, window, 32 * draw(st.integers(1, 60)), 32 * draw(st.integers(1, 60)), draw(units))


@given(views(), st.floats(-100, 1100), st.floats(-100, 1100))
def test_to_the_original_and_back(view: View, x: float, y: float) -> None:
    assert view.from_original(*view.to_original(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(views())
def test_the_corners_of_what_was_shown_are_the_corners_of_the_window(view: View) -> None:
    far = (1000, 1000) if view.units is Units.REL1000 else (view.raster_width, view.raster_height)
    window = view.window
    assert view.to_original(0, 0) == (window.left, window.top)
    assert view.to_original(*far) == pytest.approx((window.left + window.width, window.top + window.height))


@given(views(), st.tuples(*[st.floats(0, 1000)] * 4))
def test_a_box_has_ordered_corners_whatever_the_model_said(view: View, corners: tuple[float, ...]) -> None:
    box = Box.placed(corners, view)
    assert box.x1 <= box.x2
    assert box.y1 <= box.y2


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    *[st.floats(0, 1000, allow_subnormal=False)] * 2,
    *[st.floats(0.01, 1000, allow_subnormal=False)] * 2,
)


@given(boxes, boxes)
def test_overlap_is_symmetric_and_between_nothing_and_all(a: Box, b: Box) -> None:
    assert a.iou(b) == pytest.approx(b.iou(a))
    assert 0 <= a.iou(b) <= 1 + 1e-9
    assert a.iou(a) == pytest.approx(1)


def test_overlap_by_hand() -> None:
    assert Box(0, 0, 2, 2).iou(Box(1, 1, 3, 3)) == pytest.approx(1 / 7)
    assert Box(0, 0, 1, 1).iou(Box(5, 5, 6, 6)) == 0
    assert Box(0, 0, 0, 0).iou(Box(0, 0, 0, 0)) == 0


def test_clamping_keeps_what_is_inside() -> None:
    assert Box(-5, 10, 700, 900).clamped(640, 480) == Box(0, 10, 640, 480)


def test_a_raster_costs_a_token_for_each_32_by_32_pixels() -> None:
    assert Raster(224, 160, b"").tokens == 35
