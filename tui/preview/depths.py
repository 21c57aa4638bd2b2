"""How far everything is in the pictures that are shown: as their files say it, or as a depth network sees it. The maps
are kept.

Everything here takes time and belongs into a thread; several may ask at once.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from backend.scene import DepthMap, Picture
from tui.preview.cache import ByteCache

if TYPE_CHECKING:
    from backend.ask.depths import DepthSight

DEPTH_BYTES = 32 * 2**20


class Depths:
    """The maps of the pictures that were looked at lately."""

    def __init__(self) -> None:
        self._sight: DepthSight | None = None
        self._kept: ByteCache[str, DepthMap] = ByteCache(DEPTH_BYTES, lambda depth: int(depth.values.nbytes))
        self._lock = Lock()

    def of(self, picture: Picture) -> DepthMap:
        """The map of a picture. Raises MissingExtra, ModelError or UnfitNetwork; the next call tries again."""
        from backend.ask.depths import DepthSight

        with self._lock:
            kept = self._kept.get(picture.sha256)
            if kept is None:
                self._sight = self._sight or DepthSight()
                kept = self._sight.see(picture)
                self._kept.put(picture.sha256, kept)
            return kept


def heat_picture(picture: Picture, depth: DepthMap) -> Picture:
    """The map in colours, as a picture that lies where the picture lies."""
    from backend.export.heatmap import coloured, nearness

    pixels = coloured(nearness(depth)[0])
    rows, columns = pixels.shape[:2]
    return replace(picture, rgb=pixels.tobytes(), stored_width=columns, stored_height=rows)
