"""What a source is, and which one a name means."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Protocol

from backend.language import _
from backend.watch.errors import UnusableSource
from backend.watch.shot import Shot
from backend.watch.sources.film import FilmSource
from backend.watch.sources.folder import FolderSource
from backend.watch.sources.live import LiveSource

_ADDRESS = re.compile(r"(rtsp|rtsps|http|https|udp|tcp|rtp|srt)://", re.IGNORECASE)


class Source(Protocol):
    """Something that gives frames for as long as it goes on."""

    name: str
    """What messages and records call it, without a password that its address may hold."""
    comes_back: bool
    """Whether it is worth opening again after it was lost."""

    def shots(self, stop: Event) -> Iterator[Shot]:
        """Its frames, as they come, until it ends or `stop` is set. Numbers and times go on when it is called again.

        Raises UnusableSource where it cannot be opened, SourceLost where it was open and has gone, MissingExtra where PyAV is
        missing.
        """
        ...


def open_source(name: str, *, every: bool = False, patience: float = 10.0) -> Source:
    """The source that a name means: an address, a device, a folder, or else a film. Nothing is opened yet.

    `every`: each frame counts; a film is not held to its own pace, and pictures that lie in a folder already come first.
    `patience`: seconds without a frame after which a camera or a stream counts as lost. Raises UnusableSource for a name of
    nothing that can be watched.
    """
    if _ADDRESS.match(name):
        return LiveSource(name, camera=False, patience=patience)
    path = Path(name)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        cure = _("check that the camera is plugged in (ls /dev/video*)") if name.startswith("/dev/") else _("check the name")
        raise UnusableSource(name, reason, cure=cure) from error
    if stat.S_ISDIR(mode):
        return FolderSource(path, every=every)
    if stat.S_ISCHR(mode):
        return LiveSource(name, camera=True, patience=patience)
    return FilmSource(path, every=every)
