"""The options that say which frames of a film are meant, the same for every command that takes films."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from backend.errors import UsageError
from backend.language import _
from backend.sanitise import one_line
from backend.scene.moments import seconds

if TYPE_CHECKING:
    from backend.media.film.choice import Wanted

Command = TypeVar("Command", bound=Callable[..., Any])


def time_of(value: str) -> float:
    """A time as it is typed, in seconds. Raises UsageError for what is none."""
    read = seconds(value)
    if read is None:
        raise UsageError(
            _("“{value}” is no time").format(value=one_line(value, 40)), cure=_("write 12.4 for seconds, or 01:12.40")
        )
    return read


def film_options(command: Command) -> Command:
    """--frames, --fps, --scenes, --from and --to, as `count`, `fps`, `scenes`, `start` and `end`."""
    for option in (
        click.option("--to", "end", type=time_of, metavar="TIME", help="… to this time: 12.4, or 01:12.40."),
        click.option("--from", "start", type=time_of, metavar="TIME", help="Of a film, only from this time …"),
        click.option("--scenes", is_flag=True, help="Of a film, one frame of each scene."),
        click.option("--fps", type=float, metavar="F", help="Of a film, F frames a second; 2 when not given."),
        click.option("--frames", "count", type=click.IntRange(1), metavar="N", help="Of a film, N frames, spread over it."),
    ):
        command = option(command)
    return command


def wanted(count: int | None, fps: float | None, scenes: bool, start: float | None, end: float | None) -> Wanted:
    """What these options ask for. Raises UsageError where they exclude each other."""
    from backend.media.film.choice import Wanted

    return Wanted(count, fps, scenes, start, end)
