"""One room, visited on two days: two pictures each day with their time in EXIF, and what is true of everything in them; and a
film of a camera that is carried round a bend."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from PIL import Image

from backend.synthetic.filming import write_film
from backend.synthetic.perspective import Solid
from backend.synthetic.rooms import VIEWS, draw_room
from backend.synthetic.walking import draw_walk

SEED = 5
FPS = 2.0
VISITS = (("monday", "2026:03:02 08:00:00"), ("tuesday", "2026:03:03 17:30:00"))
_EXIF, _ORIGINAL, _OFFSET, _CHANGED = 0x8769, 0x9003, 0x9011, 0x0132


def write(folder: Path) -> list[Path]:
    """A folder for each visit, with a PNG for each view; and `walk.mp4`."""
    room = draw_room(SEED)
    written: list[Path] = []
    visits: list[dict[str, Any]] = []
    for visit, (name, time) in enumerate(VISITS):
        (folder / name).mkdir(parents=True, exist_ok=True)
        pictures = {}
        for view, title in enumerate(VIEWS):
            scene, file = room.scene(visit, view), folder / name / f"{title}.png"
            scene.render().save(file, exif=_taken(time, minutes=view))
            written.append(file)
            pictures[f"{name}/{file.name}"] = [_told(item) for item in scene.objects]
        visits.append({"time": f"{time.replace(':', '-', 2).replace(' ', 'T')}Z", "pictures": pictures})
    walk = draw_walk(SEED, (400, 300))
    write_film(folder / "walk.mp4", ((n / FPS, picture) for n, picture in enumerate(walk.pictures)), fps=FPS, key_every=1)
    written.append(folder / "walk.mp4")
    truth = {
        "walk.mp4": [
            {"time": n / FPS, "place": list(at.position), "turned_right_degrees": at.angles[1]}
            for n, at in enumerate(walk.viewpoints)
        ],
        "visits": visits,
        "became": room.became,
        "cameras": {
            title: {"x": at.x, "z": at.z, "turned_right_degrees": math.degrees(at.heading)}
            for title, at in zip(VIEWS, room.standpoints, strict=True)
        },
    }
    table = folder / "truth.json"
    table.write_text(json.dumps(truth, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return [*written, table]


def _taken(time: str, minutes: int) -> Image.Exif:
    exif, moment = Image.Exif(), f"{time[:-5]}{int(time[-5:-3]) + minutes:02d}:00"
    exif[_CHANGED] = moment
    exif.get_ifd(_EXIF).update({_ORIGINAL: moment, _OFFSET: "+00:00"})
    return exif


def _told(item: Solid) -> dict[str, Any]:
    return {
        "name": item.name,
        "chinese": item.chinese,
        "bbox": list(item.box),
        "centre": list(item.centre3d),
        "size": list(item.size),
        "yaw_in_pi": item.yaw,
    }
