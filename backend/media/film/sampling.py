"""Which frames of a film are looked at, and how large: what a model is shown must fit into its context.

A model pays for pixels, so many small frames cost what few large ones do. Unasked it is two frames a second, as Qwen3-VL was
trained to watch; where these do not fit, frames become smaller first, down to the least that a model still sees in, and
then fewer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backend.errors import UsageError
from backend.language import _
from backend.media.film.info import FilmInfo
from backend.scene.moments import stamp

USUAL_FPS = 2.0
"""Frames a second of Qwen3-VL's own video processor (its `fps`)."""
FEWEST = 4
"""Frames of a film that is shorter than two seconds; from the same processor (`min_frames`)."""

MOST_FRAMES = 100_000
"""Of one command: more is a mistake in a number."""

Span = tuple[float, float]
"""A part of a film: seconds, the first time and the last one."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Image tokens (32×32 pixels each) that the frames of a film may cost together, and one of them."""

    tokens: int
    least: int
    most: int

    def fitted(self, wanted: int) -> tuple[int, int]:
        """How many of the wanted frames fit, and tokens for each: as large as can be, but rather fewer than below `least`."""
        each = min(self.most, self.tokens // max(1, wanted))
        if each >= self.least:
            return wanted, each
        count = max(1, self.tokens // self.least)
        return count, max(1, min(self.most, self.tokens // count))


def span(info: FilmInfo, start: float | None = None, end: float | None = None) -> Span:
    """From `start` to `end`, the film's own where None, cut at its ends. Raises UsageError for a part that it does not have."""
    first = 0.0 if start is None else start
    last = info.last if end is None else min(end, info.last)
    if first > info.duration:
        raise UsageError(
            _("the film ends at {stamp}, before {stamp_2}").format(stamp=stamp(info.duration), stamp_2=stamp(first)),
            cure=_("begin earlier"),
        )
    if end is not None and end < first:
        raise UsageError(
            _("{stamp} lies before {stamp_2}").format(stamp=stamp(end), stamp_2=stamp(first)),
            cure=_("give --from the earlier time of the two"),
        )
    return first, max(first, last)


def uniform(part: Span, count: int) -> tuple[float, ...]:
    """`count` times at equal distances, the first and the last one included; of a single one the middle."""
    start, end = part
    if count < 1:
        raise UsageError(_("no frame at all was asked for"), cure=_("ask for at least one"))
    _few_enough(count)
    if count == 1:
        return ((start + end) / 2,)
    return tuple(start + (end - start) * n / (count - 1) for n in range(count))


def at_rate(part: Span, fps: float) -> tuple[float, ...]:
    """`fps` times a second, from the first time on."""
    if not (math.isfinite(fps) and fps > 0):
        raise UsageError(_("the frames a second must be a number above 0"), cure=_("for one every ten seconds give --fps 0.1"))
    start, end = part
    _few_enough((end - start) * fps)
    return tuple(start + n / fps for n in range(int((end - start) * fps + 1e-6) + 1))


def usual(part: Span) -> tuple[float, ...]:
    """The times that are looked at unasked."""
    times = at_rate(part, USUAL_FPS)
    return times if len(times) >= FEWEST else uniform(part, FEWEST)


def thinned(times: Sequence[float], count: int) -> tuple[float, ...]:
    """`count` of the times, spread over all of them, the first and the last one included."""
    if count >= len(times):
        return tuple(times)
    if count == 1:
        return (times[len(times) // 2],)
    return tuple(times[round(n * (len(times) - 1) / (count - 1))] for n in range(count))


def _few_enough(count: float) -> None:
    if count > MOST_FRAMES:
        raise UsageError(
            _("{count:,.0f} frames are more than anybody looks at").format(count=count),
            cure=_("ask for {most_frames:,} at most").format(most_frames=MOST_FRAMES),
        )
