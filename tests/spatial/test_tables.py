"""Corners and lenses that were worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spatial import tables


def test_the_tables_are_not_short() -> None:
    assert len(tables.projections()) >= 12
    assert len(tables.lenses()) >= 5


@pytest.mark.parametrize("row", tables.projections(), ids=lambda row: str(row["box"]))
def test_a_corner_is_where_it_was_worked_out_to_be(row: dict[str, Any]) -> None:
    assert tables.projection_error(row) < tables.CLOSE


@pytest.mark.parametrize("row", tables.lenses(), ids=lambda row: str(row["lens"]))
def test_a_lens_has_the_focal_length_that_is_known_of_it(row: dict[str, Any]) -> None:
    assert tables.lens_error(row) < tables.LENS_CLOSE
