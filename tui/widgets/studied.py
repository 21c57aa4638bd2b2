"""What was found out about the pictures that are looked at, tab by tab, and what a tab shows as a picture of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from backend.scene import DepthMap
from tui.exchange import Exchange
from tui.glyphs import Glyphs
from tui.preview.capabilities import Capabilities
from tui.preview.gallery import Gallery
from tui.preview.timeline import ContactSheet
from tui.preview.views import Study, View
from tui.studies.study import Finished, Row
from tui.widgets.standpoint import Standpoint

if TYPE_CHECKING:
    from tui.shown_image import ShownImage
    from tui.studies.again import MadeAgain


class Studied(Standpoint):
    """Where one is, with the studies of it. The `Viewer`, which goes elsewhere and draws, is built on this."""

    def __init__(self, gallery: Gallery, capabilities: Capabilities, glyphs: Glyphs) -> None:
        super().__init__(gallery, capabilities, glyphs)
        self._studies: dict[tuple[View, tuple[Path, ...]], Finished] = {}
        """By their tabs and what they are of."""
        self._depth: tuple[Path, DepthMap | None] | None = None
        """That is shown in a picture's place, and in which one's."""

    @property
    def rows(self) -> Sequence[Row] | None:
        """What the table tells in place of the findings, in this tab."""
        study = self._study
        return study.rows or None if study is not None else None

    def _made(self, view: View) -> Finished | None:
        """The study that this tab shows, of just what is looked at."""
        return self._studies.get((view, self.pictures))

    @property
    def _study(self) -> Finished | None:
        """That of the tab which is shown."""
        return self._made(self.view)

    @property
    def unmade(self) -> MadeAgain | None:
        """The study of the tab which is shown, where it has to be made again."""
        study = self._study
        if study is None:
            return None
        from tui.studies.again import MadeAgain

        return study if isinstance(study, MadeAgain) else None

    def place_in(self, exchange: Exchange) -> int | None:
        """Which of an exchange's pictures is shown: -1 for none, None where it has only this one."""
        if self.is_film:
            return exchange.picture_at(self._time)
        if len(exchange.pictures) > 1:
            return next((at for at, path in enumerate(exchange.pictures) if path == self._picture), -1)
        return None

    def as_image(self, exchange: Exchange | None) -> ShownImage | None:
        """What is shown, with the findings of an answer where they are on it; None while it is not there yet."""
        from tui.shown_image import ShownImage  # which few starts need

        shown, study = self.shown, self._drawn
        if shown is None or (study is None and self.view not in (View.PICTURE, View.ABOVE)):
            return None
        if exchange is None:
            return ShownImage(shown, self.view, study, title=self._title)
        here = self.place_in(exchange)
        if here == -1 and not self.is_film and self.view is View.PICTURE:  # shown is none of those that were asked about
            shown, here = exchange.pictures[0], 0
        numbered = [(index, one) for index, one in enumerate(exchange.findings) if here in (None, one.picture)]
        findings, places = [one for _, one in numbered], [index for index, _ in numbered]
        return ShownImage(shown, self.view, study, findings, places, exchange.camera_of(here), self._title)

    @property
    def _drawn(self) -> Study | None:
        """What the tab is drawn from, where that is not the picture and its findings; None as well while it is not there."""
        if self.view is View.DEPTH:
            return self._depth[1] if self._depth is not None and self._depth[0] == self.shown else None
        known = self._timeline.known
        if self.view is View.SHEET:
            return ContactSheet(known.thumbs) if known is not None and known.thumbs else None
        study = self._study
        return study.drawn(self._picture, self._time) if study is not None and self._picture is not None else None

    @property
    def _title(self) -> str:
        study = self._study
        return study.said if study is not None else ""
