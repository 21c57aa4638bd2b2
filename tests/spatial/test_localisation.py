"""σ and patterns of error, on boxes whose error is put there."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.scene import Box
from backend.spatial.localisation import Sighting, fit_across, fit_down, sigma_px, sigma_share, within_px

WIDTH, HEIGHT = 1000, 500
Move = Callable[[float], float]


def seen(count: int, across: Move, down: Move, noise: float = 0.0, seed: int = 0) -> list[Sighting]:
    """Things all over the picture, their boxes moved along both axes (shares of the side) and shaken (pixels)."""
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        x1, y1 = rng.uniform(0, 0.8), rng.uniform(0, 0.8)
        x2, y2 = x1 + rng.uniform(0.05, 0.2), y1 + rng.uniform(0.05, 0.2)
        truth = Box(x1 * WIDTH, y1 * HEIGHT, x2 * WIDTH, y2 * HEIGHT)
        left, right = (across(x) * WIDTH + rng.gauss(0, noise) for x in (x1, x2))
        top, bottom = (down(y) * HEIGHT + rng.gauss(0, noise) for y in (y1, y2))
        found.append(Sighting(WIDTH, HEIGHT, truth, Box(left, top, right, bottom)))
    return found


def still(value: float) -> float:
    return value


def test_sigma_is_the_standard_deviation_of_gaussian_errors() -> None:
    found = seen(500, still, still, noise=6.0)
    assert sigma_px(found) == pytest.approx(6.0, rel=0.1)
    assert sigma_share(found) == pytest.approx(0.006, rel=0.1)
    assert within_px(found, 0.9) == pytest.approx(1.645 * 6.0, rel=0.1)


def test_a_constant_shift_is_an_error_though_nothing_is_spread() -> None:
    found = seen(20, lambda x: x + 0.02, lambda y: y + 0.04)
    assert sigma_px(found) == pytest.approx(1.4826 * 20)


def test_a_wild_box_does_not_decide() -> None:
    found = seen(20, still, still, noise=2.0)
    wild = Sighting(WIDTH, HEIGHT, Box(10, 10, 20, 20), Box(900, 400, 1000, 500))
    before, after = sigma_px(found), sigma_px([*found, wild])
    assert before is not None
    assert after is not None
    assert after < 1.3 * before


def test_what_was_missed_has_no_error() -> None:
    missed = Sighting(WIDTH, HEIGHT, Box(10, 10, 20, 20), None)
    assert [sigma_px([missed]), sigma_share([missed]), within_px([missed], 0.9), fit_across([missed])] == [None] * 4


@given(
    scale=st.floats(0.5, 1.5),
    offset=st.floats(-0.2, 0.2),
    seed=st.integers(0, 50),
)
def test_a_line_is_found_through_noise_and_wild_boxes(scale: float, offset: float, seed: int) -> None:
    found = seen(20, lambda x: offset + scale * x, still, noise=2.0, seed=seed)
    found += [Sighting(WIDTH, HEIGHT, Box(10, 10, 20, 20), Box(900, 400, 1000, 500))] * 3
    across, down = fit_across(found), fit_down(found)
    assert across is not None
    assert down is not None
    assert across.scale == pytest.approx(scale, abs=0.03)
    assert across.offset == pytest.approx(offset, abs=0.015)
    assert down.displacement < 0.03


def test_bars_on_both_sides_squeeze_an_axis() -> None:
    barred = fit_down(seen(10, still, lambda y: 0.22 + 0.56 * y))
    shifted = fit_down(seen(10, still, lambda y: 0.05 + y))
    smaller = fit_down(seen(10, still, lambda y: 0.56 * y))
    assert barred is not None
    assert barred.squeezed
    for other in (shifted, smaller):
        assert other is not None
        assert not other.squeezed


def test_too_few_edges_tell_nothing() -> None:
    assert fit_across(seen(3, still, still)) is None
