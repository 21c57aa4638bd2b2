"""The figures of the memory of places: what is counted, and that a table is made of it."""

from __future__ import annotations

import random

import numpy as np
import pytest

from backend.synthetic.rooms import draw_room
from scripts.evaluation import places


def test_true_boxes_of_a_room_are_counted_right() -> None:
    room = draw_room(0)
    counts = places._became(room, [places._visit(room, at, 0.0, random.Random(0)) for at in range(2)])
    assert counts == {"kept → kept": 2, "moved → moved": 1, "gone → gone": 1, "new → new": 1}


def test_recall_and_precision() -> None:
    counts = {"moved → moved": 3, "moved → kept": 1, "kept → moved": 3, "kept → kept": 5}
    assert places._scored(counts, "moved") == "75% (3 of 4), 50%"


def test_a_path_is_held_against_the_truth_up_to_scale_place_and_turn() -> None:
    true = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [2.0, 3.0]])
    turned = 0.3 * true @ np.array([[0.6, 0.8], [-0.8, 0.6]]) + (4, 5)
    assert places._aligned(turned, true) == pytest.approx(0, abs=1e-9)
    assert places._aligned(turned * (1, -1), true) > 0.1, "a mirrored path is another one"
    assert places._angle(np.array([1.0, 0.0]), np.array([1.0, 1.0])) == pytest.approx(45)
