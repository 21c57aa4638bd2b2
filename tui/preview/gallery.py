"""Pictures that were decoded or sampled lately, shared by the preview and by questions. Safe to use from several threads.

Decoding happens in whichever thread asks; the event loop never does.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path

from backend.media import glimpse, images
from backend.scene import DepthMap, Picture
from backend.spatial.camera import Camera
from tui.preview.cache import ByteCache
from tui.preview.canvas import Frame
from tui.preview.capabilities import Capabilities
from tui.preview.depths import Depths, heat_picture
from tui.preview.film_frames import film_of, load_frame
from tui.preview.from_above import FromAbove, has_solids
from tui.preview.job import Shown, Signature, Source, Superseded
from tui.preview.once import Once
from tui.preview.place_sheet import PlaceSheet
from tui.preview.render import Sampled, draw, draw_layer, sampled
from tui.preview.sheets import draw_sheet
from tui.preview.viewport import Viewport
from tui.preview.views import Layer, Sheet, View

PICTURE_BYTES = 384 * 2**20
SAMPLED_BYTES = 48 * 2**20
"""A sampled full screen is some 40 kB, so going back through a hundred pictures costs no decoding; in pixels of the screen
some 2 MB, so going back through twenty does not."""
FRAME_BYTES = 32 * 2**20
"""Finished frames: going back to one costs nothing but showing it."""
_SHARP = 1.25
"""How many times finer than the screen a picture must at least be decoded, so that scaling it down hides that."""

Check = Callable[[], None]
"""Raises Superseded where the work is no longer wanted; asked between its steps."""
_Key = tuple[Source, int, int, Capabilities, Hashable, Viewport]


def _wanted_by_all() -> None:
    """For work that nobody can call off."""


class Gallery:
    """Three caches bounded by bytes: decoded pictures, pictures at the resolution of the screen, and finished frames."""

    def __init__(
        self, picture_bytes: int = PICTURE_BYTES, sampled_bytes: int = SAMPLED_BYTES, frame_bytes: int = FRAME_BYTES
    ) -> None:
        self._pictures: ByteCache[Source, Picture] = ByteCache(picture_bytes, _weight)
        self._ends: dict[Path, float] = {}
        """Of films."""
        self._depths = Depths()
        self._decoding: Once[Source, Picture] = Once()
        self._sampling: Once[_Key, tuple[Sampled, Shown]] = Once()
        self._sampled: ByteCache[_Key, tuple[Sampled, Shown]] = ByteCache(sampled_bytes, lambda pair: len(pair[0].pixels))
        self._frames: ByteCache[tuple[Source, Signature], tuple[Frame, Shown]] = ByteCache(
            frame_bytes, lambda pair: pair[0].weight
        )

    @property
    def bytes(self) -> int:
        """What is kept, as the caches weigh it."""
        return self._pictures.bytes + self._sampled.bytes + self._frames.bytes

    def picture(self, path: Path) -> Picture:
        """The decoded picture. Raises UnreadablePicture. Two threads that want the same one decode it once."""
        source = Source.of(path)
        if source is None:
            return self._load(path)  # which says what is wrong with it
        return self._pictures.get(source) or self._decoding.make(source, lambda: self._decode(source))

    def end_of(self, film: Path) -> float | None:
        """When its last frame is shown, seconds; None before any frame of it was looked at."""
        return self._ends.get(film)

    def _decode(self, source: Source) -> Picture:
        kept = self._pictures.get(source)  # by a thread that was ready between two looks
        if kept is None:
            kept = self._load(source.path)
            self._pictures.put(source, kept)
        return kept

    def _load(self, path: Path) -> Picture:
        film = film_of(path)
        if film is None:
            return images.load(path)
        picture, self._ends[film] = load_frame(path)
        return picture

    def frame(self, wanted: Signature, check: Check = _wanted_by_all) -> tuple[Frame, Shown]:
        """The picture as cells, and what it is. Raises UnreadablePicture and what `check` does; of its depth also what
        `Depths.of` raises."""
        source = Source.of(wanted.path)
        compared = wanted.study is None or isinstance(wanted.study, PlaceSheet)  # other studies are new each time
        key = (source, wanted) if source is not None and compared else None
        kept = self._frames.get(key) if key else None
        if kept is None:
            pixels, shown = self._brought(wanted, source, check)
            check()
            kept = self._drawn(wanted, pixels, shown, check), shown
            if key:
                self._frames.put(key, kept)
        return kept

    def glimpse(self, wanted: Signature) -> tuple[Frame, Shown] | None:
        """What can be shown of a picture at once, where it takes a while to decode: the thumbnail in its file. None where there
        is none, or no need for it."""
        source = Source.of(wanted.path)
        if source is None or not self._is_plain(wanted) or not wanted.viewport.is_whole:
            return None
        key = self._key(wanted, source)
        if self._sampled.get(key) is not None or self._pictures.get(source) is not None:
            return None
        small = glimpse.embedded(wanted.path)
        if small is None:
            return None
        shown = Shown.of(small)
        in_cells = replace(wanted, capabilities=wanted.capabilities.in_cells)  # as fine as it gets
        pixels = sampled(small, wanted.columns, wanted.rows, in_cells.capabilities)
        return self._drawn(in_cells, pixels, shown), shown

    def foresee(self, wanted: Signature, check: Check = _wanted_by_all) -> None:
        """Bring a picture to the resolution of the screen before anybody asks for it; raises as `frame` does."""
        if (source := Source.of(wanted.path)) is not None:
            self._brought(wanted, source, check)

    def _brought(self, wanted: Signature, source: Source | None, check: Check) -> tuple[Sampled, Shown]:
        """The picture at the resolution of the screen; two threads that want the same bring it there once."""
        if source is None:
            return self._bring(wanted, source, check)
        key = self._key(wanted, source)
        kept = self._sampled.get(key)
        if kept is not None:
            return kept
        while True:
            check()
            try:
                return self._sampling.make(key, lambda: self._keep(key, wanted, source, check))
            except Superseded:  # perhaps only for the thread that this one waited for
                continue

    def _keep(self, key: _Key, wanted: Signature, source: Source, check: Check) -> tuple[Sampled, Shown]:
        kept = self._sampled.get(key)
        if kept is None:
            kept = self._bring(wanted, source, check)
            self._sampled.put(key, kept)
        return kept

    def _bring(self, wanted: Signature, source: Source | None, check: Check) -> tuple[Sampled, Shown]:
        picture = self._decoded_for(wanted, source)
        check()
        depth = self._depth(picture, wanted)
        check()
        shown = picture if depth is None else heat_picture(picture, depth)
        return sampled(shown, wanted.columns, wanted.rows, wanted.capabilities, wanted.viewport), Shown.of(picture, depth)

    def _decoded_for(self, wanted: Signature, source: Source | None) -> Picture:
        """The picture, at no more than the detail that is looked at where that is ready so much sooner."""
        if source is not None and self._is_plain(wanted) and self._pictures.get(source) is None:
            cell, zoom = wanted.capabilities.dots, wanted.viewport.zoom * _SHARP
            width, height = wanted.columns * cell[0] * zoom, wanted.rows * cell[1] * zoom
            quick = glimpse.reduced(wanted.path, width, height)
            if quick is not None:
                return quick
        return self.picture(wanted.path)

    @staticmethod
    def _is_plain(wanted: Signature) -> bool:
        """Whether a picture in a file is looked at, and nothing is worked out from its pixels."""
        return wanted.view is not View.DEPTH and not isinstance(wanted.study, DepthMap) and film_of(wanted.path) is None

    @staticmethod
    def _key(wanted: Signature, source: Source) -> _Key:
        looks = wanted.study if isinstance(wanted.study, DepthMap) else wanted.view is View.DEPTH
        return source, wanted.columns, wanted.rows, wanted.capabilities, looks, wanted.viewport

    def _depth(self, picture: Picture, wanted: Signature) -> DepthMap | None:
        """The map that takes the picture's place."""
        if isinstance(wanted.study, DepthMap):
            return wanted.study
        return self._depths.of(picture) if wanted.view is View.DEPTH else None

    @staticmethod
    def _drawn(wanted: Signature, pixels: Sampled, shown: Shown, check: Check = _wanted_by_all) -> Frame:
        size, study = (wanted.columns, wanted.rows), wanted.study
        if isinstance(study, Sheet):
            return draw_sheet(study, size, wanted.capabilities, wanted.selected, check)
        camera = Camera.of(wanted.camera or shown.camera, shown.width, shown.height)
        if wanted.view is View.ABOVE and has_solids(wanted.findings):
            return draw_sheet(FromAbove(wanted.findings, camera), size, wanted.capabilities, wanted.selected, check)
        if isinstance(study, Layer):
            return draw_layer(pixels, study, wanted.selected, wanted.capabilities)
        return draw(pixels, wanted.findings, wanted.selected, wanted.capabilities, camera, picture=wanted.picture)


def _weight(picture: Picture) -> int:
    """Bytes that it takes in memory, roughly."""
    return len(picture.rgb) + (int(picture.depth.values.nbytes) if picture.depth is not None else 0)
