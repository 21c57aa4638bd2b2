"""A picture as it is remembered: by the hash of its bytes, with where it lay, and when it was taken."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.memory.database import opened
from backend.memory.filing import Clock
from backend.scene import Box, Box3D, Finding, Intrinsics, Point

COLUMNS = (
    "views.id, views.sha256, views.path, views.time, views.width, views.height, views.seen_at, views.clock, views.thumbnail,"
    " views.camera"
)


@dataclass(frozen=True, slots=True)
class StoredView:
    """A picture, and for a view of a place all that was found in it."""

    id: int
    sha256: str
    path: Path | None
    """Where it lay when it was last seen; None for standard input."""
    time: float | None
    """Seconds into the film that it is a frame of."""
    width: int
    height: int
    """Of the upright original, pixels."""
    when: datetime
    """Taken, UTC; `clock` says how that is known."""
    clock: Clock
    thumbnail: bytes | None
    camera: Intrinsics | None
    boxes: tuple[Box, ...] = ()
    """Of everything that was asked; of several answers about one name those of the last."""
    solids: tuple[Box3D, ...] = ()
    looked_for: tuple[str, ...] = ()
    """Questions about it whose answers are boxes: what nobody looked for may be there all the same."""

    @property
    def name(self) -> str:
        """For the reader."""
        return "standard input" if self.path is None else str(self.path)


def known_paths(database: Path, hashes: Collection[str]) -> dict[str, Path]:
    """Where the pictures with these hashes lay when they were last seen, as far as that is remembered. Raises
    JournalUnavailable.
    """
    with opened(database) as connection:
        rows = connection.execute("SELECT sha256, path FROM views WHERE path IS NOT NULL").fetchall()
    return {sha256: Path(os.fsdecode(path)) for sha256, path in rows if sha256 in hashes}


def view_of(
    row: tuple[Any, ...], boxes: tuple[Box, ...] = (), solids: tuple[Box3D, ...] = (), looked_for: tuple[str, ...] = ()
) -> StoredView:
    """From a row of COLUMNS."""
    number, sha256, path, time, width, height, seen_at, clock, thumbnail, camera = row
    return StoredView(
        number,
        sha256,
        None if path is None else Path(os.fsdecode(path)),
        None if time < 0 else time,
        width,
        height,
        datetime.fromisoformat(seen_at),
        Clock(clock),
        thumbnail,
        None if camera is None else _camera(json.loads(camera)),
        boxes,
        solids,
        looked_for,
    )


def finding_of(kind: str, place: str, label: str, confidence: float | None, number: int | str = "") -> Finding:
    """From a row of the findings, whose place is JSON as it was published."""
    at = json.loads(place)
    if kind == "box":
        x1, y1, x2, y2 = at["bbox"]
        return Box(x1, y1, x2, y2, label, confidence=confidence, id=str(number))
    if kind == "point":
        x, y = at["point"]
        return Point(x, y, label, confidence=confidence, id=str(number))
    pitch, yaw, roll = at["rotation"]
    return Box3D(tuple(at["centre"]), tuple(at["size"]), pitch, yaw, roll, label, confidence=confidence, id=str(number))


def _camera(told: dict[str, Any]) -> Intrinsics:
    """From the published JSON, of which later versions may hold more."""
    return Intrinsics(told["focal"], told["cx"], told["cy"], told["source"])
