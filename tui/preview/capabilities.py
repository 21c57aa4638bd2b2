"""What this terminal can show, as far as it decides how a picture is drawn.

Rich brings true colour down to 256 or 16 colours where the terminal has no more; here only the question remains
whether there is colour and Unicode at all, and which way of drawing is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from backend import terminal
from backend.terminal import Graphics

_DOTS: Mapping[Graphics, tuple[int, int]] = {"half-blocks": (1, 2), "quadrants": (2, 2), "braille": (2, 4), "ascii": (1, 1)}
"""Picture elements of one cell, across and down."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Without colour and Unicode, pictures are drawn with a ramp of ASCII characters, whatever else is there."""

    colour: bool = True
    unicode: bool = True
    graphics: Graphics | None = None
    """Which way is taken where it can be; None: the best of the characters."""
    cell: tuple[int, int] = (10, 20)
    """Width and height of a cell in pixels of the screen; that of DEC's VT340 where the terminal does not tell."""
    tells_cell: bool = False
    """The system knows the size of a cell as the terminal does, so that it can be asked again when that changes."""
    in_tmux: bool = False
    """What is meant for the terminal has to be handed through tmux."""
    tmux_draws: bool = False
    """Sixels are given to tmux, which keeps them as its own and draws them."""
    far: bool = False
    """The terminal is at the other end of a network, so bytes are spared."""
    true_colour: bool = False
    """It has 24-bit colours, whatever its environment says."""
    light: bool = False
    """The background is light, so that what is left empty is bright."""

    @property
    def protocol(self) -> Graphics:
        """How pictures are drawn. Colours that the user does not want cannot carry a kitty picture's name either."""
        if not self.unicode:
            return "sixel" if self.graphics == "sixel" and self.colour else "ascii"
        if not self.colour:
            return "ascii" if self.graphics == "ascii" else "braille"
        return self.graphics or "half-blocks"

    @property
    def in_pixels(self) -> bool:
        """Whether pictures are drawn in pixels of the screen."""
        return self.protocol in ("kitty", "sixel")

    @property
    def in_cells(self) -> Capabilities:
        """The same terminal, drawn on with characters alone: for what only they can show, and for what lies under a dialog."""
        return replace(self, graphics=None) if self.in_pixels else self

    @property
    def dots(self) -> tuple[int, int]:
        """Picture elements of one cell, across and down."""
        return _DOTS.get(self.protocol, self.cell)

    @property
    def aspect(self) -> float:
        """How much taller than wide a cell is."""
        return self.cell[1] / self.cell[0]

    @classmethod
    def detect(cls, environment: Mapping[str, str], encoding: str) -> Capabilities:
        """From the environment variables and the encoding of the stream that Textual writes to."""
        return cls(terminal.depth(environment) != "none", terminal.has_unicode(environment, encoding))
