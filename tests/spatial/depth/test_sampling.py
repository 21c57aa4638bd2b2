"""How far a finding is: what of its rectangle is looked at, and what a median makes of it."""

from __future__ import annotations

import numpy as np
import pytest

from backend.scene import Box, Box3D, DepthMap, DepthUnit, Point
from backend.spatial.depth import FindingDepth, depth_of, measured, nearest_first, order, shows_depth


def _map(values: np.ndarray, unit: DepthUnit = DepthUnit.INVERSE, scale: float = 10.0) -> DepthMap:
    rows, columns = values.shape
    return DepthMap(values.astype(np.float32), unit, round(columns * scale), round(rows * scale), "a test")


def _scene() -> np.ndarray:
    """Background 0.1, a far thing of 0.3 in columns 4…15, a near one of 0.8 before its right half, columns 10…19."""
    values = np.full((20, 24), 0.1)
    values[4:16, 4:16] = 0.3
    values[8:18, 10:20] = 0.8
    return values


FAR = Box(40, 40, 160, 160, "far", id="b1")
NEAR = Box(100, 80, 200, 180, "near", id="b2")


def test_what_lies_before_a_thing_is_not_taken_for_it() -> None:
    alone = depth_of(_map(_scene()), FAR)
    apart = depth_of(_map(_scene()), FAR, [FAR, NEAR])
    assert apart is not None
    assert apart.value == pytest.approx(0.3)
    assert apart.spread == 0
    assert alone is not None
    assert alone.pixels > apart.pixels


def test_a_thing_wholly_under_another_rectangle_is_measured_and_said_to_share_its_place() -> None:
    small = Box(120, 100, 160, 140, "small", id="b3")
    found = measured(_map(_scene()), [FAR, NEAR, small])
    assert found["b3"].shared
    assert not found["b1"].shared
    assert not found["b2"].shared, "the rectangle around it shows where its core does not"


def test_background_in_the_corners_and_a_hole_do_not_move_it() -> None:
    values = _scene()
    values[10:12, 6:8] = 5.0
    values[4:6, 4:6] = 0.1
    values[9, 9] = np.nan
    found = depth_of(_map(values), FAR, [NEAR])
    assert found is not None
    assert found.value == pytest.approx(0.3)


def test_a_point_and_a_rectangle_smaller_than_a_pixel_of_the_map() -> None:
    at = depth_of(_map(_scene()), Point(151, 121, id="p1"))
    tiny = depth_of(_map(_scene()), Box(151, 121, 152, 122, id="b1"))
    assert at is not None
    assert tiny is not None
    assert at == tiny
    assert at.pixels == 1
    assert at.value == pytest.approx(0.8)
    corner = depth_of(_map(_scene()), Point(240, 200))
    assert corner is not None
    assert corner.value == pytest.approx(0.1)


@pytest.mark.parametrize("place", [Box(500, 10, 600, 20), Box(-50, -50, -10, -10)])
def test_nothing_is_said_of_a_place_outside_the_picture(place: Box) -> None:
    assert depth_of(_map(_scene()), place) is None


def test_nothing_is_said_where_the_map_knows_nothing() -> None:
    assert depth_of(_map(np.full((20, 24), np.nan)), FAR) is None
    assert depth_of(_map(np.zeros((20, 24)), DepthUnit.METRES), FAR) is None, "a distance of 0 m is none"
    solid = Box3D((0, 0, 2), (1, 1, 1), 0, 0, 0)
    assert depth_of(_map(_scene()), solid) is None


def test_order_is_in_spreads_and_turns_round_with_the_unit() -> None:
    one, two = FindingDepth(2.0, 0.1, 9, DepthUnit.INVERSE), FindingDepth(1.0, 0.0, 9, DepthUnit.INVERSE)
    ramp = np.linspace(0, 4, 400).reshape(20, 20)
    assert order(_map(ramp), one, two).margin == pytest.approx(10)
    assert order(_map(ramp), one, two).nearer is True
    metres = [FindingDepth(f.value, f.spread, 9, DepthUnit.METRES) for f in (one, two)]
    assert order(_map(ramp + 1, DepthUnit.METRES), *metres).nearer is False
    assert nearest_first({"a": two, "b": one}) == ["b", "a"]
    assert nearest_first({"a": metres[1], "b": metres[0]}) == ["a", "b"]


def test_a_far_horizon_does_not_make_near_things_the_same() -> None:
    near = [FindingDepth(z, 0.05, 9, DepthUnit.METRES) for z in (3.0, 4.0)]
    assert order(_map(np.geomspace(2, 400, 400).reshape(20, 20), DepthUnit.METRES), *near).nearer is True


def test_what_differs_less_than_a_hundredth_of_the_map_is_equally_far() -> None:
    one, two = FindingDepth(2.01, 0.0, 9, DepthUnit.INVERSE), FindingDepth(2.0, 0.0, 9, DepthUnit.INVERSE)
    assert order(_map(np.linspace(0, 4, 400).reshape(20, 20)), one, two).nearer is None
    assert order(_map(np.full((20, 20), 2.0)), one, one).margin == 0


def test_an_even_map_shows_no_depth() -> None:
    rng = np.random.default_rng(1)
    assert not shows_depth(_map(0.25 + 0.005 * rng.standard_normal((20, 20))))
    assert not shows_depth(_map(np.full((20, 20), np.nan)))
    assert not shows_depth(_map(np.zeros((20, 20))))
    assert shows_depth(_map(_scene()))
