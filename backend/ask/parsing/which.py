"""Which picture a finding is in, where several were shown: its own word for it, else the last heading above it.

Models number pictures from 1, as they are shown them (“Picture 1: …”). They say it in the object (`"picture": 2`,
`"image": "Picture 2"`), once around several (`{"Picture 2": [ … ]}`), or in the prose above a list (“Image 2:”, “in the second
picture”, 图2, 第二张图). What an object says is its own: it is no heading for those that follow.
"""

from __future__ import annotations

import re
from typing import Any

from backend.ask.parsing.growing import GrowingText

KEYS = (
    *("picture", "image", "img", "photo", "picture_index", "image_index", "picture_id", "image_id", "img_id"),
    *("picture_number", "image_number"),
)
"""Under which an object says it."""

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_CHINESE = "一二三四五六七八九"
_VALUES = {word: at for words in (_WORDS, _ORDINALS, tuple(_CHINESE)) for at, word in enumerate(words, 1)} | {"两": 2}

_STATED = re.compile(
    rf"""
    \b(?:picture|image|photo|img|pic)s?(?:[ _-]?(?:number|index|id|no\.?))?["'*:=\# _-]{{0,6}}
        (?P<number>\d{{1,3}}|{"|".join(_WORDS)})\b(?!\.?\d)
    | \b(?P<ordinal>{"|".join(_ORDINALS)})[ ](?:picture|image|photo)\b
    | 图[片像]?[ ]?(?P<figure>\d{{1,3}}|[{_CHINESE}])
    | 第[ ]?(?P<nth>\d{{1,3}}|[{_CHINESE}])[ ]?[张幅]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d+)?")


class Headings:
    """Reads one answer from its beginning on; ask it about findings in their order."""

    def __init__(self, pictures: int) -> None:
        """`pictures`: how many were shown; of a number beyond them no notice is taken."""
        self._pictures = pictures
        self._read = 0
        """Offset up to which the text was looked at, or is a finding's own."""
        self._last: int | None = None

    def above(self, text: GrowingText, start: int) -> int | None:
        """The picture, counted from 0, that the text before offset `start` names last; None where it names none."""
        if start > self._read:
            named = named_last(text.part(self._read, start), self._pictures)
            self._last = self._last if named is None else named
            self._read = start
        return self._last

    def skip(self, end: int) -> None:
        """What stands before offset `end` belongs to a finding."""
        self._read = max(self._read, end)


def named_last(text: str, pictures: int) -> int | None:
    """The picture, counted from 0, that a text names last; None where it names none that was shown."""
    last: int | None = None
    for match in _STATED.finditer(text):
        last = _within(_value(match), pictures, last)
    return last


def own(value: dict[str, Any], pictures: int) -> int | None:
    """The picture, counted from 0, that an object says it is in; None where it says none, or one that was not shown."""
    for key in KEYS:
        said = value.get(key)
        if isinstance(said, bool) or not isinstance(said, str | int | float):
            continue
        number = _NUMBER.search(str(said))
        stated = int(float(number[0])) if number else _VALUES.get(str(said).split(" ")[0].casefold())
        if stated is None and (match := _STATED.search(str(said)[:200])):
            stated = _value(match)
        found = _within(stated, pictures, None)
        if found is not None:
            return found
    return None


def _value(match: re.Match[str]) -> int:
    said = next(group for group in match.groups() if group).casefold()
    return int(said) if said.isdigit() else _VALUES[said]


def _within(stated: int | None, pictures: int, otherwise: int | None) -> int | None:
    return stated - 1 if stated is not None and 1 <= stated <= pictures else otherwise
