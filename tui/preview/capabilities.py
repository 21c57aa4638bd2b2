"""What this terminal can show, decided from the environment alone.

Nothing is written to the terminal to find out: a probe costs a round trip, and its answer can arrive as typed keys.
Rich brings true colour down to 256 or 16 colours where the terminal has no more; here only the question remains
whether there is colour and Unicode at all.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass

_PLAIN_TERMINALS = ("dumb", "unknown", "vt100", "vt102", "vt220", "linux-m")


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
        """From the environment variables and the encoding of the stream that Textual writes to.

        An unset locale counts as UTF-8, as Python itself takes it; one that is set to something else is believed.
        """
        term = environment.get("TERM", "").lower()
        colour = "NO_COLOR" not in environment and term not in _PLAIN_TERMINALS
        return cls(colour, term not in _PLAIN_TERMINALS and _is_utf8(encoding) and not _is_plain_locale(environment))


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def _is_plain_locale(environment: Mapping[str, str]) -> bool:
    """The first of the three variables that is set decides, as in setlocale(3)."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = environment.get(name, "")
        if value:
            return "utf-8" not in value.lower() and "utf8" not in value.lower()
    return False
