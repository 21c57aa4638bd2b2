"""Questions worth a try, shown where nothing was asked yet: for the demo model those that it was made for."""

from __future__ import annotations

from backend.catalog.card import ModelCard
from backend.language import N_, _, spoken

_DEMO = (
    N_("Locate the red circle"),
    N_("Locate every object"),
    N_("How many squares are there?"),
    N_("Is the red circle left of the blue square?"),
)
_REAL = (
    N_("Locate every person"),
    N_("Where can I put a cup?"),
    N_("How many chairs are there?"),
    N_("Is the lamp left of the window?"),
)
_CHINESE = {True: "红色圆形在哪里？", False: "图中的人在哪里？"}
_ENGLISH = {True: "Where is the red circle?", False: "Where are the people?"}


def examples(card: ModelCard, *, unicode: bool) -> tuple[str, ...]:
    """A handful in the language in use, the last in the other one where that can be shown: both are understood."""
    own = tuple(map(_, _DEMO if card.bundled else _REAL))
    if spoken() != "en":
        return (*own, _ENGLISH[card.bundled])
    return (*own, _CHINESE[card.bundled]) if unicode else own
