"""Pictures that were decoded or sampled lately, shared by the preview and by questions. Safe to use from several threads.

Decoding happens in whichever thread asks; the event loop never does.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from threading import Lock

from backend.media import images
from backend.scene import DepthMap, Picture
from backend.spatial.camera import Camera
from tui.preview.cache import ByteCache
from tui.preview.canvas import Frame
from tui.preview.capabilities import Capabilities
from tui.preview.depths import Depths, heat_picture
from tui.preview.film_frames import film_of, load_frame
from tui.preview.from_above import draw_plan, has_solids
from tui.preview.job import Shown, Signature, Source
from tui.preview.render import Sampled, draw, draw_layer, sampled
from tui.preview.viewport import Viewport
from tui.preview.views import Layer, Sheet, View

PICTURE_BYTES = 384 * 2**20
SAMPLED_BYTES = 48 * 2**20
"""A sampled full screen is some 40 kB, so going back through a hundred pictures costs no decoding; in pixels of the screen
some 2 MB, so going back through twenty does not."""


class Gallery:
    """Two caches bounded by bytes: decoded pictures, and pictures at the resolution of the cells."""

    def __init__(self, picture_bytes: int = PICTURE_BYTES) -> None:
        self._pictures: ByteCache[Source, Picture] = ByteCache(picture_bytes, lambda picture: len(picture.rgb))
        self._ends: dict[Path, float] = {}
        """Of films."""
        self._depths = Depths()
        self._doors = tuple(Lock() for _ in range(16))
        """One of them is held while a picture is decoded; which one follows from the file."""
        self._sampled: ByteCache[tuple[Source, int, int, Capabilities, Hashable, Viewport], tuple[Sampled, Shown]] = ByteCache(
            SAMPLED_BYTES, lambda pair: len(pair[0].pixels)
        )

    def picture(self, path: Path) -> Picture:
        """The decoded picture. Raises UnreadablePicture. Two threads that want the same one decode it once."""
        source = Source.of(path)
        if source is None:
            return self._load(path)  # which says what is wrong with it
        with self._doors[hash(source) % len(self._doors)]:
            kept = self._pictures.get(source)
            if kept is None:
                kept = self._load(path)
                self._pictures.put(source, kept)
            return kept

    def end_of(self, film: Path) -> float | None:
        """When its last frame is shown, seconds; None before any frame of it was looked at."""
        return self._ends.get(film)

    def _load(self, path: Path) -> Picture:
        film = film_of(path)
        if film is None:
            return images.load(path)
        picture, self._ends[film] = load_frame(path)
        return picture

    def frame(self, wanted: Signature) -> tuple[Frame, Shown]:
        """The picture as cells, and what it is. Raises UnreadablePicture; of its depth also what `Depths.of` raises."""
        source = Source.of(wanted.path)
        looks = wanted.study if isinstance(wanted.study, DepthMap) else wanted.view is View.DEPTH
        key = (source, wanted.columns, wanted.rows, wanted.capabilities, looks, wanted.viewport) if source else None
        kept = self._sampled.get(key) if key else None
        if kept is None:
            picture = self.picture(wanted.path)
            depth = self._depth(picture, wanted)
            shown = picture if depth is None else heat_picture(picture, depth)
            kept = sampled(shown, wanted.columns, wanted.rows, wanted.capabilities, wanted.viewport), Shown.of(picture, depth)
            if key:
                self._sampled.put(key, kept)
        return self._drawn(wanted, *kept), kept[1]

    def _depth(self, picture: Picture, wanted: Signature) -> DepthMap | None:
        """The map that takes the picture's place."""
        if isinstance(wanted.study, DepthMap):
            return wanted.study
        return self._depths.of(picture) if wanted.view is View.DEPTH else None

    @staticmethod
    def _drawn(wanted: Signature, pixels: Sampled, shown: Shown) -> Frame:
        size, study = (wanted.columns, wanted.rows), wanted.study
        if isinstance(study, Sheet):
            return study.frame(size, wanted.capabilities.in_cells, wanted.selected)
        camera = Camera.of(wanted.camera or shown.camera, shown.width, shown.height)
        if wanted.view is View.ABOVE and has_solids(wanted.findings):
            return draw_plan(wanted.findings, camera, size, wanted.selected, wanted.capabilities.in_cells)
        if isinstance(study, Layer):
            return draw_layer(pixels, study, wanted.selected, wanted.capabilities)
        return draw(pixels, wanted.findings, wanted.selected, wanted.capabilities, camera, picture=wanted.picture)
