"""Which frame is wanted, which is being made, and which came too late.

One frame is made at a time and one waits: a cursor that runs through a thousand files asks for a thousand frames, of
which the first and the last are made. A frame whose signature is no longer wanted is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backend.scene import DepthMap, Finding, Intrinsics, Picture
from backend.spatial.known_camera import camera_of
from tui.preview.capabilities import Capabilities
from tui.preview.film_frames import film_of
from tui.preview.viewport import WHOLE, Viewport
from tui.preview.views import Study, View


@dataclass(frozen=True, slots=True)
class Source:
    """One state of one file: another size or time of change is another picture."""

    path: Path
    modified_ns: int
    size: int

    @classmethod
    def of(cls, path: Path) -> Source | None:
        """None where there is no such file, or none that may be looked at; reading it will say why."""
        try:
            status = (film_of(path) or path).stat()
        except (OSError, ValueError):
            return None
        return cls(path, status.st_mtime_ns, status.st_size)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the caption says of a picture."""

    width: int
    height: int
    notes: tuple[str, ...]
    camera: Intrinsics
    """The picture's own, as far as it is known without being told."""
    depth: DepthMap | None = None
    """What is shown in its place, where that was wanted."""

    @classmethod
    def of(cls, picture: Picture, depth: DepthMap | None = None) -> Shown:
        return cls(picture.width, picture.height, picture.notes, camera_of(picture).intrinsics, depth)


@dataclass(frozen=True, slots=True)
class Signature:
    """Everything that decides how a frame looks. The file's own state is looked at when the frame is made."""

    path: Path
    columns: int
    rows: int
    findings: tuple[Finding, ...]
    selected: frozenset[int]
    capabilities: Capabilities
    revision: int = 0
    """Raised when the file should be looked at again."""
    camera: Intrinsics | None = None
    """Which the answer used; the picture's own while there is none."""
    picture: int | None = None
    """Of which of the answer's pictures findings are drawn; of all where None."""
    view: View = View.PICTURE
    """What is shown of it."""
    study: Study | None = None
    """What that view is drawn from, where it is neither the picture nor the findings."""
    viewport: Viewport = WHOLE
    """Which part of it."""


class Desk:
    """Decides what to make next. Not thread-safe: it belongs to the event loop."""

    def __init__(self) -> None:
        self._wanted: Signature | None = None
        self._making: Signature | None = None

    @property
    def busy(self) -> bool:
        """Whether a frame is being made."""
        return self._making is not None

    def want(self, signature: Signature | None) -> Signature | None:
        """Ask for a frame (None: for nothing). Returns what to start making now, if anything."""
        if signature == self._wanted:
            return None
        self._wanted = signature
        if self._making is not None or signature is None:
            return None
        self._making = signature
        return signature

    def made(self, signature: Signature) -> tuple[bool, Signature | None]:
        """A frame is finished: whether it is still the wanted one, and what to start making now."""
        self._making = None
        if signature == self._wanted:
            return True, None
        self._making = self._wanted
        return False, self._making
