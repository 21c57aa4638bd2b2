"""What the main screen shows first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Opening:
    """A folder, and the picture in it that the cursor goes to."""

    folder: Path
    picture: Path | None = None
    asked_for: bool = True
    """The user named it. Where they did not, choosing the demo model opens its sample scenes instead."""
