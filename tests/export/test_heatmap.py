"""Depth drawn: brightness follows nearness, what is not known shows as such, and the words say what the numbers are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.errors import UsageError
from backend.export.heatmap import coloured, draw_heatmap, legend_of, nearness, save_heatmap
from backend.scene import DepthMap, DepthUnit


def _map(values: object, unit: DepthUnit = DepthUnit.INVERSE, size: tuple[int, int] = (64, 48)) -> DepthMap:
    return DepthMap(np.asarray(values, dtype=np.float32), unit, *size, source="a test")


def test_brightness_rises_with_nearness_all_the_way() -> None:
    ramp = coloured(np.linspace(0, 1, 256, dtype=np.float32)[None, :])[0].astype(float)
    luma = ramp @ (0.30, 0.59, 0.11)  # the weights that the helix was made for
    assert np.all(np.diff(luma) > -1.0)  # of 255: rounding of three channels
    assert luma[0] < 40
    assert luma[-1] > 250


def test_of_metres_the_smaller_is_the_nearer() -> None:
    metres, ends = nearness(_map([[1.0, 2.0], [4.0, 8.0]], DepthUnit.METRES))
    inverse, _ = nearness(_map([[1.0, 0.5], [0.25, 0.125]]))
    np.testing.assert_allclose(metres, inverse, atol=1e-6)
    assert metres[0, 0] == 1
    assert metres[1, 1] == 0
    assert ends.far > ends.near > 0


def test_one_wrong_pixel_does_not_pale_the_others() -> None:
    values = np.linspace(1, 2, 10_000, dtype=np.float32).reshape(100, 100)
    values[50, 50] = 1e6
    shares, _ = nearness(_map(values))
    assert shares[0, 0] == 0
    assert shares[99, 99] > 0.99


def test_what_is_not_known_is_hatched_and_counted() -> None:
    values = np.ones((40, 40), dtype=np.float32)
    values[:, 20:] = np.nan
    values[:20, :20] = 2
    plain = np.asarray(draw_heatmap(_map(values, size=(40, 40)), legend=False))
    hatched = plain[:, 20:].reshape(-1, 3)
    assert {tuple(int(v) for v in pixel) for pixel in hatched} == {(150, 150, 150), (70, 70, 70)}
    assert not {tuple(int(v) for v in pixel) for pixel in plain[:, :20].reshape(-1, 3)} & {(150, 150, 150), (70, 70, 70)}


@pytest.mark.parametrize("values", [np.full((3, 4), np.nan), np.full((3, 4), np.inf), np.full((3, 4), 7.0)])
def test_a_map_without_any_depth_is_drawn_all_the_same(values: object) -> None:
    assert draw_heatmap(_map(values)).width == 480  # a legend has its least width


def test_relative_depth_never_speaks_of_metres() -> None:
    _, ends = nearness(_map([[1.0, 2.0]]))
    assert "not by how much" in legend_of(_map([[1.0, 2.0]]), ends)[2]
    assert legend_of(_map([[1.0, 2.0]], DepthUnit.METRES), ends)[0].endswith(" m")
    assert "not known" in legend_of(_map([[1.0, 2.0]], DepthUnit.UP_TO_SCALE), ends)[2]


def test_it_is_written_with_its_legend_below(tmp_path: Path) -> None:
    depth = _map(np.linspace(0, 1, 48 * 64).reshape(48, 64), size=(640, 480))
    save_heatmap(tmp_path / "heat.png", depth)
    with Image.open(tmp_path / "heat.png") as image:
        assert image.width == 640
        assert image.height > 480
    with pytest.raises(UsageError):
        save_heatmap(tmp_path / "heat.txt", depth)
