"""What a tab shows as a picture of its own, in full resolution, by the code that draws exports: for saving it.

Threads make it; the widgets only say what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from backend.media.folder import is_film
from backend.scene import DepthMap, Finding, Intrinsics, Picture
from backend.scene.moments import seconds
from backend.spatial.camera import Camera
from backend.spatial.known_camera import camera_of
from tui.preview.film_frames import film_of
from tui.preview.gallery import Gallery
from tui.preview.place_sheet import PlaceSheet
from tui.preview.timeline import ContactSheet
from tui.preview.views import FineLayer, Ground, Study, View

if TYPE_CHECKING:
    from PIL.Image import Image

_SHEET_PIXELS = 480 * 360
"""Of one frame on a contact sheet."""
_SIGNS = {
    View.DEPTH: "depth",
    View.ABOVE: "above",
    View.SHEET: "frames",
    View.TRACKS: "tracks",
    View.STEREO: "stereo",
    View.CHANGES: "changes",
    View.MAP: "map",
}
"""What a file's name says of the tab that it shows; nothing of the picture itself."""


@dataclass(frozen=True, slots=True)
class ShownImage:
    """Everything that decides how it looks."""

    path: Path
    """The picture, or the name of a film's frame."""
    view: View = View.PICTURE
    study: Study | None = None
    """What that tab is drawn from, where it is neither the picture nor its findings."""
    findings: Sequence[Finding] = ()
    """Those of this picture alone."""
    places: Sequence[int] | None = None
    """Where each of them stands in its answer, which gives its colour; one after the other where None."""
    camera: Intrinsics | None = None
    """Which the answer used; the picture's own where None."""
    title: str = ""
    """What a map says above it."""

    @property
    def stem(self) -> str:
        """Of its file's name: that of the picture, a frame with its time, and which tab it is."""
        film = film_of(self.path)
        stem = self.path.stem if film is None else film.stem
        if film is not None and self.view is not View.SHEET:
            stem = f"{stem}-{_time(self.path):.2f}s"
        return "-".join(filter(None, (stem, _SIGNS.get(self.view, ""))))

    def drawn(self, gallery: Gallery) -> Image:
        """In a thread. Raises what decoding raises."""
        match self.study:
            case ContactSheet():
                return self._sheet(self.study)
            case PlaceSheet():
                from backend.export.place_map import draw_map

                return draw_map(self.study.plan, self.title)
        picture = gallery.picture(self.path)
        match self.study:
            case DepthMap():
                return self._depth(picture, self.study)
            case FineLayer():
                return _layer(picture, self.study)
        if self.view is View.ABOVE:
            from backend.export.topdown import draw_topdown

            known = self._camera(picture)
            return draw_topdown(self.findings, Camera.of(known, picture.width, picture.height), known.source)
        from backend.export.overlay import draw

        return draw(picture, self.findings, Camera.of(self._camera(picture), picture.width, picture.height), self.places)

    def _camera(self, picture: Picture) -> Intrinsics:
        return self.camera or camera_of(picture).intrinsics

    def _depth(self, picture: Picture, depth: DepthMap) -> Image:
        """The map in colours, as large as the picture, with the findings that lie over it on the screen as well."""
        from backend.export.heatmap import draw_heatmap
        from backend.export.overlay import draw_on

        camera = Camera.of(self._camera(picture), picture.width, picture.height)
        return draw_heatmap(
            depth,
            longest=max(picture.stored_size),
            over=lambda image: draw_on(image, (picture.width, picture.height), self.findings, camera, self.places),
        )

    def _sheet(self, sheet: ContactSheet) -> Image:
        """The same frames as on the screen, larger."""
        from backend.export.contact_sheet import draw_contact_sheet
        from backend.media.film import open_film

        with open_film(film_of(self.path) or self.path) as film:
            return draw_contact_sheet([*film.frames([one.time or 0.0 for one in sheet.thumbs], _SHEET_PIXELS)])


def _layer(picture: Picture, layer: FineLayer) -> Image:
    """The picture with what a study draws over it."""
    from backend.export.strokes import Pen
    from backend.media.images import as_image

    image = as_image(picture)

    def at(x: float, y: float) -> tuple[float, float]:
        return x * image.width / picture.width, y * image.height / picture.height  # fewer pixels where it is very large

    layer.paint(Ground(image, at, (picture.width, picture.height), Pen.for_picture(*image.size)), frozenset())
    return image


def _time(frame: Path) -> float:
    """Of a frame's name, seconds; the film itself is its first."""
    return 0.0 if is_film(frame) else seconds(frame.name.rpartition("@")[2]) or 0.0
