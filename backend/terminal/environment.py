"""What the terminal can show, decided from the environment alone: the app draws by it, `sightline doctor` reports it.

What only the terminal itself knows, `asking` asks it.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

_PLAIN = ("dumb", "unknown", "vt100", "vt102", "vt220", "linux-m")
_LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")

Graphics = Literal["kitty", "sixel", "half-blocks", "quadrants", "braille", "ascii"]
"""Ways of drawing pictures: the first two in pixels of the screen, the others in characters."""
GRAPHICS: tuple[Graphics, ...] = get_args(Graphics)

Depth = Literal["none", "16 colours", "256 colours", "true colour"]


@dataclass(frozen=True, slots=True)
class Terminal:
    """One terminal, as it introduces itself."""

    term: str
    """TERM, as it is set; empty where it is not."""
    colorterm: str
    depth: Depth
    unicode: bool
    no_color: bool
    """NO_COLOR is set, whatever to: the user wants no colour."""
    columns: int
    rows: int
    inside: tuple[str, ...]
    """What stands between the program and the screen: tmux, screen, zellij, SSH."""

    @classmethod
    def detect(cls, environment: Mapping[str, str], encoding: str, size: tuple[int, int]) -> Terminal:
        """From the environment variables, the encoding of the stream that is written to, and (columns, rows)."""
        between = {"tmux": "TMUX", "screen": "STY", "zellij": "ZELLIJ", "SSH": "SSH_CONNECTION"}
        return cls(
            environment.get("TERM", ""),
            environment.get("COLORTERM", ""),
            depth(environment),
            has_unicode(environment, encoding),
            "NO_COLOR" in environment,
            *size,
            tuple(name for name, variable in between.items() if environment.get(variable)),
        )


def depth(environment: Mapping[str, str]) -> Depth:
    """How many colours there are, by what terminals say of themselves."""
    term = environment.get("TERM", "").lower()
    if "NO_COLOR" in environment or term in _PLAIN:
        return "none"
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit") or term.endswith("-direct"):
        return "true colour"
    return "256 colours" if "256color" in term or "kitty" in term else "16 colours"


def has_unicode(environment: Mapping[str, str], encoding: str) -> bool:
    """Whether more than ASCII can be shown.

    An unset locale counts as UTF-8, as Python itself takes it; one that is set to something else is believed.
    """
    return environment.get("TERM", "").lower() not in _PLAIN and _is_utf8(encoding) and not _is_plain_locale(environment)


def has_no_answers(environment: Mapping[str, str]) -> bool:
    """Whether it is a terminal that is not to be asked anything: it would print the questions."""
    return environment.get("TERM", "").lower() in ("", *_PLAIN)


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False


def _is_plain_locale(environment: Mapping[str, str]) -> bool:
    """The first of the three variables that is set decides, as in setlocale(3)."""
    for name in _LOCALE:
        value = environment.get(name, "")
        if value:
            return "utf-8" not in value.lower() and "utf8" not in value.lower()
    return False
