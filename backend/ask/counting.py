"""Counts held against boxes: what a question has counted, the number that the answer states, and whether the two agree.

A number alone shows no evidence. So all that was counted is located as well, on the same picture, and where the number and
the boxes differ the answer says so; which of the two is wrong is for the reader to see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.ask import prompts
from backend.ask.parsing import FindingParser
from backend.ask.posing import Posed
from backend.language import _, ngettext
from backend.scene import Box

_ENGLISH = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_WORDS = {word: number for number, word in enumerate(_ENGLISH)} | {"no": 0, "none": 0, "dozen": 12}
_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_MEASURE = "个只张把辆本条位名件块台棵朵匹头根支双座栋架艘瓶盘杯颗扇盏幅人"
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.])(?P<figure>[0-9]{1,6})(?![.0-9]*[0-9])"
    rf"|\b(?P<word>{'|'.join(_WORDS)})\b(?! (?:of|by) )"
    rf"|(?P<tens>[一二两三四五六七八九]?十[一二三四五六七八九]?|[零一二两三四五六七八九])(?=[{_MEASURE}])"
    r"|(?P<none>没有)",
    re.IGNORECASE,
)
_STATING = re.compile(
    r"(?:\b(?:there (?:is|are|was|were)|count(?:ed)?|see|total(?: of)?|altogether|answer(?: is)?)|有|是)[ :：]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Counted:
    """The boxes of all that was counted."""

    boxes: tuple[Box, ...]
    whole: bool
    """The list of them ended by itself, and was not cut off."""


def sought(posed: Posed, parser: FindingParser) -> str:
    """The prompt that asks for the boxes of all that a question has counted; empty where there is nothing to ask: it counts
    nothing, what it counts cannot be told, the answer gave boxes itself, or there are several pictures to look in."""
    if parser.findings or len(posed.views) != 1:
        return ""
    typed = prompts.counted(posed.task, posed.question.text)
    return typed or prompts.counted(posed.task, posed.prompt)  # where only a name was typed


def number_in(text: str) -> int | None:
    """The number that an answer states in figures or words, English or Chinese; None where it states none, or several."""
    found = [(_value(match), match) for match in _NUMBER.finditer(text)]
    if len({value for value, __ in found}) > 1:
        found = [(value, match) for value, match in found if _STATING.search(text, 0, match.start())][:1]
    return found[0][0] if found else None


def compared(posed: Posed, parser: FindingParser, counted: Counted | None) -> tuple[str, ...]:
    """What a reader should know of a count beside its number, one sentence each."""
    if not posed.task.counted or parser.findings:
        return ()
    if len(posed.views) != 1:
        return (_("what was counted is located where there is one picture only"),)
    if counted is None:
        return (_("what was counted could not be told from the question, so that nothing was located"),)
    if not counted.whole:
        return (_("the list of what was counted was cut off after {boxes}").format(boxes=_boxes(len(counted.boxes))),)
    said, found = number_in(parser.text), len(counted.boxes)
    if said is None or said == found:
        return ()
    return (
        ngettext("the model said {said}, and {boxes} was found", "the model said {said}, and {boxes} were found", found).format(
            said=said, boxes=_boxes(found)
        ),
    )


def _boxes(number: int) -> str:
    return ngettext("{number} box", "{number} boxes", number).format(number=number)


def _value(match: re.Match[str]) -> int:
    if match["figure"]:
        return int(match["figure"])
    if match["word"]:
        return _WORDS[match["word"].lower()]
    if match["none"]:
        return 0
    before, ten, after = match["tens"].rpartition("十")
    if not ten:
        return _DIGITS[after]
    return (_DIGITS[before] if before else 1) * 10 + (_DIGITS[after] if after else 0)
