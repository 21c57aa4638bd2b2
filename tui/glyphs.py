"""The few signs the interface itself is drawn with, and what stands for them where the terminal has no Unicode."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of signs; all but the arrow are one cell wide."""

    folder: str
    """Also beside what can be unfolded."""
    unfolded: str
    up: str
    cursor: str
    asked: str
    """Beside a file that has a conversation."""
    dot: str
    """Between two facts on one line."""
    prompt: str
    yes: str
    no: str
    unsure: str
    times: str
    ellipsis: str
    arrow: str
    bullet: str
    """Before a point of a list."""
    bar: str
    """Beside a quotation, and between columns."""
    rule: str
    cross: str
    """Where a bar meets a rule."""


UNICODE = Glyphs("▸", "▾", "↰", "▌", "•", "·", "›", "✓", "✗", "?", "×", "…", "→", "•", "│", "─", "┼")
ASCII = Glyphs(">", "v", "^", "|", "*", "|", ">", "+", "x", "?", "x", "~", "->", "-", "|", "-", "+")


def glyphs(*, unicode: bool) -> Glyphs:
    return UNICODE if unicode else ASCII
