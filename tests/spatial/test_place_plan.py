"""Cameras on one plan, told from true and from rough 3D boxes of drawn rooms."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from backend.scene import Box3D
from backend.spatial.place_plan import View, merged
from backend.synthetic.rooms import VIEWS, Room, draw_room
from tests.places.rooms import solid


def views(room: Room, visit: int = 0) -> list[View]:
    scenes = [room.scene(visit, at) for at in range(2)]
    return [
        (name, [solid(item, n) for n, item in enumerate(scene.objects)], None, room.size)
        for name, scene in zip(VIEWS, scenes, strict=True)
    ]


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_true_boxes_place_the_cameras_exactly(seed: int) -> None:
    room = draw_room(seed)
    plan = merged(views(room))
    first, second = plan.cameras
    assert (first.x, first.z, first.heading) == (0, 0, 0)
    at, other = (room.standpoints[VIEWS.index(camera.name)] for camera in (first, second))
    turn = other.heading - at.heading
    assert second.heading == pytest.approx(turn, abs=1e-6)
    dx, dz = other.x - at.x, other.z - at.z
    cos, sin = math.cos(at.heading), math.sin(at.heading)
    assert (second.x, second.z) == pytest.approx((cos * dx - sin * dz, sin * dx + cos * dz), abs=1e-6)
    assert second.residual == pytest.approx(0, abs=1e-6)
    assert len(plan.things) == 4
    assert all(thing.spread == pytest.approx(0, abs=1e-6) and len(thing.views) == 2 for thing in plan.things)


def test_rough_boxes_place_them_roughly() -> None:
    room, rng = draw_room(0), random.Random(3)
    rough: list[View] = [
        (name, [_shaken(box, rng) for box in solids], camera, size) for name, solids, camera, size in views(room)
    ]
    second = merged(rough).cameras[1]
    other = room.standpoints[VIEWS.index(second.name)]
    sign = 1 if second.name == VIEWS[1] else -1
    assert second.heading == pytest.approx(sign * room.standpoints[1].heading, abs=0.25)
    assert other in room.standpoints
    assert 0 < second.residual < 1


def _shaken(box: Box3D, rng: random.Random) -> Box3D:
    scale = 1 + rng.gauss(0, 0.05)
    x, y, z = box.centre
    return replace(box, centre=(x * scale, y * scale, z * scale))


def test_a_thing_that_moved_between_two_pictures_decides_nothing() -> None:
    room = draw_room(0)
    (door, first, _, size), (window, second, _, _) = views(room)
    x, y, z = second[0].centre
    moved = [replace(second[0], centre=(x + 4, y, z)), *second[1:]]
    plan = merged([(door, first, None, size), (window, moved, None, size)])
    camera = plan.cameras[1]
    assert camera.agreeing == 3
    assert camera.residual == pytest.approx(0, abs=1e-6)


def test_views_that_share_too_little_are_left_out_and_said_to_be() -> None:
    room = draw_room(0)
    (door, first, _, size), (window, second, _, _) = views(room)
    strangers = [replace(box, label=f"thing {n}") for n, box in enumerate(second[1:])]
    plan = merged([(door, first, None, size), (window, [second[0], *strangers], None, size), ("empty", [], None, size)])
    assert [camera.name for camera in plan.cameras] == [door]
    assert any("window shares fewer than two" in note for note in plan.notes)
    assert any("empty has no 3D boxes" in note for note in plan.notes)
    assert merged([("empty", [], None, size)]).things == ()


def test_several_of_one_name_are_not_taken_for_one() -> None:
    room = draw_room(0)
    (door, first, _, size), _ = views(room)
    twice = [replace(box, label="box") for box in first]
    assert len(merged([(door, twice, None, size)]).things) == 4
