"""The depth map that stands in the picture's place, and what it says of findings while it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.scene import DepthMap, Finding
from backend.spatial.depth import FindingDepth, measured


@dataclass(frozen=True, slots=True)
class DepthShown:
    """One map and its picture; nothing is shown where there is no map."""

    picture: Path | None = None
    depth: DepthMap | None = None

    def of(self, pictures: tuple[Path, ...]) -> DepthMap | None:
        """The map, where it is of just these pictures: claims about several have no witness."""
        return self.depth if pictures == (self.picture,) else None

    def told(self, pictures: tuple[Path, ...], findings: Sequence[Finding]) -> Mapping[str, FindingDepth] | None:
        """Depth by finding; None where depth is not shown."""
        if self.depth is None or self.picture not in pictures:
            return None
        here = pictures.index(self.picture)
        return measured(self.depth, [finding for finding in findings if finding.picture == here])
