"""Depth from two marked pictures, as `sightline stereo` measures it: as a rectified pair, and where they are none, as two views
that were taken freely. Which of the two it was is always said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.errors import SightlineError
from backend.language import _
from backend.scene import DepthMap
from backend.spatial.known_camera import GivenCamera
from tui.preview.gallery import Gallery
from tui.preview.views import View
from tui.studies.study import Row
from tui.studies.studying import Say

if TYPE_CHECKING:
    from backend.cli.stereo_told import Told
    from backend.scene import Picture


@dataclass(frozen=True, slots=True, eq=False)
class PairDepth:
    """What the pair told."""

    left: Path
    right: Path
    told: Told
    notes: Sequence[str]
    camera: GivenCamera | None = None
    """By which it was measured; the picture's own where None."""

    @property
    def view(self) -> View:
        return View.STEREO

    @property
    def pictures(self) -> tuple[Path, ...]:
        return self.left, self.right

    @property
    def said(self) -> str:
        return self.told.how

    @property
    def rows(self) -> Sequence[Row]:
        """None of its own: findings are told with their distances, as with any depth map."""
        return ()

    @property
    def happened(self) -> Sequence[tuple[float, int]]:
        return ()

    def shown_on(self, _picture: Path, /) -> Path:
        """Depth lies over the left picture."""
        return self.left

    def drawn(self, _picture: Path, _time: float, /) -> DepthMap:
        return self.told.stereo.depth

    @property
    def kept(self) -> Mapping[str, Any]:
        """What it takes to measure it again: the map itself is as large as the picture."""
        camera = None if self.camera is None else asdict(self.camera)
        return {"camera": camera, "baseline": self.told.baseline, "said": self.said}

    @property
    def hashes(self) -> tuple[str, ...]:
        return tuple(picture.sha256 for picture in self.told.pictures)


def measure_pair(
    gallery: Gallery, pair: tuple[Path, Path], camera: GivenCamera | None, baseline: float | None, say: Say
) -> tuple[PairDepth | None, SightlineError | None]:
    """Measure it. `baseline`: metres from camera to camera, where it is known. Raises what neither way gets over."""
    from backend.cli.stereo import measured_by
    from backend.spatial.stereo import PairRefused

    say(_("measuring depth"))
    pictures = gallery.picture(pair[0]), gallery.picture(pair[1])
    say(None)
    reasons: list[str] = []
    try:
        told = measured_by(pictures, camera, baseline, free=False)
    except PairRefused as refused:
        say(_("measuring depth of two free views"))
        reasons.append(_("taken as two free views, for as a rectified pair: {reason}").format(reason=refused.message))
        told = _free(pictures, camera, baseline, refused)
    say(None)
    return PairDepth(*pair, told, [*reasons, *told.notes()], camera), None


def _free(
    pictures: tuple[Picture, Picture], camera: GivenCamera | None, baseline: float | None, refused: SightlineError
) -> Told:
    """As two free views; where they tell nothing either, both reasons are said, and the cure is the second's."""
    from backend.cli.stereo import measured_by
    from backend.spatial.stereo import PairRefused

    try:
        return measured_by(pictures, camera, baseline, free=True)
    except PairRefused as neither:
        said = _("{free}; and as a rectified pair: {pair}").format(free=neither.message, pair=refused.message)
        raise PairRefused(said, cure=neither.cure) from neither
