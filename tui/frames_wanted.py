"""Which frames of a film the next question is about, as one types it: `4 fps`, `8 frames`, `scenes`, and `1.5-3` for a part."""

from __future__ import annotations

import re

from backend.errors import UsageError
from backend.language import _
from backend.media.film.choice import Wanted
from backend.sanitise import one_line
from backend.scene.moments import seconds, stamp

_RATE = re.compile(r"(?P<number>\d+(?:\.\d+)?) *(?:fps|/s)\Z")
_COUNT = re.compile(r"(?P<number>\d+) *(?:frames?)?\Z")
_PART = re.compile(r"(?P<start>[\d:.]*) *[-–] *(?P<end>[\d:.]*)\Z")


def frames_wanted(typed: str) -> Wanted:
    """Parts with commas between them; nothing at all is the usual two frames a second of the whole film.

    Raises UsageError for what is none of these, or for two that exclude each other.
    """
    count: int | None = None
    fps: float | None = None
    start: float | None = None
    end: float | None = None
    scenes = False
    for word in filter(None, (word.strip().lower() for word in typed.replace("，", ",").split(","))):
        if word == "scenes":
            scenes = True
        elif found := _RATE.match(word):
            fps = float(found["number"])
        elif found := _COUNT.match(word):
            count = int(found["number"])
        elif found := _PART.match(word):
            start, end = _time(found["start"]), _time(found["end"])
        else:
            raise UsageError(
                _("“{typed}” says nothing about frames").format(typed=one_line(word, 40)),
                cure=_("write 4 fps, 8 frames or scenes, and 1.5-3 for a part of the film"),
            )
    if count == 0 or fps == 0:
        raise UsageError(_("no frame at all was asked for"), cure=_("ask for at least one"))
    if start is not None and end is not None and start > end:
        raise UsageError(
            _("{end} lies before {start}").format(end=stamp(end), start=stamp(start)),
            cure=_("write the earlier time first"),
        )
    return Wanted(count, fps, scenes, start, end)


def written(wanted: Wanted) -> str:
    """As it would be typed; empty for the usual frames of the whole film."""
    words = []
    if wanted.fps is not None:
        words.append(f"{wanted.fps:g} fps")
    if wanted.count is not None:
        words.append(f"{wanted.count} frames")
    if wanted.scenes:
        words.append("scenes")
    if wanted.start is not None or wanted.end is not None:
        start, end = ("" if time is None else stamp(time) for time in (wanted.start, wanted.end))
        words.append(f"{start}-{end}")
    return ", ".join(words)


def _time(text: str) -> float | None:
    if not text:
        return None
    time = seconds(text)
    if time is None:
        raise UsageError(
            _("“{time}” is no time").format(time=one_line(text, 40)), cure=_("write 12.4 for seconds, or 01:12.40")
        )
    return time
