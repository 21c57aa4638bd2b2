"""The raster a model is shown: its size, its pixels, and that coordinates survive the way there and back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backend.media import fit, images
from backend.scene import Picture, Raster, Units, View, Window
from tests.media.samples import encoded, quarters

SIDES = st.integers(1, 20000)
BUDGETS = st.integers(1, 4096)


def blank(width: int, height: int) -> Picture:
    """A picture of which only the size is looked at."""
    return Picture("-", width, height, b"", "")


def inner(raster: Raster) -> set[tuple[int, ...]]:
    """The colours of a raster but for a seam of four pixels, into which the resampling mixes the window's neighbours."""
    image = Image.frombytes("RGB", (raster.width, raster.height), raster.rgb)
    data = image.crop((4, 4, raster.width - 4, raster.height - 4)).tobytes()
    return set(zip(data[0::3], data[1::3], data[2::3], strict=True))


@given(SIDES, SIDES, BUDGETS)
def test_sides_are_multiples_of_32_within_the_budget(width: int, height: int, tokens: int) -> None:
    view = fit.plan(blank(width, height), None, tokens)
    assert view.raster_width % 32 == view.raster_height % 32 == 0
    assert 32 <= view.raster_width <= tokens * 32
    assert 32 <= view.raster_height <= tokens * 32
    assert view.raster_width * view.raster_height // 1024 <= tokens


@given(st.floats(0.25, 4), st.integers(64, 4096))
def test_moderate_aspects_are_hardly_distorted_and_use_the_budget(aspect: float, tokens: int) -> None:
    columns, rows = fit.grid(1000 * aspect, 1000, tokens)
    assert columns * rows > 0.75 * tokens
    smaller_side = min(columns, rows)
    assert abs(math.log(columns / rows / aspect)) < 1.3 / smaller_side


@given(SIDES, SIDES, st.integers(1, 64))
def test_no_grid_of_the_same_cells_is_less_distorted_than_one_step_away(width: int, height: int, tokens: int) -> None:
    columns, rows = fit.grid(width, height, tokens)
    assert (columns + 1) * (rows + 1) > tokens or min(columns, rows) == 1


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 300), st.data())
def test_a_least_budget_is_met_where_whole_cells_can(width: int, height: int, most: int, data: st.DataObject) -> None:
    least = data.draw(st.integers(1, most))
    columns, rows = fit.grid(width, height, most, least)
    assert columns * rows <= most
    if columns * rows < least:
        assert (columns + 1) * rows > most
        assert columns * (rows + 1) > most


@given(
    st.integers(32, 8000),
    st.integers(32, 8000),
    st.tuples(st.floats(0, 0.8), st.floats(0, 0.8), st.floats(0.1, 1), st.floats(0.1, 1)),
    st.sampled_from(Units),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_coordinates_survive_the_way_there_and_back(
    width: int, height: int, part: tuple[float, float, float, float], units: Units, spot: tuple[float, float]
) -> None:
    wanted = Window(part[0] * width, part[1] * height, part[2] * width, part[3] * height)
    view = fit.plan(blank(width, height), wanted, 1024, units=units)
    assert view.window.left + view.window.width <= width + 1e-9
    assert view.window.top + view.window.height <= height + 1e-9
    x, y = view.window.left + spot[0] * view.window.width, view.window.top + spot[1] * view.window.height
    back = view.to_original(*view.from_original(x, y))
    assert back == pytest.approx((x, y), abs=1e-6)


@pytest.mark.parametrize(
    ("size", "tokens", "wanted"),
    [
        ((640, 640), 64, (256, 256)),
        ((1920, 1080), 1024, (1344, 768)),
        ((20000, 30), 1024, (26432, 32)),
        ((20000, 30), 256, (8192, 32)),
        ((30, 20000), 16, (32, 512)),
        ((1, 1), 1, (32, 32)),
        ((333, 250), 100, (352, 288)),
    ],
)
def test_known_sizes(size: tuple[int, int], tokens: int, wanted: tuple[int, int]) -> None:
    view = fit.plan(blank(*size), None, tokens)
    assert (view.raster_width, view.raster_height) == wanted


def test_a_raster_is_pillows_bicubic_and_a_matching_size_passes_untouched() -> None:
    odd = images.load_bytes(encoded(quarters(50, 30), "PNG"), "-")
    raster = fit.raster(fit.plan(odd, None, 6))
    assert (raster.width, raster.height, raster.tokens) == (96, 64, 6)
    assert raster.rgb == quarters(50, 30).resize((96, 64), Image.Resampling.BICUBIC).tobytes()
    exact = images.load_bytes(encoded(quarters(96, 64), "PNG"), "-")
    assert fit.raster(fit.plan(exact, None, 6)).rgb == exact.rgb


def test_a_crop_shows_what_lies_in_the_window() -> None:
    picture = images.load_bytes(encoded(quarters(200, 100), "PNG"), "-")
    raster = fit.raster(fit.plan(picture, Window(100, 50, 100, 50), 8))
    assert (raster.width, raster.height) == (128, 64)
    assert inner(raster) == {(230, 220, 40)}


def test_of_a_reduced_picture_the_window_counts_in_the_originals_pixels() -> None:
    pixels = quarters(200, 100)
    reduced = Picture("-", 2000, 1000, pixels.tobytes(), "", stored_width=200, stored_height=100)
    raster = fit.raster(fit.plan(reduced, Window(0, 500, 1000, 500), 8))
    assert inner(raster) == {(40, 40, 230)}
    view = fit.plan(reduced, None, 8)
    assert view.to_original(1000, 1000) == (2000, 1000)


def test_a_window_is_cut_to_the_picture_and_one_beside_it_is_an_error() -> None:
    view = fit.plan(blank(100, 100), Window(-50, 50, 100, 100), 16)
    assert view == View(view.picture, Window(0, 50, 50, 50), 128, 128)
    with pytest.raises(ValueError, match="shows nothing"):
        fit.plan(blank(100, 100), Window(100, 0, 10, 10), 16)


@pytest.mark.parametrize(("least", "most"), [(0, 4), (5, 4), (-1, -1)])
def test_a_budget_must_make_sense(least: int, most: int) -> None:
    with pytest.raises(ValueError, match="budget"):
        fit.plan(blank(10, 10), None, most, least)
