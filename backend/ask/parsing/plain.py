"""An answer that is nothing but numbers: `[[120, 340, 560, 780]]`, `[(512, 300), (80, 40)]`."""

from __future__ import annotations

import re

from backend.ask.parsing.numbers import NUMBER, finite

# Nothing here gives back what it took: of a text of blanks, trying each in turn would take the square of its length.
_NUMBERS_ALONE = re.compile(r"\s*+(?:```\w*+\s)?+[-\d.,;\s()\[\]]*+(?:```\s*+)?+\Z")
_GROUP = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


def groups_alone(text: str) -> tuple[int, list[list[float]]] | None:
    """All innermost brackets, if the text holds nothing else and they all hold four numbers, or all two; their number first."""
    if _NUMBERS_ALONE.match(text) is None:
        return None
    groups = [[float(number) for number in NUMBER.findall(group)] for group in _GROUP.findall(text)]
    if not all(finite(group) for group in groups):
        return None
    sizes = {len(group) for group in groups}
    return (size, groups) if len(sizes) == 1 and (size := sizes.pop()) in (2, 4) else None
