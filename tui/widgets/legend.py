"""What the colours of a depth map are, on one line below it: from near to far, with the unit and what it is worth."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from backend.language import _
from backend.sanitise import one_line
from backend.scene import DepthMap
from tui.preview.capabilities import Capabilities

_LONG = 16
"""Cells of the ramp."""


class Legend(Static):
    """Shown while a depth map stands in the picture's place."""

    def __init__(self, capabilities: Capabilities) -> None:
        super().__init__(id="legend", markup=False)
        self._blocks = capabilities.colour and capabilities.unicode
        self._depth: DepthMap | None = None
        self.display = False

    def say_again(self) -> None:
        depth, self._depth = self._depth, None
        self.tell(depth)

    def tell(self, depth: DepthMap | None) -> None:
        """Of this map; of none: nothing."""
        if depth is self._depth:
            return
        self._depth = depth
        self.display = depth is not None
        if depth is None:
            return
        import numpy as np

        from backend.export.heatmap import coloured, legend_of, nearness

        far, near, meaning = legend_of(depth, nearness(depth)[1])
        known = float(np.isfinite(depth.values).mean())
        unknown = "" if known == 1 else _("; hatched: not known ({share:.0%})").format(share=1 - known)
        ramp = [Content(" - ")]
        if self._blocks:
            colours = coloured(np.linspace(1, 0, _LONG, dtype=np.float32)[None, :])[0]
            ramp = [
                Content(" "),
                *(Content.styled("█", f"#{r:02x}{g:02x}{b:02x}") for r, g, b in colours.tolist()),
                Content(" "),
            ]
        self.update(Content.assemble(near, *ramp, far, (f"  {one_line(meaning)}{unknown}", "$faint")))
