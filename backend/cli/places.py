"""--zone and --line: places in the picture that a user names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from backend.errors import UsageError
from backend.language import _
from backend.sanitise import one_line, quoted

if TYPE_CHECKING:
    from backend.spatial.tracks import Line, Zone

T = TypeVar("T")


def zones_of(given: Sequence[str]) -> tuple[Zone, ...]:
    """What --zone says. Raises UsageError."""
    from backend.spatial.tracks import Zone

    return tuple(_parsed(Zone.parsed, text, "--zone") for text in given)


def lines_of(given: Sequence[str]) -> tuple[Line, ...]:
    """What --line says. Raises UsageError."""
    from backend.spatial.tracks import Line

    return tuple(_parsed(Line.parsed, text, "--line") for text in given)


def _parsed(parse: Callable[[str], T], text: str, option: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        cure = _("such as {option} table=100,200,400,350, in pixels from the upper left corner").format(option=option)
        raise UsageError(
            _("{option} {text} is not understood: {error}").format(option=option, text=quoted(one_line(text, 60)), error=error),
            cure=cure,
        ) from None
