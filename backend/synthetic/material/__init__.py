"""Material to try every command on, with its truth: what `sightline demo --write` writes.

Each kind is drawn by a module of its own, imported when it is wanted: `write(folder)` makes the folder, fills it, always with
the same pixels, and returns the files. `truth.json` beside them says what is true of them.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.errors import UsageError
from backend.sanitise import one_line


@dataclass(frozen=True, slots=True)
class Material:
    """One kind of material."""

    name: str
    """Of its folder, and of the module here that draws it."""
    about: str

    def write(self, folder: Path) -> list[Path]:
        """Draw it into a folder; returns the files. Raises OSError where they cannot be written."""
        made = importlib.import_module(f"{__name__}.{self.name}").write(folder)
        assert isinstance(made, list)
        return made


MATERIAL = (
    Material("places", "one room on two days, from two places; a box moved, one taken away, one brought"),
    Material("scenes", "flat and perspective scenes, as the demo model knows them"),
    Material("camera", "pictures with EXIF, calibration files, a HEIC file with depth, and what their cameras were"),
    Material("depth", "perspective scenes with the true depth of every pixel, and a flat one that has none"),
    Material("words", "signs in English and Chinese, with what is written on them and where"),
    Material("films", "films of moving shapes and boxes, with every frame's boxes and the times of the cuts"),
    Material("watch", "a film to watch: something leaves a zone, passes something else, stops, and leaves the picture"),
    Material("tracks", "a film and a folder of frames to follow things in, and boxes that are a little wrong"),
    Material("views", "pairs of pictures of one place, before and after something happened"),
    Material("stereo", "stereo pairs and free views of textured rooms, with the depth of every pixel"),
)


def chosen(names: Sequence[str]) -> tuple[Material, ...]:
    """The kinds of these names; all for none. Raises UsageError for a name that is not known."""
    known = {kind.name: kind for kind in MATERIAL}
    for name in names:
        if name not in known:
            raise UsageError(f"there is no material “{one_line(name, 40)}”", cure=f"known are: {', '.join(known)}")
    return tuple(known[name] for name in names) or MATERIAL
