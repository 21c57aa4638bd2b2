"""What this terminal can show, as far as it decides how a picture is drawn.

Rich brings true colour down to 256 or 16 colours where the terminal has no more; here only the question remains
whether there is colour and Unicode at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backend import terminal


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Without both, pictures are drawn with a ramp of ASCII characters."""

    colour: bool = True
    unicode: bool = True

    @property
    def half_blocks(self) -> bool:
        return self.colour and self.unicode

    @classmethod
    def detect(cls, environment: Mapping[str, str], encoding: str) -> Capabilities:
        """From the environment variables and the encoding of the stream that Textual writes to."""
        return cls(terminal.depth(environment) != "none", terminal.has_unicode(environment, encoding))
