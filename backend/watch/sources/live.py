"""A camera of this machine, or a stream from the network: what may go away and come back."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import TYPE_CHECKING

from backend.language import _
from backend.media.film.live import Live, LiveFailure, shown_address
from backend.scene import Picture
from backend.watch.errors import SourceLost, UnusableSource
from backend.watch.shot import Shot

if TYPE_CHECKING:
    from av.video.frame import VideoFrame


class LiveSource:
    """Goes on where it was when it is opened again: its frames are numbered through, its time runs on."""

    comes_back = True

    def __init__(self, address: str, *, camera: bool, patience: float) -> None:
        """`patience`: seconds without a sign of life after which it is lost."""
        self.name = shown_address(address)
        self._address, self._camera, self._patience = address, camera, patience
        self._began: float | None = None
        self._count = 0

    def shots(self, stop: Event) -> Iterator[Shot]:
        before = self._count
        try:
            with Live(self._address, camera=self._camera, patience=self._patience) as live:
                for came, frame in live:
                    if stop.is_set():
                        return
                    yield self._shot(live, frame, came)
        except LiveFailure as failure:
            kind = SourceLost if failure.opened else UnusableSource
            raise kind(self.name, failure.reason, cure=failure.cure) from failure
        if not stop.is_set():  # a stream that ends has been switched off: it may come back
            reason = _("it has ended") if self._count > before else _("it ended before a picture came")
            raise SourceLost(self.name, reason, cure=_("check that it is still switched on"))

    def _shot(self, live: Live, frame: VideoFrame, came: float) -> Shot:
        if self._began is None:
            self._began = came
        self._count += 1
        time = came - self._began

        def picture() -> Picture:
            return live.picture(frame, time)

        return Shot(self._count, time, came, picture)
