"""Depth as files: what is not known stays unknown, and only metres become millimetres."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.errors import UsageError
from backend.export.depth_files import save_array, save_millimetres
from backend.scene import DepthMap, DepthUnit

VALUES = np.array([[0.5, np.nan, 2.3456], [70.0, 65.535, np.inf]], dtype=np.float32)


def a_map(unit: DepthUnit) -> DepthMap:
    return DepthMap(VALUES, unit, 3, 2, "test")


def test_the_array_is_as_it_was(tmp_path: Path) -> None:
    save_array(tmp_path / "depth.npy", a_map(DepthUnit.UP_TO_SCALE))
    back = np.load(tmp_path / "depth.npy")
    assert back.dtype == np.float32
    assert np.array_equal(back, VALUES, equal_nan=True)


def test_millimetres_are_whole_and_zero_where_nothing_is_known(tmp_path: Path) -> None:
    save_millimetres(tmp_path / "mm.png", a_map(DepthUnit.METRES))
    with Image.open(tmp_path / "mm.png") as image:
        assert image.mode == "I;16"
        assert np.asarray(image).tolist() == [[500, 0, 2346], [0, 65535, 0]]


def test_other_units_are_no_millimetres(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="only metres"):
        save_millimetres(tmp_path / "mm.png", a_map(DepthUnit.INVERSE))
    assert not (tmp_path / "mm.png").exists()
