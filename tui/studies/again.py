"""A study of an earlier run whose result was not kept: a depth map is large, and a place's map follows its place. Its tab is
there, and it is made again when that is turned to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from backend.memory.journal import Journal
from backend.scene import Calibration, Distortion, LensModel
from backend.spatial.known_camera import GivenCamera
from tui.preview.gallery import Gallery
from tui.preview.views import View
from tui.studies.study import Row
from tui.studies.studying import Work


@dataclass(frozen=True, slots=True, eq=False)
class MadeAgain:
    """It, until it is made."""

    view: View
    pictures: tuple[Path, ...]
    said: str
    kept: Mapping[str, Any]
    """What it takes to make it (see the `kept` of the study that comes of it)."""
    hashes: tuple[str, ...] = ()

    @property
    def rows(self) -> Sequence[Row]:
        return ()

    @property
    def notes(self) -> Sequence[str]:
        return ()

    @property
    def happened(self) -> Sequence[tuple[float, int]]:
        return ()

    def shown_on(self, picture: Path, /) -> Path:
        return self.pictures[0] if self.view is View.STEREO else picture

    def drawn(self, _picture: Path, _time: float, /) -> None:
        return None

    def work(self, gallery: Gallery, journal: Journal | None) -> Work | None:
        """What makes it; None where that cannot be had any more."""
        if self.view is View.STEREO:
            from tui.studies.pair_depth import measure_pair

            left, right = self.pictures
            return partial(measure_pair, gallery, (left, right), camera_from(self.kept.get("camera")), self.kept["baseline"])
        if journal is None:
            return None
        from tui.studies.place import map_place

        return partial(map_place, journal.path, gallery, self.pictures[0])


def camera_from(told: Mapping[str, Any] | None) -> GivenCamera | None:
    """From the JSON that `dataclasses.asdict` makes of one. Raises KeyError, TypeError and ValueError for what is none."""
    if told is None:
        return None
    centre, made = told["centre"], told["calibration"]
    lens = None if made is None else made["distortion"]
    return GivenCamera(
        told["hfov"],
        told["focal"],
        None if centre is None else (centre[0], centre[1]),
        told["note"],
        None
        if made is None or lens is None
        else Calibration(**{**made, "distortion": Distortion(LensModel(lens["model"]), tuple(lens["coefficients"]))}),
    )
