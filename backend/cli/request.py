"""What the command line asks of the app: the one value that passes from `backend.cli` to `tui`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.spatial.known_camera import GivenCamera


@dataclass(frozen=True, slots=True)
class AppRequest:
    """Open the app on these paths (folders or pictures; none means the current folder)."""

    paths: tuple[Path, ...]
    model: str | None
    """A catalogue name the user insists on; None lets the program choose, and offer models where only the demo is there."""
    demo: bool
    """Open the bundled sample scenes with the demo model."""
    camera: GivenCamera | None = None
    """What the user says of the camera of all pictures."""
    new: bool = False
    """Begin a session, whatever was left open."""
    resume: str | None = None
    """Go on with this session (its name, its key, or `latest`); None: with the last one on the same paths."""
    graphics: str = "auto"
    """What pictures are drawn with (`backend.preferences.GRAPHICS`); `auto` asks the terminal."""
    plain: bool = False
    """Lines of text in place of the app."""
    mouse: bool = True
    """Whether mouse clicks are taken where config.toml allows it."""
