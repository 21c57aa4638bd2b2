"""Material for trying things: every kind is written where it was asked for, twice the same, with its truth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.errors import UsageError
from backend.synthetic.material import MATERIAL, Material, chosen


@pytest.mark.parametrize("kind", MATERIAL, ids=lambda kind: kind.name)
def test_each_kind_is_written_with_its_truth(kind: Material, tmp_path: Path) -> None:
    written = kind.write(tmp_path / "a")
    assert all(path.is_file() and path.is_relative_to(tmp_path / "a") for path in written)
    truth = json.loads((tmp_path / "a" / "truth.json").read_text("utf-8"))
    assert truth
    again = kind.write(tmp_path / "b")
    assert [path.read_bytes() for path in written] == [path.read_bytes() for path in again]


def test_scenes_say_where_everything_is(tmp_path: Path) -> None:
    chosen(["scenes"])[0].write(tmp_path)
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert [thing["name"] for thing in truth["two-objects.png"]] != []
    assert all("centre" in thing for thing in truth["boxes-apart.png"])


def test_unknown_kinds_are_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no material “nonsense”") as refused:
        chosen(["nonsense"])
    assert "scenes" in refused.value.cure


def test_depth_is_true_where_a_box_stands(tmp_path: Path) -> None:
    chosen(["depth"])[0].write(tmp_path)
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert truth["flat.png"]["depth"] is None
    for picture, known in truth.items():
        if known["depth"] is None:
            continue
        with Image.open(tmp_path / picture) as seen, Image.open(tmp_path / known["depth"]) as depth:
            assert depth.size == seen.size
            values = np.asarray(depth)
        assert values.dtype == np.uint16
        assert not values[0].any(), "the sky is infinitely far"
        nearest = known["boxes"][0]
        x1, _, x2, y2 = nearest["bbox"]
        foot = values[min(round(y2) - 2, values.shape[0] - 1), round(x1) : round(x2)]
        assert foot[foot > 0].min() / 1000 == pytest.approx(nearest["distance"], rel=0.03)
