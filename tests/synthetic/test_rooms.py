"""Rooms that are visited twice: what is said of them is what is drawn."""

from __future__ import annotations

import math
from collections import Counter

import pytest

from backend.synthetic.perspective import CAMERA_HEIGHT
from backend.synthetic.rooms import LEAST_WAY, Standpoint, draw_room


@pytest.mark.parametrize("seed", [0, 2])
def test_everything_is_in_view_and_shows_where_it_is_said_to(seed: int) -> None:
    room = draw_room(seed)
    for visit in range(2):
        for view in range(2):
            scene = room.scene(visit, view)
            picture = scene.render()
            assert len(scene.objects) == 4
            shown = scene.shown(*room.size).getcolors()
            assert shown is not None
            assert len(shown) == 5
            assert picture.size == room.size
            for item in scene.objects:
                assert item.centre3d[1] + item.size[1] / 2 == pytest.approx(CAMERA_HEIGHT)
                assert min(item.box) >= 1


def test_one_is_moved_one_taken_away_and_one_brought() -> None:
    room = draw_room(0)
    assert Counter(room.became.values()) == {"kept": 2, "moved": 1, "gone": 1, "new": 1}
    before, after = ({item.name: item for item in visit} for visit in room.visits)
    moved = next(name for name, became in room.became.items() if became == "moved")
    assert math.dist(before[moved].centre3d, after[moved].centre3d) >= LEAST_WAY
    assert before[moved].size == after[moved].size


def test_a_turned_camera_sees_the_same_corners() -> None:
    item = draw_room(0).visits[0][0]
    seen = Standpoint(1.0, 0.5, -0.3).sees(item)
    cos, sin = math.cos(-0.3), math.sin(-0.3)
    true = {(round(cos * (x - 1) - sin * (z - 0.5), 6), round(sin * (x - 1) + cos * (z - 0.5), 6)) for x, z in item.footprint}
    assert {(round(x, 6), round(z, 6)) for x, z in seen.footprint} == true
    assert -0.25 <= seen.yaw < 0.25
