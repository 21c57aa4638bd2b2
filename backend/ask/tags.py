"""The spatial words of an answer, in English and Chinese, with their places: for readers who look for the claim in the prose.

A word counts where it speaks of space: “the left edge”, but not “he left”; “在桌子上”, but not “上午”.
"""

from __future__ import annotations

import re

from backend.ask.emphasis import without_emphasis
from backend.scene import Tag

_SIDE = r"(?:of|side|edge|half|part|corner|hand|third|end|wall|foreground|background)\b"
_BEFORE_SIDE = "the|its|their|your|my|upper|lower|top|bottom|far|further|farther|more|centre|center"
_NO_SURFACE = r"(?:the |its |your |my |their )?(?:left|right|top|bottom|side|other|average|whole|one hand)\b"
"""What follows an “on” that says nothing of what lies on what."""


def _side(english: str, chinese: str) -> str:
    return (
        rf"(?<!\w)(?:(?:{_BEFORE_SIDE}) {english}\b|{english}(?= {_SIDE})|{english}most\b)"
        rf"|{chinese}(?:[上下]?[边侧面方角手]|(?=[上下]))"
    )


def _within(name: str, character: str, unless: str) -> str:
    """在…上 and 在…里, of which only the 在 is taken up, so that what lies between can be tagged as well."""
    return rf"在(?=[^，。；！？,.;!?\s]{{1,20}}?(?<![左右以])(?P<{name}>{character})(?![{unless}]))"


_WORDS = {
    "left": _side("left", "左"),
    "right": _side("right", "右"),
    "on": rf"\bon top of\b|\bon(?= (?!{_NO_SURFACE}))|" + _within("on", "上", "午方面边角下次述升班当"),
    "above": r"\babove\b|上[方面边]",
    "below": r"\b(?:below|beneath|under|underneath)\b|下[方面边]",
    "front": r"\bin front of\b|\bfront\b|前[方面边]|面前",
    "behind": r"\bbehind\b|后[方面边]|背后",
    "between": r"\bbetween\b|之间|中间",
    "near": r"\b(?:near|nearby|next to|beside|adjacent to|close to)\b|旁边?|附近|靠近",
    "inside": r"\b(?:inside|within)\b|里[面边]|内部|之内|" + _within("inside", "里", "程面边"),
}
_AHEAD = ("on", "inside")
_TAGGED = re.compile("|".join(f"(?P<{word}_>{pattern})" for word, pattern in _WORDS.items()), re.IGNORECASE)


def tagged(text: str) -> tuple[Tag, ...]:
    """The spatial words of `text`, in its order; spans are offsets in it."""
    tags: list[Tag] = []
    plain = without_emphasis(text)
    for match in _TAGGED.finditer(plain.text):
        word = next(word for word in _WORDS if match[f"{word}_"] is not None)
        start, end = match.span(word) if word in _AHEAD and match[word] is not None else match.span()
        if word in ("left", "right"):
            start += match[0].rfind(" ") + 1  # of “the left” and “further left” the last word
        start, end = plain.origin((start, end))
        tags.append(Tag(word, text[start:end], (start, end)))
    return tuple(sorted(tags, key=lambda tag: tag.span))
