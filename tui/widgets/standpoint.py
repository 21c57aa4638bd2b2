"""Where one is: which picture, at which time of a film, in which tab, and what questions would be about.

The `Viewer`, which goes elsewhere, is built on this.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.containers import Vertical

from backend.media.folder import is_film
from tui.exchange import Exchange
from tui.frames_wanted import written
from tui.glyphs import Glyphs
from tui.order import Order
from tui.preview.capabilities import Capabilities
from tui.preview.film_frames import frame_path
from tui.preview.gallery import Gallery
from tui.preview.views import View
from tui.widgets.picture_pane import PicturePane
from tui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from backend.media.film.choice import Wanted


class Standpoint(Vertical):
    """The widgets of the middle of the screen, and what they show."""

    def __init__(self, gallery: Gallery, capabilities: Capabilities, glyphs: Glyphs) -> None:
        super().__init__(id="viewer")
        self._gallery = gallery
        self._pane = PicturePane(gallery, capabilities, glyphs)
        self._timeline = Timeline(capabilities, glyphs)
        self._picture: Path | None = None
        self._time = 0.0
        """Of the frame that is shown, where that is a film; seconds."""
        self._order = Order()
        """Of the pictures that are asked about together."""
        self._exchange: Exchange | None = None
        """Whose evidence is shown."""

    @property
    def picture(self) -> Path | None:
        """The file that is looked at."""
        return self._picture

    @property
    def shown(self) -> Path | None:
        """The picture, or the name of the film's frame."""
        return frame_path(self._picture, self._time) if self._picture is not None and self.is_film else self._picture

    @property
    def is_film(self) -> bool:
        return self._picture is not None and is_film(self._picture)

    @property
    def view(self) -> View:
        return self._pane.view

    @property
    def pictures(self) -> tuple[Path, ...]:
        """What questions are about: the marked pictures, else the one that is shown."""
        return self._order.pictures or ((self._picture,) if self._picture else ())

    @property
    def pair(self) -> tuple[Path, Path] | None:
        """The marked pictures where they are two."""
        pictures = self._order.pictures
        return (pictures[0], pictures[1]) if len(pictures) == 2 else None

    @property
    def labels(self) -> tuple[str, ...]:
        """The names that the last answer found, each once."""
        return tuple(dict.fromkeys(one.label for one in self._exchange.findings if one.label)) if self._exchange else ()

    @property
    def part(self) -> tuple[float | None, float | None]:
        """Of the film, that is meant: from and to, seconds; its own ends where None."""
        wanted = self.frames
        return (None, None) if wanted is None else (wanted.start, wanted.end)

    @property
    def time(self) -> float:
        """Of the film's frame that is shown, seconds."""
        return self._time

    @property
    def frames(self) -> Wanted | None:
        """Which of the film's frames the next question is about; None: the usual ones."""
        return self._timeline.wanted

    @property
    def frames_chosen(self) -> dict[str, str]:
        """By film, as one types it, where that is not the usual."""
        return {str(film): text for film, wanted in self._timeline.all_wanted.items() if (text := written(wanted))}

    def want(self, film: Path, wanted: Wanted | None) -> None:
        """Choose the frames of a film that the next question is about."""
        self._timeline.want(film, wanted)
