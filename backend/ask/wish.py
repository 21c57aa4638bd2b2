"""A short question beside the one that was asked, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from backend.scene import Finding, View


class Sought(StrEnum):
    """What is wished for."""

    BOXES = "boxes"
    """Where the things of that name are."""
    LIST = "list"
    """The same, where there may be many: it may run as long as an answer."""
    SOLIDS = "solids"
    """Their solid boxes."""
    ANSWER = "answer"
    """The answer to a question in words."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Two equal wishes about one picture are answered once."""

    sought: Sought
    prompt: str
    """In the words that the model is given."""
    view: View | None = None
    """What is shown in place of the question's own first picture: an enlarged part of it, or it mirrored."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a wish."""

    text: str = ""
    findings: tuple[Finding, ...] = ()
    """In pixels of the upright original, whatever was shown."""
    whole: bool = True
    """It ended by itself, and was not cut off."""
