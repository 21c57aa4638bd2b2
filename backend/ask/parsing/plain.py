"""An answer that is nothing but numbers: `[[120, 340, 560, 780]]`, `[(512, 300), (80, 40)]`."""

from __future__ import annotations

import re

LONGEST = 100_000
"""Characters; a longer answer of numbers alone is not taken for findings."""

_NUMBERS_ALONE = re.compile(r"\s*(?:```\w*\s)?[-\d.,;\s()\[\]]+(?:```\s*)?$")
_GROUP = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def groups_alone(text: str) -> tuple[int, list[list[float]]] | None:
    """All innermost brackets, if the text holds nothing else and they all hold four numbers, or all two; their number first."""
    if len(text) > LONGEST or _NUMBERS_ALONE.match(text) is None:
        return None
    groups = [[float(number) for number in _NUMBER.findall(group)] for group in _GROUP.findall(text)]
    sizes = {len(group) for group in groups}
    return (size, groups) if len(sizes) == 1 and (size := sizes.pop()) in (2, 4) else None
