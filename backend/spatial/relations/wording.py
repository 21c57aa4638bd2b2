"""The words of a reason: names, sides and numbers as they stand in a sentence."""

from __future__ import annotations

from backend.language import _
from backend.sanitise import one_line


def named(label: str) -> str:
    """A thing's name for the middle of a sentence; names in other scripts take quotes instead of an article."""
    name = one_line(label.strip(), 60).removeprefix("the ").removeprefix("The ")
    return _("the {name}").format(name=name) if name.isascii() and name else f"“{name}”"


def px(value: float) -> str:
    """A distance or a place in pixels of the upright original."""
    return f"{round(value, 1):g} px"


def metres(value: float) -> str:
    """A distance along the camera's axis, as the model estimates it."""
    return f"{round(value, 2):g} m"
