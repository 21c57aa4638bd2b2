"""Which frame of a film a finding is in: models that were shown frames with their times name the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.ask.parsing.numbers import NUMBER
from backend.scene.moments import seconds

_TIME_KEYS = ("time", "timestamp", "time_stamp", "frame_time")
_APART = 1.0
"""Seconds from the nearest frame that a time may be off and still mean it."""


def frame_named(value: Mapping[str, Any], times: Sequence[float | None]) -> int | None:
    """The index of the picture whose time is nearest to the one that an object states; None where it states none, or where
    no picture is near."""
    known = [(time, index) for index, time in enumerate(times) if time is not None]
    said = next((value[key] for key in _TIME_KEYS if isinstance(value.get(key), str | int | float)), None)
    if not known or said is None or isinstance(said, bool):
        return None
    stated = float(said) if not isinstance(said, str) else _read(said)
    if stated is None:
        return None
    apart, index = min((abs(time - stated), index) for time, index in known)
    return index if apart <= _APART else None


def _read(said: str) -> float | None:
    whole = seconds(said.strip("<> "))
    number = NUMBER.search(said)
    return whole if whole is not None else float(number[0]) if number and ":" not in said else None
