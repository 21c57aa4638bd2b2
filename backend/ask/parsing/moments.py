"""The times of a film that an answer names, in the forms that models write: `00:12.40`, `12.4 s`, `<12.4 seconds>`, 第12.4秒,
stretches of two of them, and `"time": 12.4` in JSON. What is a length rather than a time (“for 3 seconds”, 持续3秒) is none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backend.scene.moments import CLOSE, Moment, frame_at, stamp

_NUMBER = r"\d+(?:\.\d+)?"
_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:[0-5]\d(?:\.\d+)?"
_ENGLISH = rf"(?:\d+ ?(?:min|minutes?|m)[ ,]*(?:and )?)?{_NUMBER} ?(?:seconds?|secs?|s)\b"
_CHINESE = rf"第?(?:\d+ ?(?:小时|时))?(?:\d+ ?分钟?)?{_NUMBER} ?秒"
_TIME = rf"<?(?:{_CLOCK}|{_ENGLISH}|{_CHINESE})>?"
_TO = r" ?(?:[-–—~～至到]|\bto\b|\buntil\b|\btill\b|\bthrough\b) ?"
_LENGTH_BEFORE = re.compile(
    r"(?:\b(?:for|lasts?|lasting|takes?|took|every|each|within|over|of|another)(?: about| around)?"
    r"|持续了?|每隔?|历时|长达|共)\s*$",
    re.IGNORECASE,
)
_LENGTH_BEHIND = re.compile(
    r"\s?(?:later|long|apart|earlier|afterwards?|in (?:length|total)|per\b|后|之后|以后|钟|长)", re.IGNORECASE
)
_NAMED = re.compile(
    rf'"(?:time|timestamp|time_stamp)"\s*:\s*"?(?P<json>{_NUMBER})"?(?=\s*[,}}\]])'
    rf"|\bbetween (?P<low>{_TIME}|{_NUMBER}) and (?P<high>{_TIME})"
    rf"|(?<![\d:.])(?P<start>{_TIME}|第?{_NUMBER}){_TO}(?P<end>{_TIME})"
    rf"|(?<![\d:.])(?P<one>{_TIME})",
    re.IGNORECASE,
)
_PARTS = re.compile(rf"({_NUMBER})\s*(小时|时|分|min|m|h)?", re.IGNORECASE)
_BEYOND = 1.0
"""Seconds behind the last frame that a time may lie: how much of a film follows its last frame is not known here."""


def moments(text: str, times: Sequence[float | None]) -> tuple[Moment, ...]:
    """The times that `text` names, in its order; none where none of the pictures, whose times these are, is of a film.

    A time behind the last frame that the model was shown is none of the film that it saw: `beyond` says so.
    """
    return tuple(moment for moment in _named(text, times) if moment.start <= _last(times) + _BEYOND)


def beyond(text: str, times: Sequence[float | None]) -> tuple[str, ...]:
    """What is to be said of times in `text` that lie behind the last frame; clock times may be those of a clock in it."""
    late = [moment for moment in _named(text, times) if moment.start > _last(times) + _BEYOND]
    late = [moment for moment in late if not re.match(r"\d+:\d\d(?![\d:]|\.\d)", text[moment.text_span[0] :])]
    return tuple(
        f"the answer speaks of {stamp(moment.start)}, behind the last frame that the model was shown ({stamp(_last(times))})"
        for moment in late[:1]
    )


def _named(text: str, times: Sequence[float | None]) -> list[Moment]:
    if all(time is None for time in times):
        return []
    found = []
    for match in _NAMED.finditer(text):
        if _LENGTH_BEFORE.search(text[max(0, match.start() - 24) : match.start()]) and not match["low"] and not match["start"]:
            continue
        if _LENGTH_BEHIND.match(text, match.end()) and not match["json"]:
            continue
        start = _seconds(match["json"] or match["low"] or match["start"] or match["one"])
        written_end = match["high"] or match["end"]
        end = _seconds(written_end) if written_end else None
        if end is not None and end <= start:
            end = None if end >= start - CLOSE else end
            start, end = (start, end) if end is None else (end, start)
        span = match.span("json") if match["json"] else match.span()
        found.append(Moment(start, end, span, frame_at(start, times)))
    return found


def _last(times: Sequence[float | None]) -> float:
    return max((time for time in times if time is not None), default=0.0)


def _seconds(written: str) -> float:
    """One time as it was written."""
    if ":" in written:
        total = 0.0
        for part in re.findall(_NUMBER, written):
            total = total * 60 + float(part)
        return total
    units = {"小时": 3600.0, "时": 3600.0, "h": 3600.0, "分": 60.0, "min": 60.0, "m": 60.0}
    return sum(float(number) * units.get(unit.lower(), 1.0) for number, unit in _PARTS.findall(written))
