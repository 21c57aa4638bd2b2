"""What was asked of a film – so many frames, so many a second, one of each scene, a part of it – turned into times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.errors import UsageError
from backend.language import _
from backend.media.film import sampling
from backend.media.film.sampling import Budget
from backend.media.film.scenes import scenes
from backend.scene.moments import stamp

if TYPE_CHECKING:
    from backend.media.film.film import Film


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which frames: `count`, `fps` and `scenes` exclude each other, and without any it is two a second."""

    count: int | None = None
    fps: float | None = None
    scenes: bool = False
    """One frame of each scene, from its middle."""
    start: float | None = None
    end: float | None = None
    """Seconds; the film's own where None."""

    def __post_init__(self) -> None:
        if (self.count is not None) + (self.fps is not None) + self.scenes > 1:
            raise UsageError(_("--frames, --fps and --scenes exclude each other"), cure=_("give one of them"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The times of the frames that are looked at, seconds."""

    times: tuple[float, ...]
    tokens: int | None
    """For each of them; None where nothing limits them."""
    notes: tuple[str, ...] = ()
    """Where not all that was wanted fits, for the user."""


def choose(film: Film, wanted: Wanted, budget: Budget | None = None) -> Chosen:
    """The times to look at. Raises UsageError where the film has no such part, or what is wanted is no number of frames."""
    part = sampling.span(film.info, wanted.start, wanted.end)
    if wanted.count is not None:
        times = sampling.uniform(part, wanted.count)
    elif wanted.fps is not None:
        times = sampling.at_rate(part, wanted.fps)
    elif wanted.scenes:
        times = tuple(scene.middle for scene in scenes(film, part))
    else:
        times = sampling.usual(part)
    if budget is None:
        return Chosen(times, None)
    count, tokens = budget.fitted(len(times))
    if count >= len(times):
        return Chosen(times, tokens)
    note = _("of {count} frames {count_2} fit into the model's context, from {stamp} to {stamp_2}").format(
        count=len(times), count_2=count, stamp=stamp(times[0]), stamp_2=stamp(times[-1])
    )
    return Chosen(sampling.thinned(times, count), tokens, (note,))
