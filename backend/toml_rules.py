"""Rules for settings files: what a value must be, as data.

A slip of the pen in a settings file must never be silently ignored: an unknown key, a wrong type and a number out of
range are each an error that names file, table and key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import NoReturn, Protocol

from backend.errors import CatalogError, SightlineError
from backend.language import N_, _
from backend.sanitise import one_line, quoted


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in which file a value stands, for messages."""

    file: Path
    table: str
    key: str = ""
    error: type[SightlineError] = CatalogError
    """What a refusal raises."""

    def refuse(self, what: str, cure: str = "") -> NoReturn:
        key = _(", key “{key}”").format(key=one_line(self.key, 60)) if self.key else ""
        where = _("{file}, table [{table}]{key}").format(file=quoted(self.file), table=one_line(self.table, 80), key=key)
        raise self.error(f"{where}: {what}", cure=cure or _("correct it in that file"))

    def inside(self, key: str) -> Spot:
        """The spot of `key` in this spot's table."""
        return replace(self, key=f"{self.key}.{key}" if self.key else key)


@dataclass(frozen=True, slots=True)
class Text:
    pattern: str = r"[^\x00-\x1f\x7f]*"
    what: str = N_("text on one line, without control characters")
    shown: bool = True
    """Whether a message may quote it; not where somebody may have put a password by mistake."""

    def check(self, value: object, spot: Spot) -> None:
        if not isinstance(value, str):
            spot.refuse(_("{value} is not text; write it in quotes").format(value=_shown(value)))
        if not re.fullmatch(self.pattern, value):
            spot.refuse(_("{value} is not {what}").format(value=_shown(value) if self.shown else _("this"), what=_(self.what)))


@dataclass(frozen=True, slots=True)
class Flag:
    def check(self, value: object, spot: Spot) -> None:
        if not isinstance(value, bool):
            spot.refuse(_("{value} is neither true nor false").format(value=_shown(value)))


@dataclass(frozen=True, slots=True)
class Number:
    least: float
    most: float
    whole: bool = True
    above: bool = False
    """The value must be larger than `least`, not equal to it."""

    def check(self, value: object, spot: Spot) -> None:
        kind = "a whole number" if self.whole else "a number"
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            spot.refuse(_("{value} is not {kind}").format(value=_shown(value), kind=kind))
        low = value <= self.least if self.above else value < self.least
        if low or value > self.most or not isfinite(value):
            begin = f"above {self.least:g}, at most" if self.above else f"between {self.least:,g} and"
            spot.refuse(_("{value:,} is not {begin} {most:,.12g}").format(value=value, begin=begin, most=self.most))


@dataclass(frozen=True, slots=True)
class Channels:
    """One number for each of red, green and blue."""

    each: Number

    def check(self, value: object, spot: Spot) -> None:
        if not isinstance(value, list) or len(value) != 3:
            spot.refuse(
                _("{value} is not three numbers, for red, green and blue; write [0.5, 0.5, 0.5]").format(value=_shown(value))
            )
        for number in value:
            self.each.check(number, spot)


@dataclass(frozen=True, slots=True)
class Table:
    rules: Mapping[str, Rule]

    def check(self, value: object, spot: Spot) -> None:
        for key, inner in table_of(value, spot).items():
            rule = self.rules.get(key)
            if rule is None:
                unknown(key, self.rules, spot.inside(key))
            rule.check(inner, spot.inside(key))


class Rule(Protocol):
    """What a value must be."""

    def check(self, value: object, spot: Spot) -> None:
        """Refuse at `spot` what it is not."""


def unknown(key: str, known: Mapping[str, object], spot: Spot) -> NoReturn:
    """Refuse a key, with the nearest one that exists."""
    close = get_close_matches(key, known, n=1)
    spot.refuse(
        _("this key is unknown"),
        cure=_("did you mean “{close}”?").format(close=close[0])
        if close
        else _("known here: {known}").format(known=", ".join(known)),
    )


def table_of(value: object, spot: Spot) -> Mapping[str, object]:
    """The value as a table; refuses anything else."""
    if not isinstance(value, dict):
        spot.refuse(_("{value} is not a table; write {{ … }}").format(value=_shown(value)))
    return value


def _shown(value: object) -> str:
    return f"“{one_line(str(value), 60)}”"
