"""Visits to drawn rooms, with the true boxes as findings."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backend.memory.filing import Clock
from backend.memory.places import Visit
from backend.memory.views import StoredView
from backend.scene import Box, Box3D
from backend.synthetic.perspective import Solid
from backend.synthetic.rooms import VIEWS, Room

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def visit(
    room: Room, number: int, looked_for: tuple[str, ...] = ("Locate every box.",), views: tuple[int, ...] = (0, 1)
) -> Visit:
    """One of a room's visits as memory would have it."""
    when = START + timedelta(days=number)
    return Visit(number, when, when, tuple(view(room, number, at, looked_for) for at in views))


def view(room: Room, number: int, at: int, looked_for: tuple[str, ...] = ()) -> StoredView:
    scene = room.scene(number, at)
    boxes = tuple(Box(*item.box, item.name, id=f"b{n}") for n, item in enumerate(scene.objects))
    solids = tuple(solid(item, n) for n, item in enumerate(scene.objects))
    path = Path(f"/{number}/{VIEWS[at]}.png")
    when = START + timedelta(days=number)
    known = (10 * number + at, "a" * 64, path, None, *room.size, when, Clock.EXIF, None, None)
    return StoredView(*known, boxes, solids, looked_for)


def solid(item: Solid, number: int) -> Box3D:
    return Box3D(item.centre3d, item.size, 0.0, item.yaw * math.pi, 0.0, item.name, id=f"s{number}")
