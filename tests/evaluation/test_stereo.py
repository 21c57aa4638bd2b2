"""The evaluation of depth from geometry: what it counts, and the tables made of it."""

from __future__ import annotations

import numpy as np
import pytest

from backend.scene import DepthMap, DepthUnit
from backend.spatial.stereo import Stereo
from backend.spatial.stereo.rows import RowCheck
from backend.spatial.two_views import RelativePose, Trouble
from backend.synthetic.stereo import Viewpoint
from scripts.evaluation import stereo
from scripts.evaluation.stereo import _Poses, _Tally

NO_TURN = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


def made(values: list[float]) -> Stereo:
    depth = DepthMap(np.array([values], dtype=np.float32), DepthUnit.UP_TO_SCALE, len(values), 1, "test")
    empty = np.empty((0, 3))
    return Stereo(depth, empty.astype(np.float32), empty.astype(np.uint8), 1.0, RowCheck(0, None, None))


def test_errors_are_relative_and_only_of_what_has_a_depth() -> None:
    tally = _Tally()
    truth = np.array([[2.0, 2.0, 4.0, 8.0]], dtype=np.float32)
    stereo._tallied(tally, lambda: made([1.0, float("nan"), 2.2, 5.0]), truth, 2.0)
    figures = tally.figures()
    assert (figures["scenes"], figures["measured"], figures["refused"]) == (1, 1, 0)
    assert figures["valid"] == 0.75
    assert figures["median"] == pytest.approx(0.1)
    assert figures["within 15 %"] == pytest.approx(2 / 3)


def test_turns_and_directions_are_those_of_the_camera() -> None:
    poses = _Poses()
    poses.add(RelativePose(NO_TURN, (-1.0, 0.0, 0.0), 100, 90, 2.0), Viewpoint((0.5, 0.0, 0.0), (0.0, 3.0, 0.0)))
    poses.add(RelativePose(NO_TURN, (0.0, 0.0, 0.0), 5, 0, 0.0, Trouble.FEW, "few"), Viewpoint((0.5, 0.0, 0.0)))
    figures = poses.figures()
    assert (figures["views"], figures["enough"]) == (2, 1)
    assert figures["turn, median"] == pytest.approx(3.0, abs=1e-4)
    assert figures["direction, median"] == pytest.approx(0.0, abs=1e-4)


def test_the_tables_hold_every_kind_and_what_was_refused() -> None:
    tally, poses = _Tally(), _Poses()
    stereo._tallied(tally, lambda: made([1.0, 2.0]), np.array([[1.0, 2.5]], dtype=np.float32))
    poses.add(RelativePose(NO_TURN, (-1.0, 0.0, 0.0), 100, 90, 2.0), Viewpoint((0.5, 0.0, 0.0)))
    figures = {"kinds": {"rectified": tally.figures()}, "poses": {"aside": poses.figures()}, "refusals": {"swapped": [3, 4]}}
    text = stereo.table(figures)
    assert "| rectified | 1 of 1 | 100.0% |" in text
    assert "| aside | 1 of 1 | 0.00° |" in text
    assert "| swapped | 3 of 4 |" in text
