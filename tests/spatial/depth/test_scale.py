"""Metres from relative depth: what the fit recovers, what it survives, and when it must refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.errors import UsageError
from backend.scene import Box, Box3D, DepthMap, DepthUnit
from backend.spatial.camera import Camera
from backend.spatial.depth import Anchor, FitRefused, fitted, in_metres, known_distances, measured, solid_anchors
from backend.spatial.depth.anchors import met


def _anchors(
    metres: list[float], slope: float = 3.0, offset: float = 0.02, errors: dict[int, float] | None = None
) -> list[Anchor]:
    """Anchors on the line 1/Z = slope · d + offset, with relative errors of the known distance where given."""
    wrong = errors or {}
    return [Anchor(f"thing {n}", (1 / z - offset) / slope, z * (1 + wrong.get(n, 0.0)), "given") for n, z in enumerate(metres)]


def _span(anchors: list[Anchor]) -> float:
    values = [anchor.value for anchor in anchors]
    return max(values) - min(values)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.5, 30), min_size=3, max_size=9, unique=True).filter(lambda z: max(z) > 1.5 * min(z)),
    st.floats(0.01, 100),
    st.floats(-0.02, 0.3),
)
def test_exact_distances_give_the_line_back(metres: list[float], slope: float, offset: float) -> None:
    anchors = _anchors(metres, slope, offset)
    scale = fitted(anchors, _span(anchors))
    assert scale.slope == pytest.approx(slope, rel=1e-4)
    assert scale.offset == pytest.approx(offset, abs=1e-4)
    assert scale.residual < 1e-6
    assert all(scale.metres(anchor.value) == pytest.approx(anchor.metres, rel=1e-4) for anchor in anchors)


@pytest.mark.parametrize("wrong", range(6))
@pytest.mark.parametrize("error", [1.5, -0.6])
def test_one_wrong_distance_of_six_is_left_out(wrong: int, error: float) -> None:
    anchors = _anchors([1.2, 2.0, 2.9, 4.1, 6.0, 8.5], errors={wrong: error})
    scale = fitted(anchors, _span(anchors))
    assert scale.used == tuple(n != wrong for n in range(6))
    assert scale.slope == pytest.approx(3.0, rel=1e-3)
    assert "1 of them left out" in str(scale)


def test_the_residual_is_the_size_of_the_errors() -> None:
    rng = np.random.default_rng(3)
    found = []
    for _ in range(200):
        anchors = _anchors(list(rng.uniform(1, 9, 8)), errors=dict(enumerate(rng.normal(0, 0.03, 8))))
        found.append(fitted(anchors, _span(anchors)).residual)
    assert 0.02 < float(np.median(found)) < 0.04


def test_too_few_and_bad_anchors_are_refused() -> None:
    for few in ([], _anchors([2.0]), _anchors([2.0, 4.0])):
        with pytest.raises(FitRefused, match=f"there are {len(few)}"):
            fitted(few, 1.0)
    bad = _anchors([1.0, 2.0, 4.0], errors={1: 1.2})
    with pytest.raises(FitRefused, match="left over"):
        fitted(bad, _span(bad))
    same = [Anchor(str(n), 0.5, z, "given") for n, z in enumerate((2.0, 2.1, 2.0))]
    with pytest.raises(FitRefused, match="equally far"):
        fitted(same, 1.0)
    reverse = [Anchor(str(n), d, z, "given") for n, (d, z) in enumerate(((0.1, 1.0), (0.2, 2.0), (0.3, 3.0)))]
    with pytest.raises(FitRefused, match="the other way round"):
        fitted(reverse, 0.2)


def test_a_map_in_metres_says_what_it_was_fitted_to_and_has_no_number_beyond_infinity() -> None:
    anchors = _anchors([1.0, 2.0, 4.0], slope=2.0, offset=-0.1)
    depth = DepthMap(np.array([[0.55, 0.3, 0.175, 0.01]], dtype=np.float32), DepthUnit.INVERSE, 40, 10, "a net")
    metric = in_metres(depth, fitted(anchors, _span(anchors)))
    assert metric.unit is DepthUnit.METRES
    np.testing.assert_allclose(metric.values[0, :3], [1, 2, 4], rtol=1e-4)
    assert math.isnan(metric.values[0, 3])
    assert metric.source == "a net; fitted to 3 known distances, residual 0.0%"


def test_known_distances_as_they_are_typed() -> None:
    assert known_distances(["fridge=2.4", " red box = 3 m", "a=b=1"]) == {"fridge": 2.4, "red box": 3.0, "a=b": 1.0}
    for text in ("fridge", "fridge=", "=2", "fridge=-1", "fridge=0", "fridge=nan", "fridge=inf", "fridge=two", "f=1e9"):
        with pytest.raises(UsageError, match="no known distance"):
            known_distances([text])
    with pytest.raises(UsageError, match="twice"):
        known_distances(["a=1", "a=2"])


def test_a_ray_meets_a_solid_box_where_its_surface_is() -> None:
    camera = Camera.from_hfov(200, 100, 90)
    facing = Box3D((0.0, 0.0, 5.0), (2.0, 2.0, 2.0), 0.0, 0.0, 0.0)
    assert met(facing, camera, (100, 50)) == pytest.approx(4.0)
    turned = Box3D((0.0, 0.0, 5.0), (2.0, 2.0, 2.0), 0.0, math.pi / 4, 0.0)
    assert met(turned, camera, (100, 50)) == pytest.approx(5 - math.sqrt(2))
    assert met(facing, camera, (199, 50)) is None
    behind = Box3D((0.0, 0.0, -5.0), (2.0, 2.0, 2.0), 0.0, 0.0, 0.0)
    assert met(behind, camera, (100, 50)) is None


def test_solid_boxes_become_anchors_unless_their_place_is_shared() -> None:
    camera = Camera.from_hfov(200, 100, 90)
    solid = Box3D((0.0, 0.0, 5.0), (2.0, 2.0, 2.0), 0.0, 0.0, 0.0, "box")
    box = Box(75, 25, 125, 75, "box", id="b1")
    depth = DepthMap(np.full((10, 20), 0.25, dtype=np.float32), DepthUnit.INVERSE, 200, 100, "a net")
    (anchor,) = solid_anchors([(box, solid)], measured(depth, [box]), camera)
    assert anchor.name == "box"
    assert anchor.value == pytest.approx(0.25)
    assert anchor.metres == pytest.approx(4.0)
    over = Box(0, 0, 200, 100, "room", id="b2")
    assert solid_anchors([(box, solid)], measured(depth, [box, over]), camera) == []
