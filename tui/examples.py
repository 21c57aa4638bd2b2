"""Questions worth a try, shown where nothing was asked yet: for the demo model those that it was made for."""

from __future__ import annotations

from backend.catalog.card import ModelCard

_DEMO = (
    "Locate the red circle",
    "Locate every object",
    "How many squares are there?",
    "Is the red circle left of the blue square?",
)
_REAL = (
    "Locate every person",
    "Where can I put a cup?",
    "How many chairs are there?",
    "Is the lamp left of the window?",
)


def examples(card: ModelCard, *, unicode: bool) -> tuple[str, ...]:
    """A handful, the last in Chinese where that can be shown."""
    if card.bundled:
        return (*_DEMO, "红色圆形在哪里？") if unicode else _DEMO
    return (*_REAL, "图中的人在哪里？") if unicode else _REAL
